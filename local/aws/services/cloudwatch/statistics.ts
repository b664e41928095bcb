import type { MetricSample, ValueCount } from './metric-store.ts';

/** How the samples of one period become one number. */
export type Statistic =
  | { readonly kind: 'Average' | 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount' }
  | { readonly kind: 'percentile'; readonly percent: number };

const simpleStatistics = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'] as const;

/** Reads `Average` or `p99.9`. Undefined for trimmed means and the like, which the stand-in doesn't compute. */
export function parseStatistic(text: string): Statistic | undefined {
  const simple = simpleStatistics.find((each) => each === text);
  if (simple !== undefined) return { kind: simple };
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(text);
  return percentile === null ? undefined : { kind: 'percentile', percent: Number(percentile[1]) };
}

/**
 * One period's value, or undefined when there is none. A percentile of a statistic set exists only when the set holds
 * one sample or its extremes are equal: CloudWatch User Guide, "Percentile statistics".
 */
export function aggregate(samples: readonly MetricSample[], statistic: Statistic): number | undefined {
  if (samples.length === 0) return undefined;
  const sampleCount = total(samples, (each) => each.sampleCount);
  switch (statistic.kind) {
    case 'SampleCount':
      return sampleCount;
    case 'Sum':
      return total(samples, (each) => each.sum);
    case 'Average':
      return sampleCount === 0 ? undefined : total(samples, (each) => each.sum) / sampleCount;
    case 'Minimum':
      return Math.min(...samples.map((each) => each.minimum));
    case 'Maximum':
      return Math.max(...samples.map((each) => each.maximum));
    case 'percentile':
      return percentile(samples, statistic.percent);
    default:
      return statistic satisfies never;
  }
}

/**
 * Values by the start of their period, periods counted from `startMs`; a period without samples has no entry.
 *
 * @param samples oldest first
 */
export function aggregateByPeriod(
  samples: readonly MetricSample[],
  startMs: number,
  periodMs: number,
  statistic: Statistic,
): ReadonlyMap<number, number> {
  const samplesByStartMs = Map.groupBy(
    samples,
    (sample) => startMs + Math.floor((sample.atMs - startMs) / periodMs) * periodMs,
  );
  const valueByStartMs = new Map<number, number>();
  for (const [periodStartMs, ofPeriod] of samplesByStartMs) {
    const value = aggregate(ofPeriod, statistic);
    if (value !== undefined) valueByStartMs.set(periodStartMs, value);
  }
  return valueByStartMs;
}

function percentile(samples: readonly MetricSample[], percent: number): number | undefined {
  const distribution: ValueCount[] = [];
  for (const sample of samples) {
    if (sample.values !== undefined) distribution.push(...sample.values);
    else if (sample.minimum === sample.maximum || sample.sampleCount === 1) {
      distribution.push({ value: sample.maximum, count: sample.sampleCount });
    } else return undefined;
  }
  distribution.sort((a, b) => a.value - b.value);
  const wanted = (percent / 100) * distribution.reduce((sum, each) => sum + each.count, 0);
  let seen = 0;
  for (const { value, count } of distribution) {
    seen += count;
    if (seen >= wanted) return value;
  }
  return distribution.at(-1)?.value;
}

function total(samples: readonly MetricSample[], of: (sample: MetricSample) => number): number {
  return samples.reduce((sum, sample) => sum + of(sample), 0);
}
