/** The words in which the metric catalogue speaks. */

export const metricsNamespaceOfMsk = 'AWS/Kafka';

/** Cumulative: each level emits what the ones before it emit. */
export const monitoringLevels = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'] as const;
export type MonitoringLevel = (typeof monitoringLevels)[number];

export type BrokerKind = 'standard' | 'express' | 'serverless';
export type MetadataMode = 'kraft' | 'zookeeper';
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'Sum';

/** `fraction` is 0 to 1, whatever the metric's name says. `seconds` of lag are time to drain, not age. */
export type MetricMeaning =
  | 'count'
  | 'percent'
  | 'fraction'
  | 'bytes'
  | 'bytes-per-second'
  | 'messages-per-second'
  | 'connections-per-second'
  | 'milliseconds'
  | 'seconds'
  | 'offsets'
  | 'packets'
  | 'credits'
  | 'state';

export const dimensionNames = [
  'Cluster Name',
  'Broker ID',
  'Topic',
  'Consumer Group',
  'Partition',
  'Client Authentication',
] as const;
export type DimensionName = (typeof dimensionNames)[number];
