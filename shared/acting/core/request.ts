import type { ActingProcedure } from '../../core/configuration.ts';
import type { Evidence } from '../../core/plan.ts';
import type { Intent } from '../../core/receipt.ts';

/** Why nothing was done. Each is said in one sentence beside it: what was wrong, and what to do. */
export const stopReasons = [
  'mode-off',
  'kill-switch',
  'kill-switch-unknown',
  'cluster-claim',
  'budget',
  'budget-unknown',
  'window',
  'not-told',
  'state-moved',
  'state-unknown',
  'api-refused',
  'outcome-unknown',
  'audit-unknown',
  'not-approved',
] as const;
export type StopReason = (typeof stopReasons)[number];

/** What a call asks for, by its own words: `{ toGiB: 600 }`, `{ brokerId: 2 }`. */
export type Target = Readonly<Record<string, number | string | boolean>>;

/** One person's decision: the ARN that STS gave, at the time of the run that got it, over what was asked and said. */
export type Decision = {
  readonly by: string;
  readonly atMs: number;
  readonly comment?: string;
  readonly digest?: string;
  /** Absent on records from before it was proven. */
  readonly isProven?: boolean;
};

/** Who let it happen or refused it, the last word first; `earlier` are those whose yes was needed as well. */
export type Approval = Decision & {
  /** Present for a no. */
  readonly isRefused?: true;
  readonly earlier?: readonly Decision[];
};

/** An answer that was neither a yes nor a no: why, whose it was where STS said so, and when the run had asked for it. */
export type VoidAnswer = { readonly because: string; readonly by?: string; readonly askedAtMs: number };

/** What the tries of a cause set out to do, as the audit record keeps it: judge the truth by this, not by a newer plan. */
export type Intended = {
  readonly plan: ActRequest<unknown, unknown>['plan'];
  readonly target: Target;
  readonly plannedState: unknown;
  readonly plannedAtMs: number;
  /** When the first of them was about to call, by its own clock. */
  readonly firstTryAtMs: number;
};

/** Did the act happen? `absent` only where the truth was read and shows that it did not. */
export type Effect<Outcome> =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly message: string };

/**
 * One act that somebody planned, as the door wants it told. State and Outcome are plain JSON (no bigint, no Date): they
 * are kept, compared and given back.
 *
 * @property cause `[a-z0-9-]+`, at most 128 characters. There is at most one accepted call for it, ever: what shall be
 *   tried again after an `api-refused`, a `would-act` or an act needs a cause of its own, so number it
 * @property plan for people: nothing is decided by its words or its evidence
 * @property target with another one a plan is another plan, which no try of this one lets through
 * @property plannedState what the plan was made from, with the version that the call names
 * @property fetchState reads the same again; compared with `plannedState` as canonical JSON
 * @property isDisruptive waits for an open maintenance window (M3)
 * @property call the one call, sent once: the client that it uses must not retry by itself (`maxAttempts: 1`)
 * @property fetchEffect the truth, asked when an earlier try left an intent without an end, when a call's answer was
 *   lost, and when the API refused: did this act happen?
 * @property isLocked the call carries an optimistic lock or token, so that a repeat after `absent` cannot act twice
 * @property approval who let it happen or refused it, where the policy wants a person for it
 * @property isNotApproved people did not let it happen, by a no or by none who may: nothing is called, and the record keeps
 *   who said what
 * @property voidAnswers what people were asked before and answered in vain
 */
export type ActRequest<State, Outcome> = {
  readonly procedure: ActingProcedure;
  readonly cause: string;
  readonly plan: {
    readonly action: string;
    readonly reason: string;
    readonly message: string;
    readonly evidence: Evidence;
  };
  readonly target: Target;
  readonly plannedAtMs: number;
  readonly plannedState: State;
  readonly fetchState: () => Promise<State>;
  readonly isDisruptive: boolean;
  readonly call: () => Promise<{ readonly outcome: Outcome; readonly requestId: string }>;
  readonly fetchEffect: (intended: Intended) => Promise<Effect<Outcome>>;
  readonly isLocked: boolean;
  readonly approval?: Approval;
  readonly isNotApproved?: true;
  readonly voidAnswers?: readonly VoidAnswer[];
};

/**
 * What became of it.
 *
 * `acted`: the API accepted this run's call. `adopted`: an earlier or a concurrent try's call did it. `would-act`: mode
 * `plan`. `stopped`: no call of this cause is known to have been accepted; `retryAtMs` where a better time to ask again
 * is known, `refusal` what an `api-refused` means, as the call's error told it, `awaits` of which people were asked to hear and no
 * receipt is there yet: ask again with the same request once one is. After `outcome-unknown` and `audit-unknown` a call may have been accepted: ask again with the same request.
 * `api-refused` and `would-act` are for ever: the same cause gets the same answer.
 */
export type ActDecision<Outcome> =
  | { readonly decision: 'acted' | 'adopted'; readonly outcome: Outcome; readonly requestId?: string }
  | { readonly decision: 'would-act' }
  | {
      readonly decision: 'stopped';
      readonly reason: StopReason;
      readonly message: string;
      readonly retryAtMs?: number;
      readonly refusal?: string;
      readonly awaits?: Intent;
    };
