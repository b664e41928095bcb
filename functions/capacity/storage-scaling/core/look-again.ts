import { isAhead, isWithin } from '../../../../shared/core/clocks.ts';
import { dayMs, minuteMs } from '../../../../shared/core/units.ts';
import type { StorageScalingResult } from './model.ts';

/** How the newest run stands, as Lambda and its own result say. `outcome` is absent of one that ended badly. */
export type LastRun = {
  readonly isRunning: boolean;
  readonly endedAtMs?: number;
  readonly outcome?: StorageScalingResult['outcome'];
};

/** A look that nobody hears costs little: at each hour's wake-up. */
const quietPauseMs = 30 * minuteMs;

/** Their second look says nothing that people heard already: it is for what changed meanwhile. */
const quietOutcomes: readonly StorageScalingResult['outcome'][] = ['nothing-to-do', 'refused'];

/** Whether a run that ended so is soon looked after once more, of which people hear only what is new. */
export const isRepeatedQuietly = (outcome: StorageScalingResult['outcome']): boolean => quietOutcomes.includes(outcome);

/**
 * When an alarm that stays in ALARM may open another episode. One that changed after the last run ended has woken nobody
 * yet: at once. After a run that found nothing to do or must not act, soon: the disk goes on filling. After one that asked a
 * person, said what it would do, or ended badly, which paged: once a day. A time that is still to come says nothing.
 *
 * @param changesAtMs when each alarm in ALARM changed, as far as CloudWatch says
 * @returns undefined while a run is under way
 */
export function lookAgainAtMs(
  last: LastRun | undefined,
  changesAtMs: readonly number[],
  nowMs: number,
): number | undefined {
  if (last === undefined) return 0;
  if (last.isRunning) return undefined;
  const { endedAtMs, outcome } = last;
  if (endedAtMs === undefined || isAhead(endedAtMs, nowMs)) return 0;
  if (changesAtMs.some((atMs) => atMs > endedAtMs && !isAhead(atMs, nowMs))) return 0;
  // It looked at nothing, and the deploy that it met is through in minutes.
  if (outcome === 'other-configuration') return endedAtMs + quietPauseMs;
  return endedAtMs + (outcome !== undefined && isRepeatedQuietly(outcome) ? quietPauseMs : dayMs);
}

/** Whether what people heard of a run before is not said again, for a day since they did. */
export const isStillQuiet = (sinceMs: number, nowMs: number): boolean => isWithin(sinceMs, dayMs, nowMs);

/**
 * Whether an alarm's event may open an episode that counts as proven: CloudWatch says that it went into ALARM after
 * everything that an episode was opened for, and after the last run's end. The event itself is anybody's, and an alarm that
 * stays in ALARM would else prove each one that somebody writes: a transition proves once. What is not known, or lies ahead
 * of our clock, proves nothing.
 *
 * @param openedAtMs of the newest episode, as its document says; absent where there is none
 */
export const isNewTransition = (
  changedAtMs: number | undefined,
  before: {
    readonly openedAtMs: number | undefined;
    readonly last: Pick<LastRun, 'isRunning' | 'endedAtMs'> | undefined;
  },
  nowMs: number,
): boolean => {
  const { openedAtMs, last } = before;
  if (changedAtMs === undefined || isAhead(changedAtMs, nowMs)) return false;
  if (openedAtMs !== undefined && changedAtMs <= openedAtMs) return false;
  if (last === undefined || last.isRunning) return true;
  return last.endedAtMs !== undefined && changedAtMs > last.endedAtMs;
};
