import type { Alarm, Signal } from '../../../../shared/deployment/alarm.ts';
import { levelsOf } from '../../../../shared/deployment/alarm-levels.ts';
import { mskMetric } from '../../../../shared/deployment/metrics.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import { clusterAlarm } from './cluster-alarm.ts';

const throughput = ({ cluster }: StackContext): Signal => ({
  kind: 'math',
  expression: 'SUM(METRICS())',
  label: 'messages a second',
  metricById: Object.fromEntries(
    cluster.brokerIds.map((id) => [`m${id}`, mskMetric(cluster, 'MessagesInPerSec', { 'Broker ID': String(id) })]),
  ),
});

/** Messages a second into the whole cluster, above its limit or below its floor (I9). */
export const throughputAlarms = (context: StackContext): readonly Alarm[] => {
  const { limits, floors } = context.configuration.policy;
  const signal = throughput(context);
  const missing = { treatment: 'missing', because: 'unknown, since brokers that restart are not counted' } as const;
  return [
    ...levelsOf(limits.messagesInPerSecond).map((level) =>
      clusterAlarm(level, {
        slug: 'high-throughput',
        signal,
        missing,
        sentence: `the cluster takes more than ${level.threshold} messages a second${level.duration}.`,
      }),
    ),
    ...levelsOf(floors.messagesInPerSecond).map((level) => ({
      ...clusterAlarm(level, {
        slug: 'low-throughput',
        signal,
        missing,
        sentence: `the cluster takes fewer than ${level.threshold} messages a second${level.duration}.`,
      }),
      comparison: 'LessThanThreshold' as const,
    })),
  ];
};
