import type {
  BrokerKind,
  DimensionName,
  MetadataMode,
  MetricMeaning,
  MonitoringLevel,
  Statistic,
} from './metric-vocabulary.ts';

/** One way in which a metric is emitted: by which brokers, from which level on, under exactly which dimensions. */
export type MetricEmission = {
  readonly kinds: readonly BrokerKind[];
  readonly level: MonitoringLevel;
  readonly dimensions: readonly DimensionName[];
  readonly statistic: Statistic;
};

export type MetricDescription = {
  readonly meaning: MetricMeaning;
  readonly emissions: readonly MetricEmission[];
  /** Present where only one metadata mode has the metric. */
  readonly metadataMode?: MetadataMode;
  /** Present where only one instance family has the metric: `t3`. */
  readonly instanceFamily?: string;
};

const standard = ['standard'] as const;
const express = ['express'] as const;
const both = ['standard', 'express'] as const;
const serverless = ['serverless'] as const;
const cluster = ['Cluster Name'] as const;
const broker = ['Cluster Name', 'Broker ID'] as const;
const brokerTopic = ['Cluster Name', 'Broker ID', 'Topic'] as const;
const topic = ['Cluster Name', 'Topic'] as const;
const groupTopic = ['Cluster Name', 'Consumer Group', 'Topic'] as const;
const groupPartition = ['Cluster Name', 'Consumer Group', 'Topic', 'Partition'] as const;

const emission = (
  kinds: readonly BrokerKind[],
  dimensions: readonly DimensionName[],
  statistic: Statistic,
  level: MonitoringLevel = 'DEFAULT',
): MetricEmission => ({ kinds, level, dimensions, statistic });

/** A metric with one emission. */
const one = (meaning: MetricMeaning, ...details: Parameters<typeof emission>): MetricDescription => ({
  meaning,
  emissions: [emission(...details)],
});

/** Per broker, and per topic and broker from the level that is paid for; Serverless has it per topic, a point a partition. */
const traffic = (meaning: MetricMeaning): MetricDescription => ({
  meaning,
  emissions: [
    emission(both, broker, 'Average'),
    emission(both, brokerTopic, 'Average', 'PER_TOPIC_PER_BROKER'),
    emission(serverless, topic, 'Sum'),
  ],
});

/**
 * Metrics of the namespace AWS/Kafka. Source: MSK Developer Guide, metrics of Standard, Express and Serverless, with the
 * corrections of RUNBOOK section 6. `Maximum` stands where only the controller reports a value and all others 0
 * (`ActiveControllerCount`, `OfflinePartitionsCount`, `Global*`): an average over brokers would divide it.
 */
export const metricTable = {
  /** No proof on KRaft, where the controllers are no brokers. */
  ActiveControllerCount: one('count', both, cluster, 'Maximum'),
  OfflinePartitionsCount: one('count', standard, cluster, 'Maximum'),
  UnderReplicatedPartitions: one('count', standard, broker, 'Maximum'),
  UnderMinIsrPartitionCount: one('count', standard, broker, 'Maximum'),
  GlobalPartitionCount: one('count', both, cluster, 'Maximum'),
  GlobalTopicCount: one('count', both, cluster, 'Maximum'),
  PartitionCount: one('count', both, broker, 'Maximum'),
  LeaderCount: one('count', both, broker, 'Maximum'),
  /** Used CPU is CpuUser + CpuSystem, not 100 − CpuIdle. */
  CpuUser: one('percent', both, broker, 'Average'),
  CpuSystem: one('percent', both, broker, 'Average'),
  CpuIdle: one('percent', both, broker, 'Average'),
  CpuIoWait: one('percent', standard, broker, 'Average'),
  CPUCreditBalance: { ...one('credits', standard, broker, 'Minimum'), instanceFamily: 't3' },
  BurstBalance: one('percent', standard, broker, 'Minimum'),
  KafkaDataLogsDiskUsed: {
    meaning: 'percent',
    emissions: [emission(standard, broker, 'Maximum'), emission(standard, cluster, 'Maximum')],
  },
  KafkaAppLogsDiskUsed: one('percent', standard, broker, 'Maximum'),
  RootDiskUsed: one('percent', standard, broker, 'Maximum'),
  /** Bytes, although runbooks compare it with percents. */
  MemoryUsed: one('bytes', both, broker, 'Average'),
  MemoryFree: one('bytes', both, broker, 'Average'),
  MemoryBuffered: one('bytes', both, broker, 'Average'),
  MemoryCached: one('bytes', both, broker, 'Average'),
  HeapMemoryAfterGC: one('percent', standard, broker, 'Maximum'),
  SwapUsed: one('bytes', standard, broker, 'Maximum'),
  SwapFree: one('bytes', standard, broker, 'Minimum'),
  MessagesInPerSec: traffic('messages-per-second'),
  BytesInPerSec: traffic('bytes-per-second'),
  BytesOutPerSec: traffic('bytes-per-second'),
  /** Several points a minute, one for each network processor. */
  ClientConnectionCount: one('count', both, ['Cluster Name', 'Broker ID', 'Client Authentication'], 'Sum'),
  ProduceTotalTimeMsMean: one('milliseconds', both, broker, 'Average'),
  /** Throttled requests only. */
  RequestTime: one('milliseconds', both, broker, 'Average'),
  TrafficShaping: one('packets', standard, broker, 'Sum'),
  /** Seconds to drain, not milliseconds and not age. */
  EstimatedMaxTimeLag: one('seconds', both, groupTopic, 'Maximum'),
  RollingEstimatedTimeLagMax: one('seconds', both, groupTopic, 'Maximum'),
  /** Serverless' name of EstimatedMaxTimeLag. */
  MaxEstimatedTimeLag: one('seconds', serverless, groupTopic, 'Maximum'),
  MaxOffsetLag: one('offsets', ['standard', 'express', 'serverless'], groupTopic, 'Maximum'),
  SumOffsetLag: {
    meaning: 'offsets',
    emissions: [emission(both, groupTopic, 'Maximum'), emission(serverless, groupTopic, 'Sum')],
  },
  OffsetLag: one('offsets', both, groupPartition, 'Maximum', 'PER_TOPIC_PER_PARTITION'),
  EstimatedTimeLag: one('seconds', both, groupPartition, 'Maximum', 'PER_TOPIC_PER_PARTITION'),
  ZooKeeperRequestLatencyMsMean: { ...one('milliseconds', standard, broker, 'Average'), metadataMode: 'zookeeper' },
  ZooKeeperSessionState: { ...one('state', standard, broker, 'Minimum'), metadataMode: 'zookeeper' },
  NetworkProcessorAvgIdlePercent: one('fraction', both, broker, 'Average', 'PER_BROKER'),
  RequestHandlerAvgIdlePercent: one('fraction', both, broker, 'Average', 'PER_BROKER'),
  ConnectionCreationRate: one('connections-per-second', both, broker, 'Sum', 'PER_BROKER'),
  ConnectionCloseRate: one('connections-per-second', both, broker, 'Sum', 'PER_BROKER'),
  ProduceThrottleTime: one('milliseconds', both, broker, 'Maximum', 'PER_BROKER'),
  FetchThrottleTime: one('milliseconds', both, broker, 'Maximum', 'PER_BROKER'),
  RequestThrottleTime: one('milliseconds', both, broker, 'Maximum', 'PER_BROKER'),
  FetchConsumerTotalTimeMsMean: one('milliseconds', both, broker, 'Average', 'PER_BROKER'),
  BwInAllowanceExceeded: one('packets', standard, broker, 'Sum', 'PER_BROKER'),
  BwOutAllowanceExceeded: one('packets', standard, broker, 'Sum', 'PER_BROKER'),
  PpsAllowanceExceeded: one('packets', standard, broker, 'Sum', 'PER_BROKER'),
  ConnTrackAllowanceExceeded: one('packets', standard, broker, 'Sum', 'PER_BROKER'),
  VolumeReadOps: one('count', standard, broker, 'Sum', 'PER_BROKER'),
  VolumeWriteOps: one('count', standard, broker, 'Sum', 'PER_BROKER'),
  VolumeReadBytes: one('bytes', standard, broker, 'Sum', 'PER_BROKER'),
  VolumeWriteBytes: one('bytes', standard, broker, 'Sum', 'PER_BROKER'),
  VolumeTotalReadTime: one('seconds', standard, broker, 'Sum', 'PER_BROKER'),
  VolumeTotalWriteTime: one('seconds', standard, broker, 'Sum', 'PER_BROKER'),
  VolumeQueueLength: one('count', standard, broker, 'Average', 'PER_BROKER'),
  /** All brokers' data without replicas. */
  StorageUsed: one('bytes', express, cluster, 'Maximum'),
  UserPartitionExists: one('state', express, broker, 'Maximum'),
  IAMTooManyConnections: one('count', both, broker, 'Sum', 'PER_BROKER'),
  IAMNumberOfConnectionRequests: one('count', both, broker, 'Sum', 'PER_BROKER'),
} as const satisfies Readonly<Record<string, MetricDescription>>;

export type MetricName = keyof typeof metricTable;

/** Names that runbooks use and MSK does not publish, and what to read instead. */
export const metricCorrections: Readonly<Record<string, string>> = {
  ProducerRequestErrors:
    'it has no producer error rate, only your producers know theirs; of its own metrics read UnderMinIsrPartitionCount, ProduceThrottleTime and ProduceTotalTimeMsMean',
  ConsumerLag: 'read SumOffsetLag or MaxOffsetLag',
  RecordLag: 'read MaxOffsetLag',
  EstimatedMaximumLag: 'read EstimatedMaxTimeLag, which is in seconds',
  MemoryUtilization: 'that is a metric of MSK Connect; read HeapMemoryAfterGC, or a ratio of MemoryUsed',
  CpuUtilization: 'that is a metric of MSK Connect; add CpuUser and CpuSystem',
  CPUUtilization: 'that is a metric of EC2; add CpuUser and CpuSystem',
};
