import { isOfSns } from '../../shared/core/reached.ts';
import { amazonQEndpointsOf } from '../../shared/deployment/channel-grants.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import {
  alarmPrefixOf,
  amazonQConfigurationNameOf,
  arnOf,
  clusterClaimNameOf,
  functionNameOf,
  parameterArnOf,
  prefixOf,
  type StackContext,
} from '../../shared/deployment/names.ts';
import type { Resources } from '../../shared/deployment/template.ts';
import { endpointsInUse } from './references.ts';
import { textAt } from './template-names.ts';

/** ARNs of what a deploy makes, one of each kind: one answer tells whether a person may do it, and IAM answers few a second. */
export type DeployerNames = Readonly<
  Record<
    | 'stack'
    | 'bucket'
    | 'objects'
    | 'function'
    | 'durable'
    | 'reserved'
    | 'logGroup'
    | 'role'
    | 'bus'
    | 'rule'
    | 'scheduleGroup'
    | 'schedule'
    | 'topic'
    | 'parameters'
    | 'secrets'
    | 'claim'
    | 'queue'
    | 'alarm'
    | 'amazonQ'
    | 'amazonQServiceRole'
    | 'eventSourceMapping'
    | 'any',
    readonly string[]
  >
>;

/** @param resources the stack's, as packaging makes them */
export const deployerNamesOf = (context: StackContext, resources: Resources): DeployerNames => {
  const { partition, cluster } = context;
  const prefix = prefixOf(context);
  const firstOf = (type: string, property: string): readonly string[] =>
    Object.values(resources)
      // A rule of mskeeper's own bus has another form of ARN.
      .filter(({ Type, Properties }) => Type === type && Properties.EventBusName === undefined)
      .map((one) => textAt(one, property))
      .filter((name) => name !== '')
      .slice(0, 1);
  const arnsOf = (type: string, property: string, service: string, kind = ''): readonly string[] =>
    firstOf(type, property).map((name) => arnOf(context, service, `${kind}${name}`));
  const functionsOf = (isWanted: (one: FunctionDefinition) => boolean): readonly string[] =>
    context.functions
      .filter(isWanted)
      .slice(0, 1)
      .map(({ slug }) => functionNameOf(context, slug));
  const lambda = (names: readonly string[]) => names.map((name) => arnOf(context, 'lambda', `function:${name}`));
  // What CloudFormation reads is what SNS delivers to.
  const endpoints = Object.values(endpointsInUse(context)).filter(isOfSns);
  const reserved = cluster.stack?.reservedConcurrency ?? {};
  return {
    stack: [arnOf(context, 'cloudformation', `stack/${prefix}/doctor`)],
    bucket: [`arn:${partition}:s3:::${prefix}-doctor`],
    objects: [`arn:${partition}:s3:::${prefix}-doctor/doctor`],
    function: lambda(functionsOf(() => true)),
    durable: lambda(functionsOf((one) => one.durable !== undefined)),
    reserved: lambda(functionsOf(({ slug }) => Object.hasOwn(reserved, slug))),
    logGroup: functionsOf(() => true).map((name) => arnOf(context, 'logs', `log-group:/aws/lambda/${name}:*`)),
    role: firstOf('AWS::IAM::Role', 'RoleName').map(
      (name) => `arn:${partition}:iam::${cluster.accountId}:role/${name}`,
    ),
    bus: arnsOf('AWS::Events::EventBus', 'Name', 'events', 'event-bus/'),
    rule: arnsOf('AWS::Events::Rule', 'Name', 'events', 'rule/'),
    scheduleGroup: arnsOf('AWS::Scheduler::ScheduleGroup', 'Name', 'scheduler', 'schedule-group/'),
    schedule: arnsOf('AWS::Scheduler::Schedule', 'Name', 'scheduler', `schedule/${prefix}/`),
    topic: arnsOf('AWS::SNS::Topic', 'TopicName', 'sns'),
    parameters: endpoints.flatMap((one) => ('parameter' in one ? [parameterArnOf(context, one.parameter)] : [])),
    secrets: endpoints.flatMap((one) =>
      'secret' in one
        ? [one.secret.startsWith('arn:') ? one.secret : arnOf(context, 'secretsmanager', `secret:${one.secret}-doctor`)]
        : [],
    ),
    claim: [parameterArnOf(context, clusterClaimNameOf(context))],
    queue: arnsOf('AWS::SQS::Queue', 'QueueName', 'sqs'),
    alarm: [arnOf(context, 'cloudwatch', `alarm:${alarmPrefixOf(context)}doctor`)],
    amazonQ: amazonQEndpointsOf(context)
      .slice(0, 1)
      .map(([name]) => {
        const configuration = amazonQConfigurationNameOf(context, name);
        return `arn:${partition}:chatbot::${cluster.accountId}:chat-configuration/slack-channel/${configuration}`;
      }),
    amazonQServiceRole: [
      `arn:${partition}:iam::${cluster.accountId}:role/aws-service-role/management.chatbot.amazonaws.com/AWSServiceRoleForAWSChatbot`,
    ],
    eventSourceMapping: Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')
      .slice(0, 1)
      .map(() => arnOf(context, 'lambda', `event-source-mapping:${prefix}-doctor`)),
    any: ['*'],
  };
};
