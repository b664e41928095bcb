import type { BackOff } from './durable.ts';
import { wholeSeconds } from './retry.ts';

/** What a poll keeps between its looks, as plain JSON. */
export type PollState<Value, Problem> = {
  readonly firstLookAtMs: number | null;
  readonly lookedAtMs: number;
  /** Boxed, since a value may be null. Absent until a look gave one. */
  readonly seen?: { readonly value: Value };
  readonly isDone: boolean;
  /** Why the newest look gave no news. */
  readonly problem?: Problem;
};

export const firstPollState: PollState<never, never> = { firstLookAtMs: null, lookedAtMs: 0, isDone: false };

/** The state after a look that gave a value. */
export const afterLook = <Value, Problem>(
  before: PollState<Value, Problem>,
  look: { readonly value: Value; readonly isDone: boolean },
  atMs: number,
): PollState<Value, Problem> => ({
  firstLookAtMs: before.firstLookAtMs ?? atMs,
  lookedAtMs: atMs,
  seen: { value: look.value },
  isDone: look.isDone,
});

/** The state after a look that failed and may pass. */
export const afterProblem = <Value, Problem>(
  before: PollState<Value, Problem>,
  problem: Problem,
  atMs: number,
): PollState<Value, Problem> => ({
  ...before,
  firstLookAtMs: before.firstLookAtMs ?? atMs,
  lookedAtMs: atMs,
  problem,
});

/** The pause after the look of that number, in whole seconds. */
const pauseSecondsAfter = (attempt: number, { firstMs, factor, longestMs }: BackOff): number =>
  wholeSeconds(Math.min(longestMs, firstMs * factor ** (attempt - 1)));

/**
 * The pause before the next look, in whole seconds; undefined where there is none: it is done, or the next look would be
 * later than `maxMs` after the first.
 *
 * @param attempt the look that ended, from 1
 */
export function planPauseSeconds(
  state: PollState<unknown, unknown>,
  attempt: number,
  backOff: BackOff,
): number | undefined {
  if (state.isDone) return undefined;
  const { maxMs } = backOff;
  const seconds = pauseSecondsAfter(attempt, backOff);
  // So long it waited at least, whatever the clock said at its first look.
  let waitedMs = 0;
  for (let before = 1; before < attempt; before += 1) waitedMs += pauseSecondsAfter(before, backOff) * 1_000;
  const spentMs = Math.max(waitedMs, state.lookedAtMs - (state.firstLookAtMs ?? state.lookedAtMs));
  return spentMs + seconds * 1_000 > maxMs ? undefined : seconds;
}
