import type { Deployment } from '../../../shared/deployment/deployment.ts';
import { planBrokerAlarms } from './alarms/broker.ts';
import { planClusterAlarms } from './alarms/cluster.ts';
import { planTrafficAlarms } from './alarms/traffic.ts';
import { countSeries } from './core/metrics.ts';

export const deployment = {
  does: 'Checks the cluster, light every few minutes and full once a day; changes nothing.',
  answers: ['H1', 'H2', 'H3', 'H10', 'H15', 'I9'],
  drills: ['healthy', 'broker-loss', 'stale-witness', 'least-privilege'],
  function: {
    memoryMiB: 512,
    // Two looks at a cluster that hangs, where somebody was silent, each of which is given up; then judging and telling.
    timeoutSeconds: 120,
    assumedSeconds: 8,
    calls: {
      'kafka:DescribeClusterV2': 1,
      'kafka:ListNodes': 1,
      'kafka:GetBootstrapBrokers': 1,
      'cloudwatch:GetMetricData': 1,
      'cloudwatch:DescribeAlarms': { light: 0, full: 1 },
      'lambda:Invoke kafka-read': 1,
      's3:GetObject state': 1,
      's3:PutObject state': 1,
      's3:PutObject report': 1,
      // A run that an alarm woke, and the schedule's run after it.
      's3:GetObject claim': 0,
      's3:PutObject claim': 0,
      'events:PutEvents': 1,
    },
  },
  schedules: {
    // Older than the next run is of no use to anybody: the next one sees the same cluster.
    light: { usual: 'rate(5 minutes)', keptSeconds: 240, silenceIs: 'critical' },
    full: { usual: 'cron(0 9 * * ? *)', keptSeconds: 3600, silenceIs: 'warning' },
  },
  wokenByAlarms: true,
  publishes: ['BrokersUnreachable'],
  alarms: [planClusterAlarms, planBrokerAlarms, planTrafficAlarms],
  judges: [
    'brokerAnswerTimeoutMs',
    'limits.brokersUnreachable',
    'limits.cpuUsedPercent',
    'limits.diskUsedPercent',
    'limits.heapAfterGcPercent',
    'limits.memoryUsedPercent',
    'limits.messagesInPerSecond',
    'limits.networkUsedPercent',
    'limits.offlinePartitions',
    'limits.partitionsPerBroker',
    'limits.producerRequestMs',
    'limits.underMinIsrPartitions',
    'limits.underReplicatedPartitions',
    'floors.messagesInPerSecond',
    'floors.requestHandlerIdlePercent',
    'floors.topicBytesInPerSecond',
    'floors.topicMessagesInPerSecond',
  ],
  countSeries,
} as const satisfies Deployment;
