import { canonicalJson } from '../../core/canonical-json.ts';
import { clockSkewMs } from '../../core/clocks.ts';
import { quietAfterMs, type Stop, stopOf } from './questions.ts';
import type { ActRecord, Described, Try } from './record.ts';
import type { Intended } from './request.ts';

/** The tries that may have called: all that are not withdrawn. */
const liveTries = ({ tries }: ActRecord): readonly Try[] => tries.filter(({ withdrawn }) => withdrawn === undefined);

/** When the last try that may have called is so old that nothing of it can be under way; undefined where there is none. */
const quietAtMs = (record: ActRecord, nowMs: number): number | undefined => {
  // Nothing was tried later than now: what says so is asked about again all the same.
  const times = liveTries(record).map(({ atMs }) => Math.min(atMs, nowMs + clockSkewMs));
  return times.length === 0 ? undefined : Math.max(...times) + quietAfterMs;
};

/** Whether a try may have called, so that only the truth can tell. */
export const hasLiveTry = (record: ActRecord | undefined): record is ActRecord =>
  record !== undefined && liveTries(record).length > 0;

/** What the tries that may have called set out to do. */
export const intendedOf = (record: ActRecord): Intended => {
  const { plan, target, plannedState, plannedAtMs } = record;
  return {
    plan,
    target,
    plannedState,
    plannedAtMs,
    firstTryAtMs: Math.min(...liveTries(record).map(({ atMs }) => atMs)),
  };
};

/** Whether a call of another run may still be under way. */
export const isStirring = (record: ActRecord, ownTryId: string | undefined, nowMs: number): boolean =>
  liveTries(record).some(({ id, atMs }) => id !== ownTryId && nowMs < atMs + quietAfterMs);

/** Whether a run has come to a record since it was read. */
export const hasNewTry = (record: ActRecord, before: ActRecord): boolean =>
  record.tries.some(({ id }) => before.tries.every((known) => known.id !== id));

/** The stop of a cause whose earlier try may have called, while the truth shows nothing of it yet. */
export const stopStirring = (record: ActRecord, what: string, nowMs: number): Stop => {
  const message = `${what}, and a call of an earlier try may still be under way: ask again with the same request.`;
  return stopOf('outcome-unknown', message, quietAtMs(record, nowMs));
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
    if (!isQuiet)
      return { repeat: 'stopped', stop: stopStirring(record, 'The cause was tried with another plan', nowMs) };
    const message = 'The cause was tried with another plan, which came to nothing: plan anew under a new cause.';
    return { repeat: 'end', stop: stopOf('state-moved', message) };
  }
  if (described.isLocked || isQuiet) return { repeat: 'allowed' };
  return { repeat: 'stopped', stop: stopStirring(record, 'The call has no lock, its effect is not to be seen', nowMs) };
};

const isSamePlan = (record: ActRecord, described: Described): boolean => {
  const [left, right] = [record, described].map(({ plan, target, plannedState, isLocked }) =>
    canonicalJson({ action: plan.action, target, plannedState, isLocked }),
  );
  return left !== undefined && left === right;
};
