import { canonicalJson } from '../../core/canonical-json.ts';
import type { ActingProcedure } from '../../core/configuration.ts';
import { quietAfterMs, type Stop, stopOf } from './questions.ts';
import type { ActDecision, ActRequest, Intended, StopReason } from './request.ts';

/**
 * One run that was about to call. `withdrawn` says that it did not, and never will.
 *
 * @property seenState the state as it was read for this try; equal to the planned one
 */
export type Try = {
  readonly id: string;
  readonly execution: string;
  readonly atMs: number;
  readonly seenState: unknown;
  readonly withdrawn?: { readonly atMs: number; readonly reason: StopReason; readonly message: string };
};

/** How it ended, as a run of that `id` saw it. Nothing is called for the cause after it. */
export type End = { readonly id: string; readonly atMs: number; readonly execution: string } & (
  | { readonly decision: 'acted' | 'adopted'; readonly outcome: unknown; readonly requestId?: string }
  | { readonly decision: 'would-act' }
  | { readonly decision: 'stopped'; readonly reason: StopReason; readonly message: string; readonly requestId?: string }
);

/** What the audit keeps of one cause (I12): what was planned, who tried, how it ended. Without `end`: under way, or cut off. */
export type ActRecord = {
  readonly version: 1;
  readonly cluster: string;
  readonly procedure: ActingProcedure;
  readonly cause: string;
  readonly mode: 'plan' | 'act';
  readonly plan: ActRequest<unknown, unknown>['plan'];
  readonly plannedAtMs: number;
  readonly plannedState: unknown;
  readonly isDisruptive: boolean;
  readonly isLocked: boolean;
  readonly approval?: { readonly by: string; readonly atMs: number };
  readonly tries: readonly Try[];
  readonly end?: End;
};

/** What a request says about itself, as the record keeps it. */
export type Described = Omit<ActRecord, 'version' | 'cluster' | 'mode' | 'tries' | 'end'>;

/** The tries that may have called: all that are not withdrawn. */
const liveTries = ({ tries }: ActRecord): readonly Try[] => tries.filter(({ withdrawn }) => withdrawn === undefined);

/** When the last try that may have called is so old that nothing of it can be under way; undefined where there is none. */
const quietAtMs = (record: ActRecord): number | undefined => {
  const times = liveTries(record).map(({ atMs }) => atMs);
  return times.length === 0 ? undefined : Math.max(...times) + quietAfterMs;
};

/** Whether a try may have called, so that only the truth can tell. */
export const hasLiveTry = (record: ActRecord | undefined): record is ActRecord =>
  record !== undefined && liveTries(record).length > 0;

/** What the tries that may have called set out to do. */
export const intendedOf = (record: ActRecord): Intended => {
  const { plan, plannedState, plannedAtMs } = record;
  return { plan, plannedState, plannedAtMs, firstTryAtMs: Math.min(...liveTries(record).map(({ atMs }) => atMs)) };
};

/** Whether a call of another run may still be under way. */
export const isStirring = (record: ActRecord, ownTryId: string | undefined, nowMs: number): boolean =>
  liveTries(record).some(({ id, atMs }) => id !== ownTryId && nowMs < atMs + quietAfterMs);

/** Whether a run has come to a record since it was read. */
export const hasNewTry = (record: ActRecord, before: ActRecord): boolean =>
  record.tries.some(({ id }) => before.tries.every((known) => known.id !== id));

/** The stop of a cause whose earlier try may have called, while the truth shows nothing of it yet. */
export const stopStirring = (record: ActRecord, what: string): Stop => {
  const message = `${what}, and a call of an earlier try may still be under way: ask again with the same request.`;
  return stopOf('outcome-unknown', message, quietAtMs(record));
};

/**
 * Whether a request may go on where an earlier try left no effect: it must be the same plan, and either locked, or so
 * late that nothing of the earlier try can be under way.
 *
 * @param described with its values as the store gives them back: redacted
 * @returns `end` where the record must be closed: nothing came of its plan, and this is another
 */
export const evaluateRepeat = (
  record: ActRecord,
  described: Described,
  nowMs: number,
): { readonly repeat: 'allowed' } | { readonly repeat: 'stopped' | 'end'; readonly stop: Stop } => {
  const isQuiet = !isStirring(record, undefined, nowMs);
  if (!isSamePlan(record, described)) {
    if (!isQuiet) return { repeat: 'stopped', stop: stopStirring(record, 'The cause was tried with another plan') };
    const message = 'The cause was tried with another plan, which came to nothing: plan anew under a new cause.';
    return { repeat: 'end', stop: stopOf('state-moved', message) };
  }
  if (described.isLocked || isQuiet) return { repeat: 'allowed' };
  return { repeat: 'stopped', stop: stopStirring(record, 'The call has no lock, its effect is not to be seen') };
};

const isSamePlan = (record: ActRecord, described: Described): boolean => {
  const [left, right] = [record, described].map(({ plan, plannedState, isLocked }) =>
    canonicalJson({ action: plan.action, evidence: plan.evidence, plannedState, isLocked }),
  );
  return left !== undefined && left === right;
};

const rankByDecision = { acted: 2, adopted: 1, 'would-act': 0, stopped: 0 } as const;

/** Whether the act happened, by this run's call or another's. */
export const hasHappened = ({ decision }: End): boolean => rankByDecision[decision] > 0;

/** Whether a new end replaces the one that is there: an accepted call's own answer is nearer to the truth than a look. */
export const isNearerToTheTruth = (end: End, other: End | undefined): boolean =>
  other === undefined || rankByDecision[end.decision] > rankByDecision[other.decision];

/** The decision that an end stands for, once more. */
export const decisionOf = (end: End): ActDecision<unknown> => {
  switch (end.decision) {
    case 'acted':
    case 'adopted': {
      const { decision, outcome, requestId } = end;
      return { decision, outcome, ...(requestId !== undefined && { requestId }) };
    }
    case 'would-act':
      return { decision: 'would-act' };
    case 'stopped':
      return stopOf(end.reason, end.message);
    default:
      return end satisfies never;
  }
};
