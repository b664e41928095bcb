import type { ClusterConfiguration } from '../shared/config-types.ts';
import type { MetricReference, Statistic } from './alarm.ts';

type MonitoringLevel = ClusterConfiguration['monitoringLevel'];
type BrokerKind = ClusterConfiguration['brokerKind'];
const monitoringLevels: readonly MonitoringLevel[] = [
  'DEFAULT',
  'PER_BROKER',
  'PER_TOPIC_PER_BROKER',
  'PER_TOPIC_PER_PARTITION',
];

/** The metrics that alarms use: who emits them, from which monitoring level on, and the statistic that means something. */
const catalogue = {
  ActiveControllerCount: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard'] },
  CpuSystem: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  CpuUser: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  HeapMemoryAfterGC: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard'] },
  KafkaDataLogsDiskUsed: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard'] },
  MemoryBuffered: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  MemoryCached: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  MemoryFree: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  MemoryUsed: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  MessagesInPerSec: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  OfflinePartitionsCount: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard'] },
  ProduceTotalTimeMsMean: { statistic: 'Average', level: 'DEFAULT', kinds: ['standard', 'express'] },
  RequestHandlerAvgIdlePercent: { statistic: 'Average', level: 'PER_BROKER', kinds: ['standard', 'express'] },
  TrafficShaping: { statistic: 'Sum', level: 'DEFAULT', kinds: ['standard'] },
  UnderMinIsrPartitionCount: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard'] },
  UnderReplicatedPartitions: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard'] },
  EstimatedMaxTimeLag: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard', 'express'] },
  MaxEstimatedTimeLag: { statistic: 'Sum', level: 'DEFAULT', kinds: ['serverless'] },
  SumOffsetLag: { statistic: 'Maximum', level: 'DEFAULT', kinds: ['standard', 'express', 'serverless'] },
} as const satisfies Record<
  string,
  { readonly statistic: Statistic; readonly level: MonitoringLevel; readonly kinds: readonly BrokerKind[] }
>;
export type MskMetric = keyof typeof catalogue;

/** Whether this cluster sends the metric at all: kind of broker and monitoring level decide. */
export const isEmitted = (
  cluster: ClusterConfiguration,
  name: MskMetric,
  level: MonitoringLevel = catalogue[name].level,
): boolean =>
  catalogue[name].kinds.some((kind) => kind === cluster.brokerKind) &&
  monitoringLevels.indexOf(cluster.monitoringLevel) >= monitoringLevels.indexOf(level);

/** A metric of this cluster with further dimensions (`Broker ID`), and its right statistic. */
export const mskMetric = (
  cluster: ClusterConfiguration,
  name: MskMetric,
  dimensions: Readonly<Record<string, string>> = {},
): MetricReference => ({
  namespace: 'AWS/Kafka',
  name,
  dimensions: { 'Cluster Name': cluster.name, ...dimensions },
  statistic: catalogue[name].statistic,
});
