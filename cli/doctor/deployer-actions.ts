import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import {
  alarmPrefixOf,
  arnOf,
  clusterClaimNameOf,
  functionNameOf,
  prefixOf,
  type StackContext,
} from '../../shared/deployment/names.ts';
import type { Resources } from '../../shared/deployment/template.ts';
import { textAt } from './template-names.ts';

/** One kind of resource that a deploy makes, and what the person who deploys must be allowed to do with it. */
export type DeployerActions = {
  /** The first cell of its row in docs/deploy.md. */
  readonly row: string;
  readonly actions: readonly string[];
  readonly resourceArns: readonly string[];
  readonly contextEntries?: readonly { readonly key: string; readonly values: readonly string[] }[];
};

const actionsOf = (service: string, names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`);

/**
 * docs/deploy.md's table of what the person who deploys may do, with a name of each kind out of the template. A test keeps
 * the two equal. Left out is what names a thing that does not exist yet and has no name of ours: the topics' key.
 *
 * @param resources the stack's, as packaging makes them
 */
export const planDeployerActions = (context: StackContext, resources: Resources): readonly DeployerActions[] => {
  const { configuration, partition, cluster } = context;
  const prefix = prefixOf(context);
  /** The first of its kind: one answer tells whether the person may do it, and IAM answers few requests a second. */
  const first = (type: string, property: string): string | undefined =>
    Object.values(resources)
      // A rule of mskeeper's own bus has another form of ARN.
      .filter(({ Type, Properties }) => Type === type && Properties.EventBusName === undefined)
      .map((one) => textAt(one, property))
      .find((name) => name !== '');
  const arnsOf = (type: string, property: string, service: string, kind = ''): readonly string[] => {
    const name = first(type, property);
    return name === undefined ? [] : [arnOf(context, service, `${kind}${name}`)];
  };
  const role = `arn:${partition}:iam::${cluster.accountId}:role/${first('AWS::IAM::Role', 'RoleName') ?? prefix}`;
  const nameOf = (isWanted: (one: FunctionDefinition) => boolean): readonly string[] =>
    context.functions
      .filter(isWanted)
      .slice(0, 1)
      .map(({ slug }) => functionNameOf(context, slug));
  const functions = nameOf(() => true);
  const durable = nameOf((one) => one.durable !== undefined);
  const endpoints = Object.values(configuration.channels.endpoints);
  const parameters = endpoints.flatMap((one) => ('parameter' in one ? [one.parameter] : []));
  const secrets = endpoints.flatMap((one) => ('secret' in one ? [one.secret] : []));
  const bucket = `arn:${partition}:s3:::${prefix}-doctor`;
  return [
    {
      row: 'the stack',
      actions: actionsOf(
        'cloudformation',
        'CreateStack UpdateStack DeleteStack DescribeStacks DescribeStackEvents DescribeStackResource ListStackResources',
      ),
      resourceArns: [arnOf(context, 'cloudformation', `stack/${prefix}/doctor`)],
    },
    { row: 'the stack', actions: ['cloudformation:ValidateTemplate'], resourceArns: ['*'] },
    {
      row: 'bundles and reports',
      actions: actionsOf(
        's3',
        `CreateBucket DeleteBucket PutBucketPolicy GetBucketPolicy DeleteBucketPolicy PutEncryptionConfiguration
         PutBucketPublicAccessBlock PutBucketOwnershipControls PutBucketVersioning PutLifecycleConfiguration
         PutBucketTagging ListBucket ListBucketVersions GetBucketLocation`,
      ),
      resourceArns: [bucket],
    },
    {
      row: 'bundles and reports',
      actions: actionsOf('s3', 'PutObject GetObject DeleteObject'),
      resourceArns: [`${bucket}/doctor`],
    },
    {
      row: 'functions',
      actions: actionsOf(
        'lambda',
        `CreateFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction GetFunction
         GetFunctionConfiguration AddPermission RemovePermission PutFunctionEventInvokeConfig
         DeleteFunctionEventInvokeConfig TagResource InvokeFunction`,
      ),
      resourceArns: functions.map((name) => arnOf(context, 'lambda', `function:${name}`)),
    },
    {
      row: 'functions',
      actions: actionsOf('ec2', 'DescribeSubnets DescribeSecurityGroups DescribeVpcs'),
      resourceArns: ['*'],
    },
    {
      row: 'durable functions',
      actions: actionsOf(
        'lambda',
        'PublishVersion ListVersionsByFunction CreateAlias UpdateAlias DeleteAlias GetAlias',
      ),
      resourceArns: durable.map((name) => arnOf(context, 'lambda', `function:${name}`)),
    },
    {
      row: 'logs',
      actions: actionsOf('logs', 'CreateLogGroup DeleteLogGroup PutRetentionPolicy DescribeLogGroups TagResource'),
      resourceArns: functions.map((name) => arnOf(context, 'logs', `log-group:/aws/lambda/${name}:*`)),
    },
    {
      row: 'roles',
      actions: actionsOf(
        'iam',
        `CreateRole DeleteRole GetRole PutRolePolicy DeleteRolePolicy GetRolePolicy UpdateAssumeRolePolicy
         UpdateRole UpdateRoleDescription TagRole`,
      ),
      resourceArns: [role],
    },
    ...['lambda', 'scheduler'].map((service) => ({
      row: 'roles',
      actions: ['iam:PassRole'],
      resourceArns: [role],
      contextEntries: [{ key: 'iam:PassedToService', values: [`${service}.amazonaws.com`] }],
    })),
    {
      row: 'bus and rule',
      actions: actionsOf(
        'events',
        'CreateEventBus DeleteEventBus DescribeEventBus UpdateEventBus PutPermission RemovePermission',
      ),
      resourceArns: arnsOf('AWS::Events::EventBus', 'Name', 'events', 'event-bus/'),
    },
    {
      row: 'bus and rule',
      actions: actionsOf('events', 'PutRule DeleteRule DescribeRule PutTargets RemoveTargets TagResource'),
      resourceArns: arnsOf('AWS::Events::Rule', 'Name', 'events', 'rule/'),
    },
    {
      row: 'schedules',
      actions: actionsOf('scheduler', 'CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup TagResource'),
      resourceArns: arnsOf('AWS::Scheduler::ScheduleGroup', 'Name', 'scheduler', 'schedule-group/'),
    },
    {
      row: 'schedules',
      actions: actionsOf('scheduler', 'CreateSchedule UpdateSchedule DeleteSchedule GetSchedule'),
      resourceArns: arnsOf('AWS::Scheduler::Schedule', 'Name', 'scheduler', `schedule/${prefix}/`),
    },
    {
      row: 'topics',
      actions: actionsOf(
        'sns',
        'CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes Subscribe Unsubscribe TagResource',
      ),
      resourceArns: arnsOf('AWS::SNS::Topic', 'TopicName', 'sns'),
    },
    ...(parameters.length === 0
      ? []
      : [
          {
            row: 'their addresses',
            actions: ['ssm:GetParameters'],
            resourceArns: parameters.map((name) =>
              arnOf(context, 'ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`),
            ),
          },
        ]),
    ...(secrets.length === 0
      ? []
      : [
          {
            row: 'their addresses',
            actions: ['secretsmanager:GetSecretValue'],
            resourceArns: secrets.map((id) =>
              id.startsWith('arn:') ? id : arnOf(context, 'secretsmanager', `secret:${id}-doctor`),
            ),
          },
        ]),
    { row: 'their key', actions: ['kms:CreateKey'], resourceArns: ['*'] },
    {
      row: 'the claim on the cluster',
      actions: actionsOf('ssm', 'PutParameter GetParameters DeleteParameter AddTagsToResource'),
      resourceArns: [arnOf(context, 'ssm', `parameter${clusterClaimNameOf(context)}`)],
    },
    {
      row: 'queues',
      actions: actionsOf('sqs', 'CreateQueue DeleteQueue GetQueueAttributes SetQueueAttributes TagQueue'),
      resourceArns: arnsOf('AWS::SQS::Queue', 'QueueName', 'sqs'),
    },
    {
      row: 'alarms',
      actions: actionsOf('cloudwatch', 'PutMetricAlarm DeleteAlarms DescribeAlarms TagResource'),
      resourceArns: [arnOf(context, 'cloudwatch', `alarm:${alarmPrefixOf(context)}doctor`)],
    },
  ];
};
