import { alarmsOf } from '../../../../infra/stack/alarms.ts';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import type { Alarm, MetricReference } from '../../../../shared/deployment/alarm.ts';
import { contextWith } from './stack-under-test.ts';

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
  new Set(alarmsOf(contextWith(cluster, preset)).map(({ slug }) => slug));

export const alarmsNamed = (cluster: Partial<ClusterConfiguration>, slug: string, preset?: string): readonly Alarm[] =>
  alarmsOf(contextWith(cluster, preset)).filter((alarm) => alarm.slug === slug);
