import { DependencyError, type DependencyFailure } from '../core/errors.ts';

/** Failures that pass by themselves. `denied` or `bad-answer` will be the same in a minute. */
const passing: readonly DependencyFailure[] = ['throttled', 'timed-out', 'unreachable', 'failed'];

export const isPassing = (error: unknown): error is DependencyError =>
  error instanceof DependencyError && passing.includes(error.failure);

/** Pauses before the second to the fifth try: two and a half minutes, beyond the three tries of each SDK call itself. */
const pausesMs: readonly number[] = [2_000, 8_000, 30_000, 120_000];

/** A step that Lambda's deadline cuts off begins anew in an invocation of its own; twenty times is no accident any more. */
const mostCutOffs = 20;
const longestCutOffPauseMs = 60_000;

/**
 * Whether a step is tried again. Pure: it is asked only where a try just ended, never at a replay.
 *
 * @param attempt the try that ended, from 1
 * @param isCutOff the invocation's deadline ended it, so the step itself has not failed
 * @returns the pause before the next try, or undefined for none
 */
export function planRetryPauseMs(error: unknown, attempt: number, isCutOff: boolean): number | undefined {
  if (isCutOff) {
    return attempt < mostCutOffs ? Math.min(longestCutOffPauseMs, 1_000 * 2 ** (attempt - 1)) : undefined;
  }
  return isPassing(error) ? pausesMs[attempt - 1] : undefined;
}

/** The SDK counts in whole seconds; a pause is never cut short. */
export const wholeSeconds = (durationMs: number): number => Math.max(1, Math.ceil(durationMs / 1_000));
