import { isAhead } from '../../../../shared/core/clocks.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import { secondMs } from '../../../../shared/core/units.ts';
import { type HealthState, isUnjudged } from './memory.ts';

/** A run lives no longer (its Lambda's timeout): a memory from further ahead was written by a clock that is wrong. */
const mostAheadMs = 120 * secondMs;

/** Whether it was seen by a look that began after this one, and was done before it. */
export const isSeenLater = (atMs: number, nowMs: number): boolean => atMs > nowMs && atMs - nowMs <= mostAheadMs;

/** The checks that a later look has judged already: of two runs at once the newer look's word stands. */
export const findOvertaken = (previous: HealthState | undefined, nowMs: number): ReadonlySet<string> =>
  new Set(
    Object.entries(previous?.judgedAtMsByCheck ?? {}).flatMap(([check, atMs]) =>
      isSeenLater(atMs, nowMs) ? [check] : [],
    ),
  );

/**
 * When each check was judged last, for a look that began before this one and ends after it. A check of which nothing was
 * found but unknowns was not judged.
 *
 * @param findings without those of checks that were overtaken
 */
export const planJudgedTimes = (
  findings: readonly Finding[],
  previous: HealthState | undefined,
  nowMs: number,
): HealthState['judgedAtMsByCheck'] => ({
  ...previous?.judgedAtMsByCheck,
  ...Object.fromEntries(findings.flatMap((one) => (isUnjudged(one) ? [] : [[one.check, nowMs] as const]))),
});

/**
 * When each check was judged last of every subject; a time that is still to come proves nothing over.
 *
 * @param judgedChecks those of this look, but for overtaken ones
 */
export const planWholeTimes = (
  judgedChecks: readonly string[],
  previous: HealthState | undefined,
  nowMs: number,
): HealthState['judgedWholeAtMsByCheck'] => ({
  ...Object.fromEntries(
    Object.entries(previous?.judgedWholeAtMsByCheck ?? {}).filter(([, atMs]) => !isAhead(atMs, nowMs)),
  ),
  ...Object.fromEntries(judgedChecks.map((check) => [check, nowMs])),
});
