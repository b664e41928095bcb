/** A metric's identity: two dimension sets that differ in one name or value are two metrics. */
export type MetricId = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
};

/** One value and how often it was seen. */
export type ValueCount = { readonly value: number; readonly count: number };

/** What one call published at one moment. `values` is missing for a statistic set, which has no percentiles. */
export type MetricSample = {
  readonly atMs: number;
  readonly unit: string;
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly values: readonly ValueCount[] | undefined;
};

export type StoredMetric = { readonly id: MetricId; readonly samples: readonly MetricSample[] };

export type MetricStore = {
  put(id: MetricId, sample: MetricSample): void;
  /** Samples of `id` with fromMs <= atMs < toMs, oldest first; none of an unknown metric. */
  read(id: MetricId, fromMs: number, toMs: number): readonly MetricSample[];
  /** Every metric ever published, in the order of first publication. */
  all(): readonly StoredMetric[];
};

/** The standard unit of a sample that names none. */
export const noUnit = 'None';

export function createMetricStore(): MetricStore {
  const metricByKey = new Map<string, { id: MetricId; samples: MetricSample[] }>();
  return {
    put(id, sample) {
      const key = metricKey(id);
      const metric = metricByKey.get(key) ?? { id, samples: [] };
      metricByKey.set(key, metric);
      metric.samples.splice(firstAtOrAfter(metric.samples, sample.atMs + 1), 0, sample);
    },
    read(id, fromMs, toMs) {
      const samples = metricByKey.get(metricKey(id))?.samples ?? [];
      return samples.slice(firstAtOrAfter(samples, fromMs), firstAtOrAfter(samples, toMs));
    },
    all: () => [...metricByKey.values()],
  };
}

/** The sample of values that were each seen `counts[i]` times. @throws RangeError when there is no value */
export function sampleOfValues(atMs: number, values: readonly ValueCount[], unit: string = noUnit): MetricSample {
  if (values.length === 0) throw new RangeError('a sample needs a value');
  const numbers = values.map((each) => each.value);
  return {
    atMs,
    unit,
    sampleCount: values.reduce((total, each) => total + each.count, 0),
    sum: values.reduce((total, each) => total + each.value * each.count, 0),
    minimum: Math.min(...numbers),
    maximum: Math.max(...numbers),
    values,
  };
}

function metricKey({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The index of the first sample that is not older than `atMs`. */
function firstAtOrAfter(samples: readonly MetricSample[], atMs: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const sample = samples[middle];
    if (sample !== undefined && sample.atMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
