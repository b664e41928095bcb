import { scheduleOf } from '../../shared/core/configuration.ts';
import type { Alarm, AlarmPlan, Signal } from '../../shared/deployment/alarm.ts';
import type { FunctionDefinition, ScheduleDefinition } from '../../shared/deployment/function-definition.ts';
import { queueNameOf, type StackContext } from '../../shared/deployment/names.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import { minutesOfSilence, type Silence, silenceOf } from '../schedules/schedule-silence.ts';
import { planDeliveryAlarms } from './alarms-delivery.ts';
import { planDurableAlarms } from './alarms-durable.ts';
import { planTellerAlarms } from './alarms-teller.ts';
import { lambdaMetrics } from './function-groups.ts';
import { type FailureQueue, failureQueues } from './queues.ts';

const selfAlarm = { owner: 'self', section: 'mskeeper-itself' } as const;

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

const finished = ['Invocations', 'Errors'] as const;

/**
 * What tells that a schedule's runs finish. Lambda itself does for a function with one schedule, each of whose good runs does
 * that schedule's work. Of one with several a good run may have left its alarm to another run, and sixty of those prove no
 * look: a run that did what a schedule asks says so itself, and one metric serves all schedules by its value.
 */
const completions = (
  context: StackContext,
  { slug }: FunctionDefinition,
  { heartbeat }: ScheduleDefinition,
): Pick<Extract<Signal, { kind: 'math' }>, 'expression' | 'metricById'> => {
  if (heartbeat === undefined) {
    const metricById = lambdaMetrics(context, [slug], finished, 'Sum');
    const filled = Object.keys(metricById).map((id) => `FILL(${id}, 0)`);
    return { expression: filled.join(' - '), metricById };
  }
  const metric = {
    namespace: 'mskeeper',
    name: heartbeat.metric,
    dimensions: { Cluster: context.clusterKey, Procedure: slug },
    statistic: 'Maximum',
  } as const;
  return { expression: 'FILL(m1, 0)', metricById: { m1: metric } };
};

/**
 * Silence as zeros: left to the treatment of missing data, CloudWatch would go on judging the last runs that it still finds
 * behind the evaluation periods, and speak two periods later than the sentence says.
 */
const heartbeatAlarm = (
  context: StackContext,
  definition: FunctionDefinition,
  schedule: ScheduleDefinition,
  silence: Silence,
): Alarm => ({
  ...selfAlarm,
  slug: 'heartbeat',
  severity: schedule.silenceIs,
  subject: schedule.key,
  signal: { kind: 'math', label: 'runs', ...completions(context, definition, schedule) },
  comparison: 'LessThanThreshold',
  threshold: schedule.heartbeat?.least ?? 1,
  ...silence,
  missing: { treatment: 'breaching', because: 'breaching, since silence is what this alarm listens for' },
  sentence: `${schedule.key} has not finished a run for ${minutesOfSilence(silence)} min: nobody watches the cluster.`,
});

const planHeartbeats = (context: StackContext, definition: FunctionDefinition): AlarmPlan => {
  const plans = definition.schedules.map((schedule) => {
    const { key } = schedule;
    const { timeZone } = context.configuration;
    const silence = silenceOf(scheduleOf(context.configuration, key), { timeZone, nowMs: context.nowMs });
    return { key, alarm: silence && heartbeatAlarm(context, definition, schedule, silence) };
  });
  return {
    alarms: plans.flatMap(({ alarm }) => alarm ?? []),
    notMade: plans
      .filter(({ alarm }) => alarm === undefined)
      .map(({ key }) => ({
        what: `heartbeat of ${key}`,
        because: 'it stays away for longer than CloudWatch looks back, a week at most',
      })),
  };
};

/**
 * mskeeper watches itself: what it lost or could not deliver or tell, what dies out of sight, and the heartbeat of every schedule.
 * That of whoever tells people is `incident-silent`, which hears him sooner, and has no second one beside it; a daily look of his that
 * fails or cannot be woken lies in a queue, which is watched.
 * No alarm a function on errors, throttles and time: a run that fails, waits too long for concurrency or is cut off at its
 * timeout is one that Lambda gives up on, and its event comes into the queue of failed runs. kafka-read has no queue and needs
 * none: it is invoked, and its caller hears and says what it does not know.
 */
export const planSelfAlarms = (context: StackContext): AlarmPlan => {
  const teller = tellerOf(context);
  const heartbeats = context.functions
    .filter((definition) => definition !== teller)
    .map((definition) => planHeartbeats(context, definition));
  return {
    alarms: [
      ...planTellerAlarms(context),
      ...planDurableAlarms(context),
      ...planDeliveryAlarms(context),
      ...failureQueues.map((queue) => queueAlarm(context, queue)),
      ...heartbeats.flatMap(({ alarms }) => alarms),
    ],
    notMade: heartbeats.flatMap(({ notMade }) => notMade),
  };
};
