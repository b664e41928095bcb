import { queueNameOf, roleLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import {
  denyWithoutTls,
  getAtt,
  type Json,
  policyDocument,
  type Resource,
  type Resources,
  ref,
  type Statement,
} from '../../shared/deployment/template.ts';

/** Where what failed is kept for a person: a run, a schedule's wake-up, the wake-up of an alarm or another event. */
export const failureQueues = ['failed-runs', 'undelivered-schedules', 'undelivered-alarms'] as const;
export type FailureQueue = (typeof failureQueues)[number];

const logicalIds = {
  'failed-runs': 'FailedRunsQueue',
  'undelivered-schedules': 'UndeliveredSchedulesQueue',
  'undelivered-alarms': 'UndeliveredAlarmsQueue',
} as const satisfies Record<FailureQueue, string>;
export const queueLogicalId = (queue: FailureQueue): string => logicalIds[queue];

const queue = (context: StackContext, name: FailureQueue): Resource => {
  const KmsMasterKeyId = ownKeyOf(context, 'queues');
  return {
    Type: 'AWS::SQS::Queue',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      QueueName: queueNameOf(context, name),
      MessageRetentionPeriod: 1_209_600,
      ...(KmsMasterKeyId === undefined ? { SqsManagedSseEnabled: true } : { KmsMasterKeyId }),
    },
  };
};

const queuePolicy = (name: FailureQueue, principal: Json, condition?: Statement['Condition']): Resource => {
  const queueArn = getAtt(queueLogicalId(name), 'Arn');
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref(queueLogicalId(name))],
      PolicyDocument: policyDocument([
        {
          Sid: 'Writers',
          Effect: 'Allow',
          Principal: principal,
          Action: ['sqs:SendMessage'],
          Resource: queueArn,
          ...(condition !== undefined && { Condition: condition }),
        },
        denyWithoutTls('sqs:SendMessage', queueArn),
      ]),
    },
  };
};

/** The queues and who may write to each: functions by their own roles, Scheduler by its role, EventBridge for its rules. */
export const queueResources = (context: StackContext, schedulerRole: string, rules: readonly string[]): Resources => ({
  ...Object.fromEntries(failureQueues.map((name) => [queueLogicalId(name), queue(context, name)])),
  FailedRunsQueuePolicy: queuePolicy('failed-runs', {
    AWS: context.functions
      .filter(({ isProcedure }) => isProcedure)
      .map(({ slug }) => getAtt(roleLogicalId(slug), 'Arn')),
  }),
  UndeliveredSchedulesQueuePolicy: queuePolicy('undelivered-schedules', { AWS: getAtt(schedulerRole, 'Arn') }),
  UndeliveredAlarmsQueuePolicy: queuePolicy(
    'undelivered-alarms',
    { Service: 'events.amazonaws.com' },
    { ArnEquals: { 'aws:SourceArn': rules.map((rule) => getAtt(rule, 'Arn')) } },
  ),
});
