/**
 * How long an alarm's periods last here. The one place that shortens them: a drill of four minutes may let 60 s count as
 * 5 s (scale 5/60), says so in its report, and every period, evaluation and range of every alarm follows.
 */
export type PeriodScale = {
  readonly scale: number;
  /** The real length of a period that the alarm gives as `periodSeconds`. */
  periodMs(periodSeconds: number): number;
  /** The next full minute (or ten seconds) after `nowMs`, in the shortened time. */
  nextTickMs(nowMs: number, cadenceSeconds: Cadence): number;
};

/** How often an alarm is evaluated: every ten seconds where its period is shorter than a minute, else every minute. */
export type Cadence = (typeof cadencesSeconds)[number];
export const cadencesSeconds = [10, 60] as const;

export function cadenceSecondsOf(periodSeconds: number): Cadence {
  return periodSeconds < 60 ? 10 : 60;
}

/** @throws RangeError unless 0 < scale <= 1 */
export function createPeriodScale(scale = 1): PeriodScale {
  if (!(scale > 0 && scale <= 1)) throw new RangeError(`a period scale must be above 0 and at most 1, not ${scale}`);
  return {
    scale,
    periodMs: (periodSeconds) => periodSeconds * 1000 * scale,
    nextTickMs: (nowMs, cadenceSeconds) => {
      const tickMs = cadenceSeconds * 1000 * scale;
      const next = (Math.floor(nowMs / tickMs) + 1) * tickMs;
      // A tick that is no whole number can round to the moment it follows.
      return next > nowMs ? next : next + tickMs;
    },
  };
}
