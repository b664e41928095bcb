import type { MetricAlarm } from './alarm.ts';
import type { Datapoint } from './alarm-text.ts';
import { evaluateQueries } from './metric-math.ts';
import type { MetricStore } from './metric-store.ts';
import type { PeriodScale } from './period-scale.ts';
import { aggregateByPeriod } from './statistics.ts';

/**
 * The datapoints of an alarm's evaluation range, oldest first: `rangePeriods` periods that end at `endMs`.
 *
 * @throws MetricMathError when the expression cannot be evaluated
 */
export function alarmDatapoints(
  alarm: MetricAlarm,
  store: MetricStore,
  endMs: number,
  rangePeriods: number,
  scale: PeriodScale,
): readonly Datapoint[] {
  const ownPeriodMs = scale.periodMs(alarm.periodSeconds);
  const startsOf = (periodMs: number) =>
    Array.from({ length: rangePeriods }, (_, index) => endMs - (rangePeriods - index) * periodMs);
  const results = evaluateQueries({
    queries: alarm.queries,
    readSeries: ({ metric, statistic, unit }, label) => {
      const samples = store
        .read(metric, endMs - rangePeriods * ownPeriodMs, endMs)
        .filter((sample) => unit === undefined || sample.unit === unit);
      const starts = startsOf(ownPeriodMs);
      const byPeriod = aggregateByPeriod(samples, starts[0] ?? endMs, ownPeriodMs, statistic);
      return {
        kind: 'series',
        label,
        periodMs: ownPeriodMs,
        points: new Map([...byPeriod].map(([atMs, value]) => [nearest(starts, atMs), value])),
      };
    },
    times: (periodMs = ownPeriodMs) => startsOf(periodMs),
  });
  const points = results.find(({ query }) => query.isReturned)?.series[0]?.points;
  return startsOf(ownPeriodMs).map((atMs) => ({ atMs, value: points?.get(atMs) }));
}

/** Scaled periods are no whole milliseconds: the same start can come out of two sums a hair apart. */
function nearest(starts: readonly number[], atMs: number): number {
  return starts.find((start) => Math.abs(start - atMs) < 0.5) ?? atMs;
}
