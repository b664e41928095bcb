import type { Sample } from '../../../../shared/core/policy.ts';
import { hourMs, minuteMs } from '../../../../shared/core/units.ts';

/** A rise is measured from a point one hour back; where that minute has no point, up to so much earlier. */
const gapMs = 15 * minuteMs;
/** Less than a quarter of a day says nothing about a day: there, growth is unknown. */
const leastHistoryMs = 6 * hourMs;
const percentile = 95;
/** A fall of more than this is retention at work or a larger volume: the pace is measured from there on. */
const fallPercentPoints = 1;
const leastPaceMs = 2 * minuteMs;
/** Beyond a year nobody asks when (RUNBOOK C1). */
const mostHours = 365 * 24;

/** A rate and the time that it was seen over. */
export type Rate = { readonly percentPerHour: number; readonly seenHours: number };

/**
 * How fast a disk grows: the 95th percentile of the rises over every hour of the last day, in percent of the volume. A
 * fall is retention at work, or a volume that was enlarged: it counts as no growth, never as negative growth. A volume
 * that was enlarged within the day makes the estimate high, never low, since its older percents were of less.
 *
 * @param lastDay percent used, newest last
 * @returns undefined where the history is shorter than 6 hours or has more holes than points: unknown, not zero
 */
export function forecastGrowth(lastDay: readonly Sample[]): Rate | undefined {
  const [oldest] = lastDay;
  const newest = lastDay.at(-1);
  if (oldest === undefined || newest === undefined) return undefined;
  const seenMs = newest.atMs - oldest.atMs;
  if (seenMs < leastHistoryMs) return undefined;
  const rises = hourlyRises(lastDay);
  const wantedCount = (seenMs - hourMs) / (5 * minuteMs);
  if (rises.length < wantedCount / 2) return undefined;
  const sorted = rises.toSorted((left, right) => left - right);
  const percentPerHour = sorted[Math.ceil((percentile / 100) * sorted.length) - 1];
  return percentPerHour === undefined ? undefined : { percentPerHour, seenHours: seenMs / hourMs };
}

/** The rise over the hour before each point, per hour. Linear: both indices only go forward. */
function hourlyRises(samples: readonly Sample[]): readonly number[] {
  let back = 0;
  return samples.flatMap(({ atMs, value }) => {
    const wantedMs = atMs - hourMs;
    for (let next = samples[back + 1]; next !== undefined && next.atMs <= wantedMs; next = samples[back + 1]) back += 1;
    const from = samples[back];
    if (from === undefined || from.atMs > wantedMs || from.atMs < wantedMs - gapMs) return [];
    return [Math.max(0, value - from.value) / ((atMs - from.atMs) / hourMs)];
  });
}

/**
 * How fast a disk fills right now: over the last hour, or since its last fall. Good for telling hours to full, not for
 * the size of a step: a burst is no day.
 *
 * @param lastHour percent used, newest last
 * @returns undefined where less than two minutes are left to measure
 */
export function forecastPace(lastHour: readonly Sample[]): Rate | undefined {
  const newest = lastHour.at(-1);
  if (newest === undefined) return undefined;
  const lastFall = lastHour.findLastIndex((sample, index) => {
    const next = lastHour[index + 1];
    return next !== undefined && next.value < sample.value - fallPercentPoints;
  });
  const first = lastHour[lastFall + 1];
  if (first === undefined || newest.atMs - first.atMs < leastPaceMs) return undefined;
  const seenHours = (newest.atMs - first.atMs) / hourMs;
  return { percentPerHour: Math.max(0, newest.value - first.value) / seenHours, seenHours };
}

/**
 * Hours until the disk is full at the faster of the rates that are known.
 *
 * @returns undefined where no rate is known, none is above zero, or the disk is not full within a year (C1)
 */
export function forecastHoursToFull(
  usedPercent: number,
  rates: readonly (Rate | undefined)[],
): { readonly hoursToFull: number; readonly percentPerHour: number; readonly seenHours: number } | undefined {
  const fastest = rates
    .filter((rate) => rate !== undefined)
    .toSorted((left, right) => right.percentPerHour - left.percentPerHour)[0];
  if (fastest === undefined || fastest.percentPerHour <= 0) return undefined;
  const hoursToFull = Math.max(0, 100 - usedPercent) / fastest.percentPerHour;
  return hoursToFull > mostHours ? undefined : { hoursToFull, ...fastest };
}
