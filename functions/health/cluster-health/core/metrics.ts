import { type ClusterTraits, evaluateAvailability } from '../../../../shared/core/metric-catalogue.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { DimensionName } from '../../../../shared/core/metric-vocabulary.ts';
import type { Sample } from '../../../../shared/core/policy.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Depth, HealthObservation } from './observation.ts';

/** CloudWatch publishes a minute late, a restarting broker is silent for several: older than this says nothing of now. */
const freshMs = 10 * minuteMs;

/** One series to ask for; without `brokerId` it is the cluster's. */
export type MetricRequest = { readonly metric: MetricName; readonly brokerId?: number };

type WantedMetrics = { readonly ofCluster: readonly MetricName[]; readonly ofBroker: readonly MetricName[] };

/**
 * Light asks only what may contradict the brokers or cannot be seen there; alarms watch the rest between two full runs.
 */
const wantedByDepth: Readonly<Record<Depth, WantedMetrics>> = {
  light: {
    ofCluster: ['ActiveControllerCount', 'OfflinePartitionsCount'],
    ofBroker: ['UnderReplicatedPartitions', 'UnderMinIsrPartitionCount', 'KafkaDataLogsDiskUsed'],
  },
  full: {
    ofCluster: ['ActiveControllerCount', 'OfflinePartitionsCount'],
    ofBroker: [
      'UnderReplicatedPartitions',
      'UnderMinIsrPartitionCount',
      'KafkaDataLogsDiskUsed',
      'KafkaAppLogsDiskUsed',
      'RootDiskUsed',
      'CpuUser',
      'CpuSystem',
      'HeapMemoryAfterGC',
      'MemoryUsed',
      'MemoryFree',
      'MemoryBuffered',
      'MemoryCached',
      'PartitionCount',
    ],
  },
};

const isEmitted = (metric: MetricName, dimensions: readonly DimensionName[], traits: ClusterTraits): boolean =>
  evaluateAvailability(metric, dimensions, traits).kind === 'emitted';

/** The series to ask CloudWatch for: never one that this cluster does not emit. */
export function planMetrics(
  depth: Depth,
  traits: ClusterTraits,
  brokerIds: readonly number[],
): readonly MetricRequest[] {
  const { ofCluster, ofBroker } = wantedByDepth[depth];
  return [
    ...ofCluster.filter((metric) => isEmitted(metric, ['Cluster Name'], traits)).map((metric) => ({ metric })),
    ...ofBroker
      .filter((metric) => isEmitted(metric, ['Cluster Name', 'Broker ID'], traits))
      .flatMap((metric) => brokerIds.map((brokerId) => ({ metric, brokerId }))),
  ];
}

/** How many series a run of a scope asks for on a cluster whose brokers are those of the configuration, each billed. */
export const countSeries = (scope: string, cluster: ClusterTraits & { readonly brokerCount: number }): number => {
  const brokerIds = Array.from({ length: cluster.brokerCount }, (_, index) => index + 1);
  return planMetrics(scope === 'full' ? 'full' : 'light', cluster, brokerIds).length;
};

/** Whole minutes, since the running one is incomplete; long enough for every duration that a policy names. */
export const planMetricRange = (nowMs: number): { readonly fromMs: number; readonly toMs: number } => {
  const toMs = Math.floor(nowMs / minuteMs) * minuteMs;
  return { fromMs: toMs - 60 * minuteMs, toMs };
};

/** Whether a broker's metric is asked for at this depth, and where not, why. */
export function findLeftOut(metric: MetricName, depth: Depth, traits: ClusterTraits): string | undefined {
  const availability = evaluateAvailability(metric, ['Cluster Name', 'Broker ID'], traits);
  if (availability.kind === 'not-emitted') return availability.message;
  return wantedByDepth[depth].ofBroker.includes(metric) ? undefined : 'judged daily; its alarm watches in between';
}

/** A series' points, oldest first; none where it is absent or too old to speak of now. */
export function freshSamples(seen: HealthObservation, metric: MetricName, brokerId?: number): readonly Sample[] {
  if (!seen.metrics.isKnown) return [];
  const series = seen.metrics.value.find((one) => one.metric === metric && one.brokerId === brokerId);
  const points = series?.points.toSorted((left, right) => left.atMs - right.atMs) ?? [];
  const newest = points.at(-1);
  return newest === undefined || seen.nowMs - newest.atMs > freshMs ? [] : points;
}

/**
 * The last point of `freshSamples`, in the metric's own unit (shared/core/metric-table.ts); without `brokerId` the cluster's
 * series. Undefined where CloudWatch did not answer, has no such series, or its last point is too old: never zero instead.
 */
export const newestValue = (seen: HealthObservation, metric: MetricName, brokerId?: number): number | undefined =>
  freshSamples(seen, metric, brokerId).at(-1)?.value;

/** Brokers for which any series was asked. */
export function brokersOfMetrics(seen: HealthObservation): readonly number[] {
  if (!seen.metrics.isKnown) return [];
  const ids = seen.metrics.value.flatMap(({ brokerId }) => (brokerId === undefined ? [] : [brokerId]));
  return [...new Set(ids)].sort((left, right) => left - right);
}

/**
 * A per-broker count summed over brokers, minute by minute. A broker without fresh points makes it incomplete: then it
 * is a lower bound, enough to call it bad and never enough to call it good.
 */
export function sumOverBrokers(
  seen: HealthObservation,
  metric: MetricName,
): { readonly samples: readonly Sample[]; readonly isComplete: boolean } {
  const seriesByBroker = brokersOfMetrics(seen).map((id) => freshSamples(seen, metric, id));
  const present = seriesByBroker.filter((samples) => samples.length > 0);
  const sumByMs = new Map<number, { sum: number; count: number }>();
  for (const { atMs, value } of present.flat()) {
    const { sum, count } = sumByMs.get(atMs) ?? { sum: 0, count: 0 };
    sumByMs.set(atMs, { sum: sum + value, count: count + 1 });
  }
  const samples = [...sumByMs]
    .filter(([, { count }]) => count === present.length)
    .map(([atMs, { sum }]) => ({ atMs, value: sum }))
    .sort((left, right) => left.atMs - right.atMs);
  return { samples, isComplete: samples.length > 0 && present.length === seriesByBroker.length };
}
