import { scheduleOf } from '../../shared/core/configuration.ts';
import type { Alarm, AlarmPlan } from '../../shared/deployment/alarm.ts';
import type { FunctionDefinition, ScheduleDefinition } from '../../shared/deployment/function-definition.ts';
import { functionNameOf, queueNameOf, type StackContext } from '../../shared/deployment/names.ts';
import { type Silence, silenceOf } from '../schedules/schedule-silence.ts';
import { durableAlarms } from './alarms-durable.ts';
import { type FailureQueue, failureQueues } from './queues.ts';

const calm = {
  treatment: 'notBreaching',
  because: 'fine: nothing ran; a heartbeat alarm tells when something should have',
} as const;
const selfAlarm = { owner: 'self', section: 'mskeeper-itself' } as const;

const functionAlarms = (context: StackContext, definition: FunctionDefinition): readonly Alarm[] => {
  const { slug, timeoutSeconds } = definition;
  const lambda = (name: string, statistic: 'Sum' | 'Maximum') =>
    ({
      kind: 'metric',
      metric: {
        namespace: 'AWS/Lambda',
        name,
        dimensions: { FunctionName: functionNameOf(context, slug) },
        statistic,
      },
    }) as const;
  const common = { ...selfAlarm, severity: 'warning', subject: slug, missing: calm } as const;
  return [
    {
      ...common,
      slug: 'errors',
      signal: lambda('Errors', 'Sum'),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      periodSeconds: 300,
      // One failed run is retried and followed by the next; two in a quarter of an hour are not chance.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      sentence: `runs of ${slug} end in an error.`,
    },
    {
      ...common,
      slug: 'throttles',
      signal: lambda('Throttles', 'Sum'),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      periodSeconds: 300,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      sentence: `Lambda throttles ${slug}: the account's concurrency is used up.`,
    },
    {
      ...common,
      slug: 'near-timeout',
      signal: lambda('Duration', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: Math.round(timeoutSeconds * 1000 * 0.8),
      periodSeconds: 300,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      sentence: `${slug} needs more than 80 % of its ${timeoutSeconds} s.`,
    },
  ];
};

const queueSentence = {
  'failed-runs': 'a run failed for good; its event waits in the queue.',
  'undelivered-schedules': 'a scheduled wake-up could not be delivered.',
  'undelivered-alarms': "an alarm's or another event's wake-up could not be delivered.",
} as const satisfies Record<FailureQueue, string>;

const queueAlarm = (context: StackContext, queue: FailureQueue): Alarm => ({
  ...selfAlarm,
  slug: 'queue-not-empty',
  severity: 'warning',
  subject: queue,
  signal: {
    kind: 'metric',
    metric: {
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queueNameOf(context, queue) },
      statistic: 'Maximum',
    },
  },
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  periodSeconds: 300,
  evaluationPeriods: 1,
  missing: { treatment: 'notBreaching', because: 'fine, since SQS stops telling about a queue that nobody uses' },
  sentence: queueSentence[queue],
});

/**
 * Silence as zeros: left to the treatment of missing data, CloudWatch would go on judging the last runs that it still finds
 * behind the evaluation periods, and speak two periods later than the sentence says.
 */
const heartbeat = (
  { clusterKey }: StackContext,
  { slug }: FunctionDefinition,
  { key, heartbeatMetric, silenceIs }: ScheduleDefinition,
  { periodSeconds, evaluationPeriods }: Silence,
): Alarm => ({
  ...selfAlarm,
  slug: 'heartbeat',
  severity: silenceIs,
  subject: key,
  signal: {
    kind: 'math',
    expression: 'FILL(m1, 0)',
    label: 'runs',
    metricById: {
      m1: {
        namespace: 'mskeeper',
        name: heartbeatMetric,
        dimensions: { Cluster: clusterKey, Procedure: slug },
        statistic: 'Sum',
      },
    },
  },
  comparison: 'LessThanThreshold',
  threshold: 1,
  periodSeconds,
  evaluationPeriods,
  missing: { treatment: 'breaching', because: 'breaching, since silence is what this alarm listens for' },
  sentence: `${key} has not finished a run for ${(periodSeconds * evaluationPeriods) / 60} min: nobody watches the cluster.`,
});

const planHeartbeats = (context: StackContext, definition: FunctionDefinition): AlarmPlan => {
  const plans = definition.schedules.map((schedule) => {
    const { key } = schedule;
    const silence = silenceOf(scheduleOf(context.configuration, key));
    return { key, alarm: silence && heartbeat(context, definition, schedule, silence) };
  });
  return {
    alarms: plans.flatMap(({ alarm }) => alarm ?? []),
    notMade: plans
      .filter(({ alarm }) => alarm === undefined)
      .map(({ key }) => ({
        what: `heartbeat of ${key}`,
        because: 'it does not run every day, and CloudWatch looks back a week at most',
      })),
  };
};

/** mskeeper watches itself: errors, throttles, time, what could not be delivered, and the heartbeat of every schedule. */
export const planSelfAlarms = (context: StackContext): AlarmPlan => {
  const heartbeats = context.functions.map((definition) => planHeartbeats(context, definition));
  return {
    alarms: [
      ...context.functions.flatMap((definition) => functionAlarms(context, definition)),
      ...context.functions
        .filter(({ durable }) => durable !== undefined)
        .flatMap((definition) => durableAlarms(context, definition)),
      ...failureQueues.map((queue) => queueAlarm(context, queue)),
      ...heartbeats.flatMap(({ alarms }) => alarms),
    ],
    notMade: heartbeats.flatMap(({ notMade }) => notMade),
  };
};
