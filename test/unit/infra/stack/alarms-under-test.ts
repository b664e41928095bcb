import { deployment as storageScaling } from '../../../../functions/capacity/storage-scaling/deployment.ts';
import { deployment as clusterHealth } from '../../../../functions/health/cluster-health/deployment.ts';
import { deployment as kafkaRead } from '../../../../functions/kafka/read/deployment.ts';
import { partsOf } from '../../../../infra/functions.ts';
import { alarmsNotMade, alarmsOf } from '../../../../infra/stack/alarms.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import type { Alarm, MetricReference } from '../../../../shared/deployment/alarm.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import { configurationWith } from './stack-under-test.ts';

/** A check, the arm and a durable act, mskeeper's first: what holds of them is tested whatever else the registry holds. */
export const firstParts = partsOf({
  'health/cluster-health': clusterHealth,
  'kafka/read': kafkaRead,
  'capacity/storage-scaling': storageScaling,
});

export const tabledContextWith = (change: Partial<ClusterConfiguration> = {}, preset?: string): StackContext =>
  stackContextOf(configurationWith(change, preset), 'orders', firstParts);
export const tabledAlarmsOf = (context: StackContext): readonly Alarm[] => alarmsOf(context, firstParts);
export const tabledAlarmsNotMade = (context: StackContext) => alarmsNotMade(context, firstParts);

/** Topics and groups named letter by letter, so that every rule has work. */
export const named = {
  topics: {
    critical: [{ name: 'orders', replicationFactor: 3 }],
    watch: ['*'],
    ignore: [],
    deadLetter: [],
    flowing: [{ name: 'orders', minMessagesPerMinute: 600 }],
  },
  groups: { watch: ['billing'], ignore: [] },
} as const satisfies Partial<ClusterConfiguration>;

export const serverless = { brokerKind: 'serverless', brokerCount: 0 } as const satisfies Partial<ClusterConfiguration>;

export const metricsOf = ({ signal }: Alarm): readonly MetricReference[] =>
  signal.kind === 'metric' ? [signal.metric] : signal.kind === 'math' ? Object.values(signal.metricById) : [];

export const mskMetricsOf = (alarm: Alarm): readonly MetricReference[] =>
  metricsOf(alarm).filter(({ namespace }) => namespace === 'AWS/Kafka');

export const slugsOf = (cluster: Partial<ClusterConfiguration>, preset?: string): ReadonlySet<string> =>
  new Set(tabledAlarmsOf(tabledContextWith(cluster, preset)).map(({ slug }) => slug));

export const alarmsNamed = (cluster: Partial<ClusterConfiguration>, slug: string, preset?: string): readonly Alarm[] =>
  tabledAlarmsOf(tabledContextWith(cluster, preset)).filter((alarm) => alarm.slug === slug);
