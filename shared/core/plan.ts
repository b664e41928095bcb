/** The numbers behind a plan, units in the keys: `usedPercent`, `hoursToFull`. */
export type Evidence = Readonly<Record<string, number | string | boolean>>;

/** Why a plan is what it is: `reason` is kebab-case and a closed set per procedure, `message` one sentence for people. */
type Because = { readonly reason: string; readonly message: string; readonly evidence: Evidence };

/** Nothing is to be done: the cause is gone, or never was. */
export type NoActPlan = Because & { readonly action: 'none' };

/** Something is to be done, and not now. Nothing has to change for it but time or somebody else's work. */
export type HoldPlan = Because & {
  readonly action: 'hold';
  /** When to look again at the earliest; what is looked at then decides, not this. */
  readonly lookAgainAtMs: number;
};

/** It must not be done by us, and waiting does not change that: a person has to. */
export type RefusePlan = Because & { readonly action: 'refuse' };

/**
 * What a core decides that may change something: one of the acts that its procedure knows, or why none. What is not
 * known for certain is a hold or a refusal, never an act.
 */
export type Plan<Act extends { readonly action: string }> = (Act & Because) | NoActPlan | HoldPlan | RefusePlan;
