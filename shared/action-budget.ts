/** One cause's place in the budget. `atMs` is the last time that it was about to act. */
type Reservation = { readonly cause: string; readonly procedure: string; readonly atMs: number };

/** What `budget/<clusterKey>.json` holds: the acts of the last hour, by every procedure of the cluster (I11). */
export type BudgetDocument = { readonly version: 1; readonly reservations: readonly Reservation[] };
