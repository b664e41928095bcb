import { scheduleOf } from '../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import {
  alarmOwnerPrefixOf,
  arnOf,
  functionLogicalId,
  functionNameOf,
  prefixOf,
  roleNameOf,
  ruleNameOf,
  type StackContext,
  scheduleNameOf,
} from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { keyGrants } from '../../shared/deployment/own-keys.ts';
import { mergeResources, resourcesOf } from '../../shared/deployment/resources.ts';
import { getAtt, policyDocument, type Resource, type Resources, ref } from '../../shared/deployment/template.ts';
import { statementOf, writingToQueues } from './permissions.ts';
import { queueLogicalId } from './queues.ts';

export const schedulerRoleLogicalId = 'SchedulerRole';
const alarmRuleId = (slug: string): string => logicalIdOf('AlarmRule', slug);
const wokenByAlarms = ({ functions }: StackContext) => functions.filter(({ isWokenByAlarms }) => isWokenByAlarms);

/** Rules whose undelivered events are kept: the queue lets these write and no others. */
export const alarmRuleIdsOf = (context: StackContext): readonly string[] =>
  wokenByAlarms(context).map(({ slug }) => alarmRuleId(slug));

/** A rule as EventBridge's metrics name it; without a bus of its own it hears the default one. */
export type RuleIdentity = { readonly name: string; readonly busName?: string };

/** The rules by which alarms wake functions. */
export const alarmRulesOf = (context: StackContext): readonly RuleIdentity[] =>
  wokenByAlarms(context).map(({ slug }) => ({ name: ruleNameOf(context, slug, 'alarms') }));

const groupLogicalId = 'ScheduleGroup';

const schedulerRole = (context: StackContext): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: roleNameOf(context, 'scheduler'),
    Description: `Wakes the scheduled functions of ${prefixOf(context)}`,
    AssumeRolePolicyDocument: policyDocument([
      {
        Sid: 'ScheduleGroupOfThisStack',
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: ['sts:AssumeRole'],
        Condition: {
          StringEquals: { 'aws:SourceAccount': context.cluster.accountId },
          ArnEquals: { 'aws:SourceArn': arnOf(context, 'scheduler', `schedule-group/${prefixOf(context)}`) },
        },
      },
    ]),
    Policies: [
      {
        PolicyName: 'wake',
        PolicyDocument: policyDocument([
          {
            Sid: 'InvokeScheduledFunctions',
            Effect: 'Allow',
            Action: ['lambda:InvokeFunction'],
            Resource: context.functions
              .filter(({ schedules }) => schedules.length > 0)
              .map(({ slug }) => arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}`)),
          },
          {
            Sid: 'KeepWhatCouldNotBeDelivered',
            Effect: 'Allow',
            Action: ['sqs:SendMessage'],
            Resource: getAtt(queueLogicalId('undelivered-schedules'), 'Arn'),
          },
          ...keyGrants(context, 'queues', writingToQueues).map(statementOf),
        ]),
      },
    ],
  },
});

const schedulesOf = (context: StackContext, definition: FunctionDefinition): Resources =>
  resourcesOf(
    definition.schedules.map(({ key, scope, maxAgeSeconds }) => [
      logicalIdOf('Schedule', key),
      {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: scheduleNameOf(context, key),
          GroupName: ref(groupLogicalId),
          Description: `Wakes ${definition.slug}, ${scope}`,
          ScheduleExpression: scheduleOf(context.configuration, key),
          ScheduleExpressionTimezone: context.configuration.timeZone,
          FlexibleTimeWindow: { Mode: 'OFF' },
          State: 'ENABLED',
          Target: {
            Arn: getAtt(functionLogicalId(definition.slug), 'Arn'),
            RoleArn: getAtt(schedulerRoleLogicalId, 'Arn'),
            // Scheduler puts the time that was due in the place of <aws.scheduler.scheduled-time>.
            Input: JSON.stringify({
              source: 'mskeeper.schedule',
              procedure: definition.slug,
              scope,
              scheduledTime: '<aws.scheduler.scheduled-time>',
            }),
            RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: maxAgeSeconds },
            DeadLetterConfig: { Arn: getAtt(queueLogicalId('undelivered-schedules'), 'Arn') },
          },
        },
      } satisfies Resource,
    ]),
  );

/**
 * Every state change of an alarm of this account and Region that carries this procedure's name, and of no other's. A
 * pattern has 2,048 characters, too few for a list of names: the function itself knows its alarms exactly. The watch over mskeeper itself is left out: it must not wake what it watches.
 */
const alarmRule = (context: StackContext, { slug }: FunctionDefinition): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: ruleNameOf(context, slug, 'alarms'),
    Description: `Alarms of ${context.clusterKey} that wake ${slug}`,
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      account: [context.cluster.accountId],
      region: [context.cluster.region],
      detail: {
        alarmName: [{ prefix: alarmOwnerPrefixOf(context, slug) }],
        // Fifty alarms that find their first datapoints after a deploy, or their next ones after a broker's restart, are
        // no reason to look: only what begins and what ends is.
        $or: [{ state: { value: ['ALARM'] } }, { state: { value: ['OK'] }, previousState: { value: ['ALARM'] } }],
      },
    },
    Targets: [
      {
        Id: slug,
        Arn: getAtt(functionLogicalId(slug), 'Arn'),
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 600 },
        DeadLetterConfig: { Arn: getAtt(queueLogicalId('undelivered-alarms'), 'Arn') },
      },
    ],
  },
});

const invokedByAlarmRule = ({ slug }: FunctionDefinition): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: getAtt(functionLogicalId(slug), 'Arn'),
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    // It holds the account. `SourceAccount` beside it is in no example of AWS's, and nobody saw EventBridge send it.
    SourceArn: getAtt(alarmRuleId(slug), 'Arn'),
  },
});

/** A run that Lambda gave up on leaves its event in a queue. */
const onFailure = ({ slug }: FunctionDefinition): Resource => ({
  Type: 'AWS::Lambda::EventInvokeConfig',
  Properties: {
    FunctionName: ref(functionLogicalId(slug)),
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 900,
    DestinationConfig: { OnFailure: { Destination: getAtt(queueLogicalId('failed-runs'), 'Arn') } },
  },
});

/** What wakes the functions, M5 and I9: schedules in the user's time zone, and the alarms' state changes. */
export const wakerResources = (context: StackContext): Resources => {
  // A durable function has no destination: its dead letters have the same queue (infra/stack/stack.ts).
  const procedures = context.functions.filter(({ isProcedure, durable }) => isProcedure && durable === undefined);
  return mergeResources(
    { [groupLogicalId]: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: prefixOf(context) } } },
    { [schedulerRoleLogicalId]: schedulerRole(context) },
    ...context.functions.map((definition) => schedulesOf(context, definition)),
    resourcesOf(
      wokenByAlarms(context).flatMap((one) => [
        [alarmRuleId(one.slug), alarmRule(context, one)],
        [logicalIdOf('AlarmPermission', one.slug), invokedByAlarmRule(one)],
      ]),
    ),
    resourcesOf(procedures.map((one) => [logicalIdOf('OnFailure', one.slug), onFailure(one)])),
  );
};
