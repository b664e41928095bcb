import { clockSkewMs, isAhead, isWithin } from '../../core/clocks.ts';
import { hourMs } from '../../core/units.ts';
import { type Stop, stopOf } from './questions.ts';

/** One cause's place in the budget. `atMs` is the last time that it was about to act. */
type Reservation = { readonly procedure: string; readonly cause: string; readonly atMs: number };

/**
 * What `budget/<clusterKey>.json` holds: who was about to act within the last hour, of every procedure (I11).
 *
 * @property heldFromMs the document before could not be read or believed then: for an hour nobody knows who acted, so nobody
 *   acts
 */
export type BudgetDocument = {
  readonly version: 1;
  readonly reservations: readonly Reservation[];
  readonly heldFromMs?: number;
};

/**
 * An act comes up to a minute after its reservation (`freshMs`), and two runs' clocks differ by less than a minute: so
 * long a reservation counts beyond its hour, and no hour sees more acts than the budget has.
 */
const countedMs = hourMs + clockSkewMs;

/** What stands in the place of a budget that could not be read: everything that it may have held lasts an hour at most. */
export const heldBudget = (nowMs: number): BudgetDocument => ({ version: 1, reservations: [], heldFromMs: nowMs });

/** Nobody acts while the hour of which nobody knows is not over. */
export const stopHeld = (heldFromMs: number): Stop => {
  const retryAtMs = heldFromMs + countedMs;
  const [since, until] = [heldFromMs, retryAtMs].map((atMs) => new Date(atMs).toISOString());
  return stopOf(
    'budget-unknown',
    `The action budget (budget/<cluster>.json in the bucket) could not be read at ${since}, or named times that were still to come, and was set aside (budget/<cluster>/unreadable/, or the object's version before), so nobody knows what acted in the hour before: nothing acts until ${until}. Look who wrote it.`,
    retryAtMs,
  );
};

/**
 * A place in the budget for one cause. A repeat has its place already and moves it to now, so that it does not count
 * twice; old ones are dropped. A place is not given back when the act is stopped later: another run of the same cause may
 * be using it. Of times that are still to come nobody knows what they stand for: neither spent nor free, but held from now.
 *
 * @param document undefined where nothing has acted yet
 * @returns the document to write, and with `stop` what to say once it is written
 */
export const planReservation = (
  document: BudgetDocument | undefined,
  { procedure, cause }: { readonly procedure: string; readonly cause: string },
  actsPerHour: number,
  nowMs: number,
): { readonly document: BudgetDocument; readonly stop?: Stop } | Stop => {
  const { reservations = [], heldFromMs } = document ?? {};
  const times = [...reservations.map(({ atMs }) => atMs), heldFromMs ?? nowMs];
  if (times.some((atMs) => isAhead(atMs, nowMs))) return { document: heldBudget(nowMs), stop: stopHeld(nowMs) };
  if (heldFromMs !== undefined && isWithin(heldFromMs, countedMs, nowMs)) return stopHeld(heldFromMs);
  const others = reservations.filter(
    (other) => isWithin(other.atMs, countedMs, nowMs) && (other.procedure !== procedure || other.cause !== cause),
  );
  if (others.length < actsPerHour) {
    return { document: { version: 1, reservations: [...others, { procedure, cause, atMs: nowMs }] } };
  }
  if (actsPerHour === 0) {
    return stopOf('budget', 'The action budget is 0: set actionBudget.actsPerHour in mskeeper.yml and deploy.');
  }
  // So many must fall out until one place is free; more than one where the budget was made smaller meanwhile.
  const leaving = others.toSorted((left, right) => left.atMs - right.atMs)[others.length - actsPerHour];
  const retryAtMs = (leaving?.atMs ?? nowMs) + countedMs;
  const what = `The action budget is used up: ${others.length} of ${actsPerHour} acts within the hour`;
  const when = new Date(retryAtMs).toISOString();
  return stopOf('budget', `${what}; the next is possible at ${when}, or raise actionBudget.actsPerHour.`, retryAtMs);
};
