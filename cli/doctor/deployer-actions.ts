import { alarmPrefixOf, arnOf, functionNameOf, prefixOf, type StackContext } from '../../shared/deployment/names.ts';

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
 * docs/deploy.md's table of what the person who deploys may do, with a resource of each kind to ask about. A test keeps the
 * two equal. Left out is what names a thing that does not exist yet and has no name of ours: the topics' key.
 */
export const planDeployerActions = (context: StackContext): readonly DeployerActions[] => {
  const { configuration, partition, cluster } = context;
  const prefix = prefixOf(context);
  const role = `arn:${partition}:iam::${cluster.accountId}:role/${prefix}-doctor-${cluster.region}`;
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
      resourceArns: [arnOf(context, 'lambda', `function:${functionNameOf(context, 'kafka-read')}`)],
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
      resourceArns: [arnOf(context, 'lambda', `function:${functionNameOf(context, 'kafka-read')}`)],
    },
    {
      row: 'logs',
      actions: actionsOf('logs', 'CreateLogGroup DeleteLogGroup PutRetentionPolicy DescribeLogGroups TagResource'),
      resourceArns: [arnOf(context, 'logs', `log-group:/aws/lambda/${functionNameOf(context, 'kafka-read')}:*`)],
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
      resourceArns: [arnOf(context, 'events', `event-bus/${prefix}`)],
    },
    {
      row: 'bus and rule',
      actions: actionsOf('events', 'PutRule DeleteRule DescribeRule PutTargets RemoveTargets TagResource'),
      resourceArns: [arnOf(context, 'events', `rule/${prefix}-alarms`)],
    },
    {
      row: 'schedules',
      actions: actionsOf('scheduler', 'CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup TagResource'),
      resourceArns: [arnOf(context, 'scheduler', `schedule-group/${prefix}`)],
    },
    {
      row: 'schedules',
      actions: actionsOf('scheduler', 'CreateSchedule UpdateSchedule DeleteSchedule GetSchedule'),
      resourceArns: [arnOf(context, 'scheduler', `schedule/${prefix}/${prefix}-cluster-health-light`)],
    },
    {
      row: 'topics',
      actions: actionsOf(
        'sns',
        'CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes Subscribe Unsubscribe TagResource',
      ),
      resourceArns: [arnOf(context, 'sns', `${prefix}-critical`)],
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
      row: 'queues',
      actions: actionsOf('sqs', 'CreateQueue DeleteQueue GetQueueAttributes SetQueueAttributes TagQueue'),
      resourceArns: [arnOf(context, 'sqs', `${prefix}-failed-runs`)],
    },
    {
      row: 'alarms',
      actions: actionsOf('cloudwatch', 'PutMetricAlarm DeleteAlarms DescribeAlarms TagResource'),
      resourceArns: [arnOf(context, 'cloudwatch', `alarm:${alarmPrefixOf(context)}doctor`)],
    },
  ];
};
