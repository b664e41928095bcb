/**
 * How long an alarm's periods last here. The one place that shortens them: a drill of four minutes may let 60 s count as
 * 5 s (scale 5/60), says so in its report, and every period, evaluation and range of every alarm follows.
 */
export type PeriodScale = {
  readonly scale: number;
  /** The real length of a period that the alarm gives as `periodSeconds`. */
  periodMs(periodSeconds: number): number;
  /** The next moment after `nowMs` at which some alarm may be evaluated. */
  nextTickMs(nowMs: number): number;
  /** Whether an alarm of this period is evaluated at a tick: every 10 s below one minute, else at each full minute. */
  isDue(periodSeconds: number, tickMs: number): boolean;
};

const tickSeconds = 10;

/** @throws RangeError unless 0 < scale <= 1 */
export function createPeriodScale(scale = 1): PeriodScale {
  if (!(scale > 0 && scale <= 1)) throw new RangeError(`a period scale must be above 0 and at most 1, not ${scale}`);
  const tickMs = tickSeconds * 1000 * scale;
  return {
    scale,
    periodMs: (periodSeconds) => periodSeconds * 1000 * scale,
    nextTickMs: (nowMs) => {
      const next = (Math.floor(nowMs / tickMs) + 1) * tickMs;
      // A tick that is no whole number can round to the moment it follows.
      return next > nowMs ? next : next + tickMs;
    },
    isDue: (periodSeconds, atMs) => periodSeconds < 60 || Math.round(atMs / tickMs) % (60 / tickSeconds) === 0,
  };
}
