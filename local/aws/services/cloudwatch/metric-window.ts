import { dayMs, hourMs, minuteMs } from '../../units.ts';
import type { MathScope } from './metric-math.ts';
import type { MetricQuery, MetricStat } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import { aggregateByPeriod } from './statistics.ts';

/** How old data with at least this period may be (GetMetricData reference, "retention"). */
const retention: readonly { readonly periodSeconds: number; readonly keptMs: number }[] = [
  { periodSeconds: 1, keptMs: 3 * hourMs },
  { periodSeconds: 60, keptMs: 15 * dayMs },
  { periodSeconds: 300, keptMs: 63 * dayMs },
  { periodSeconds: 3600, keptMs: 455 * dayMs },
];

/** How long a datapoint of this period can be asked for. */
export function keptMs(periodSeconds: number): number {
  return retention.findLast((tier) => tier.periodSeconds <= periodSeconds)?.keptMs ?? 0;
}

/**
 * GetMetricData's rounding of StartTime: down to the minute, to 5 minutes beyond 15 days, to the hour beyond 63 days;
 * to the period itself where that is shorter than a minute.
 */
export function alignedStartMs(startMs: number, periodSeconds: number, nowMs: number): number {
  const ageMs = nowMs - startMs;
  const stepMs =
    periodSeconds < 60
      ? periodSeconds * 1000
      : ageMs > 63 * dayMs
        ? hourMs
        : ageMs > 15 * dayMs
          ? 5 * minuteMs
          : minuteMs;
  return Math.floor(startMs / stepMs) * stepMs;
}

/** A scope that reads the store from `startMs` to `endMs` (excluded), in periods counted from the aligned start. */
export function windowScope(
  store: MetricStore,
  queries: readonly MetricQuery[],
  window: { readonly startMs: number; readonly endMs: number; readonly nowMs: number },
): MathScope {
  const ownPeriodMs = Math.min(
    ...queries.map(({ of }) => (of.kind === 'metric' ? of.stat.periodSeconds * 1000 : minuteMs)),
  );
  const firstPeriodMs = (periodSeconds: number) => alignedStartMs(window.startMs, periodSeconds, window.nowMs);
  return {
    queries,
    readSeries: ({ metric, periodSeconds, statistic, unit }: MetricStat, label) => {
      const fromMs = firstPeriodMs(periodSeconds);
      const samples = store
        .read(metric, Math.max(fromMs, window.nowMs - keptMs(periodSeconds)), window.endMs)
        .filter((sample) => unit === undefined || sample.unit === unit);
      return {
        kind: 'series',
        label,
        periodMs: periodSeconds * 1000,
        points: aggregateByPeriod(samples, fromMs, periodSeconds * 1000, statistic),
      };
    },
    times: (periodMs = ownPeriodMs) => {
      const times: number[] = [];
      for (let atMs = firstPeriodMs(periodMs / 1000); atMs < window.endMs; atMs += periodMs) times.push(atMs);
      return times;
    },
  };
}
