import type { Sample } from '../../shared/policy.ts';
import type { BrokerKind, Depth, HealthObservation } from './cluster-health-observation.ts';

/** CloudWatch publishes a minute late, a restarting broker is silent for several: older than this says nothing of now. */
const freshMs = 10 * 60_000;

/** One series to ask for; without `brokerId` it is the cluster's. */
export type MetricRequest = { readonly metric: string; readonly brokerId?: number };

type MetricPlan = { readonly cluster: readonly string[]; readonly perBroker: readonly string[] };

/**
 * What each depth asks. Light asks only what may contradict the brokers or cannot be seen there; alarms watch the rest
 * between two full runs. Express emits neither partition nor disk nor heap metrics, Serverless none of a broker
 * (facts: MSK Developer Guide, `metrics-details`, `metrics-details-express`, `serverless-monitoring`).
 */
const planByKindAndDepth: Readonly<Record<BrokerKind, Readonly<Record<Depth, MetricPlan>>>> = {
  standard: {
    light: {
      cluster: ['ActiveControllerCount', 'OfflinePartitionsCount'],
      perBroker: ['UnderReplicatedPartitions', 'UnderMinIsrPartitionCount', 'KafkaDataLogsDiskUsed'],
    },
    full: {
      cluster: ['ActiveControllerCount', 'OfflinePartitionsCount', 'GlobalTopicCount', 'GlobalPartitionCount'],
      perBroker: [
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
        'LeaderCount',
      ],
    },
  },
  express: {
    light: { cluster: ['ActiveControllerCount'], perBroker: ['LeaderCount'] },
    full: {
      cluster: ['ActiveControllerCount', 'GlobalTopicCount', 'GlobalPartitionCount'],
      perBroker: [
        'CpuUser',
        'CpuSystem',
        'MemoryUsed',
        'MemoryFree',
        'MemoryBuffered',
        'MemoryCached',
        'PartitionCount',
        'LeaderCount',
      ],
    },
  },
  serverless: { light: { cluster: [], perBroker: [] }, full: { cluster: [], perBroker: [] } },
};

/** The series to ask CloudWatch for: never one that this kind of cluster does not emit. */
export function planMetrics(depth: Depth, kind: BrokerKind, brokerIds: readonly number[]): readonly MetricRequest[] {
  const { cluster, perBroker } = planByKindAndDepth[kind][depth];
  return [
    ...cluster.map((metric) => ({ metric })),
    ...perBroker.flatMap((metric) => brokerIds.map((brokerId) => ({ metric, brokerId }))),
  ];
}

export const isMetricEmitted = (depth: Depth, kind: BrokerKind, metric: string): boolean => {
  const { cluster, perBroker } = planByKindAndDepth[kind][depth];
  return cluster.includes(metric) || perBroker.includes(metric);
};

/** A series' points, oldest first; none where it is absent or too old to speak of now. */
export function freshSamples(seen: HealthObservation, metric: string, brokerId?: number): readonly Sample[] {
  if (!seen.metrics.isAnswered) return [];
  const series = seen.metrics.value.find((one) => one.metric === metric && one.brokerId === brokerId);
  const points = series?.points.toSorted((left, right) => left.atMs - right.atMs) ?? [];
  const newest = points.at(-1);
  return newest === undefined || seen.nowMs - newest.atMs > freshMs ? [] : points;
}

export const newestValue = (seen: HealthObservation, metric: string, brokerId?: number): number | undefined =>
  freshSamples(seen, metric, brokerId).at(-1)?.value;

/** Brokers for which any series was asked. */
export function brokersOfMetrics(seen: HealthObservation): readonly number[] {
  if (!seen.metrics.isAnswered) return [];
  const ids = seen.metrics.value.flatMap(({ brokerId }) => (brokerId === undefined ? [] : [brokerId]));
  return [...new Set(ids)].sort((left, right) => left - right);
}

/**
 * A per-broker count summed over brokers, minute by minute. A broker without fresh points makes it incomplete: then it
 * is a lower bound, enough to call it bad and never enough to call it good.
 */
export function sumOverBrokers(
  seen: HealthObservation,
  metric: string,
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
