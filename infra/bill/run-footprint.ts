import { planMetrics } from '../../functions/health/cluster-health/core/metrics.ts';
import type { ClusterConfiguration } from '../../shared/core/configuration.ts';
import { brokerIdsOf } from '../../shared/deployment/alarm-levels.ts';

/**
 * What one run leaves on the bill while all is quiet: nothing changed since the run before, nobody is told, no retry.
 * test/integration/packaged/footprint.test.ts counts it in runs of the packaged functions and fails where they differ.
 */
export type RunFootprint = {
  /** Calls by service and operation, as the SDK signs them: `monitoring` is CloudWatch. */
  readonly callCountByOperation: Readonly<Record<string, number>>;
  /** Functions that its `lambda:Invoke` wakes, by slug. */
  readonly invocationCountBySlug: Readonly<Record<string, number>>;
  /** Entries of its `events:PutEvents`, each billed. */
  readonly eventCount: number;
  /** Documents that it adds to the bucket and nothing overwrites. */
  readonly reportCount: number;
  /** Series that it publishes in mskeeper's own namespace: the procedure where that is a dimension, and the name. */
  readonly publishedMetrics: readonly string[];
  /** Series that its `monitoring:GetMetricData` asks for, each billed. */
  readonly metricsRequested: (cluster: ClusterConfiguration) => number;
  /** Billed time, guessed on the safe side: nothing of this was measured on AWS. */
  readonly assumedSeconds: number;
};

/** The scope of a run that another function's run invokes. */
export const invokedScope = 'invoked';

const healthLight: RunFootprint = {
  callCountByOperation: {
    'kafka:DescribeClusterV2': 1,
    'kafka:ListNodes': 1,
    'kafka:GetBootstrapBrokers': 1,
    'monitoring:GetMetricData': 1,
    'lambda:Invoke': 1,
    's3:GetObject': 1,
    's3:PutObject': 2,
    'events:PutEvents': 1,
  },
  invocationCountBySlug: { 'kafka-read': 1 },
  eventCount: 1,
  reportCount: 1,
  publishedMetrics: ['BrokersUnreachable', 'cluster-health RunCompleted', 'cluster-health RunDurationMs'],
  metricsRequested: (cluster) => planMetrics('light', cluster, brokerIdsOf(cluster)).length,
  assumedSeconds: 8,
};

/** By slug and scope. A function that nothing wakes in a quiet month has no scope; one that is not here is an error. */
export const footprintBySlug: Readonly<Record<string, Readonly<Record<string, RunFootprint>>>> = {
  'cluster-health': {
    light: healthLight,
    full: {
      ...healthLight,
      callCountByOperation: { ...healthLight.callCountByOperation, 'monitoring:DescribeAlarms': 1 },
      publishedMetrics: [...healthLight.publishedMetrics, 'cluster-health FullRunCompleted'],
      metricsRequested: (cluster) => planMetrics('full', cluster, brokerIdsOf(cluster)).length,
    },
  },
  'kafka-read': {
    // With SCRAM or mTLS a cold start reads the secret, too; the rest of its work is between it and the brokers.
    [invokedScope]: {
      callCountByOperation: {},
      invocationCountBySlug: {},
      eventCount: 0,
      reportCount: 0,
      publishedMetrics: ['kafka-read RunCompleted', 'kafka-read RunDurationMs'],
      metricsRequested: () => 0,
      assumedSeconds: 5,
    },
  },
  // Alarms, forecasts and people wake it: none of them in a quiet month.
  'storage-scaling': {},
  'storage-scaling-run': {},
};
