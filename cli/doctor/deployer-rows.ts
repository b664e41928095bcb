import type { DeployerNames } from './deployer-names.ts';

/** Actions of one service, names without it, on one kind of thing. */
export type DeployerRow = {
  /** The first cell of its row in docs/deploy.md. */
  readonly row: string;
  readonly service: string;
  readonly actions: string;
  /** Where the Service Authorization Reference names no type of resource for an action, only `*` grants it. */
  readonly on: keyof DeployerNames | { readonly arns: readonly string[] };
  readonly contextEntries?: readonly { readonly key: string; readonly values: readonly string[] }[];
};

export const passRole = (service: string): DeployerRow => ({
  row: 'roles',
  service: 'iam',
  actions: 'PassRole',
  on: 'role',
  contextEntries: [{ key: 'iam:PassedToService', values: [`${service}.amazonaws.com`] }],
});

/**
 * What a deploy calls beside, where its template has a resource of this type. CloudWatch lets a composite be made, and told of,
 * by a grant on `*` alone (CloudWatch API Reference, PutCompositeAlarm, DescribeAlarms); Lambda chooses what a mapping is called.
 */
export const rowsByType: Readonly<Record<string, readonly DeployerRow[]>> = {
  'AWS::CloudWatch::CompositeAlarm': [
    { row: 'alarms', service: 'cloudwatch', actions: 'PutCompositeAlarm DescribeAlarms', on: 'any' },
  ],
  'AWS::Lambda::EventSourceMapping': [
    { row: 'functions', service: 'lambda', actions: 'CreateEventSourceMapping', on: 'any' },
    {
      row: 'functions',
      service: 'lambda',
      actions:
        'DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping TagResource UntagResource ListTags',
      on: 'eventSourceMapping',
    },
  ],
};

/**
 * What every deploy, update and removal calls: osls by itself, and CloudFormation's handlers in the deployer's name. Tests hold
 * it to the guide's table, to the handlers' own lists, and to a first deploy, a dry run and a removal in the stand-in.
 */
export const usualRows: readonly DeployerRow[] = [
  {
    row: 'the stack',
    service: 'cloudformation',
    actions: `CreateStack UpdateStack DeleteStack DescribeStacks DescribeStackEvents DescribeStackResource ListStackResources
      CreateChangeSet DescribeChangeSet DeleteChangeSet`,
    on: 'stack',
  },
  { row: 'the stack', service: 'cloudformation', actions: 'ValidateTemplate', on: 'any' },
  {
    row: 'bundles and reports',
    service: 's3',
    actions: `CreateBucket DeleteBucket ListBucket ListBucketVersions
      PutBucketPolicy GetBucketPolicy DeleteBucketPolicy PutEncryptionConfiguration GetEncryptionConfiguration
      PutBucketPublicAccessBlock GetBucketPublicAccessBlock PutBucketOwnershipControls GetBucketOwnershipControls
      PutBucketVersioning GetBucketVersioning PutLifecycleConfiguration GetLifecycleConfiguration
      PutBucketTagging GetBucketTagging TagResource UntagResource ListTagsForResource`,
    on: 'bucket',
  },
  {
    row: 'bundles and reports',
    service: 's3',
    actions: 'PutObject GetObject DeleteObject DeleteObjectVersion',
    on: 'objects',
  },
  {
    row: 'functions',
    service: 'lambda',
    actions: `CreateFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction GetFunction
      GetFunctionConfiguration AddPermission RemovePermission GetPolicy PutFunctionEventInvokeConfig
      UpdateFunctionEventInvokeConfig GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig TagResource
      UntagResource ListTags GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetFunctionScalingConfig
      GetRuntimeManagementConfig CreateAlias UpdateAlias GetAlias DeleteAlias InvokeFunction`,
    on: 'function',
  },
  {
    row: 'functions',
    service: 'ec2',
    actions: 'DescribeSubnets DescribeSecurityGroups DescribeVpcs DescribeNetworkInterfaces',
    on: 'any',
  },
  {
    row: 'durable functions',
    service: 'lambda',
    actions: `PublishVersion ListVersionsByFunction ListDurableExecutionsByFunction`,
    on: 'durable',
  },
  {
    row: 'logs',
    service: 'logs',
    actions: `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy GetDataProtectionPolicy TagResource
      UntagResource ListTagsForResource`,
    on: 'logGroup',
  },
  // Asked on every group there is (hashicorp/terraform-provider-aws#8804), and so the reference has it.
  {
    row: 'logs',
    service: 'logs',
    actions: 'DescribeLogGroups DescribeIndexPolicies DescribeResourcePolicies',
    on: 'any',
  },
  {
    row: 'roles',
    service: 'iam',
    actions: `CreateRole DeleteRole GetRole PutRolePolicy DeleteRolePolicy GetRolePolicy ListRolePolicies
      ListAttachedRolePolicies UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription TagRole UntagRole`,
    on: 'role',
  },
  passRole('lambda'),
  passRole('scheduler'),
  {
    row: 'bus and rule',
    service: 'events',
    actions: 'CreateEventBus DeleteEventBus DescribeEventBus UpdateEventBus',
    on: 'bus',
  },
  { row: 'bus and rule', service: 'events', actions: 'PutPermission RemovePermission', on: 'any' },
  {
    row: 'bus and rule',
    service: 'events',
    actions: `PutRule DeleteRule DescribeRule PutTargets RemoveTargets ListTargetsByRule TagResource UntagResource
      ListTagsForResource`,
    on: 'rule',
  },
  {
    row: 'schedules',
    service: 'scheduler',
    actions: `CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup TagResource UntagResource ListTagsForResource`,
    on: 'scheduleGroup',
  },
  {
    row: 'schedules',
    service: 'scheduler',
    actions: 'CreateSchedule UpdateSchedule DeleteSchedule GetSchedule',
    on: 'schedule',
  },
  {
    row: 'topics',
    service: 'sns',
    actions: `CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy Subscribe
      ListSubscriptionsByTopic TagResource UntagResource ListTagsForResource`,
    on: 'topic',
  },
  {
    row: 'topics',
    service: 'sns',
    actions: 'Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes',
    on: 'any',
  },
  { row: 'their addresses', service: 'ssm', actions: 'GetParameters', on: 'parameters' },
  { row: 'their addresses', service: 'secretsmanager', actions: 'GetSecretValue', on: 'secrets' },
  {
    row: 'the claim on the cluster',
    service: 'ssm',
    actions: `PutParameter GetParameters DeleteParameter AddTagsToResource RemoveTagsFromResource ListTagsForResource`,
    on: 'claim',
  },
  {
    row: 'queues',
    service: 'sqs',
    actions: `CreateQueue DeleteQueue GetQueueUrl GetQueueAttributes SetQueueAttributes TagQueue UntagQueue ListQueueTags`,
    on: 'queue',
  },
  {
    row: 'alarms',
    service: 'cloudwatch',
    actions: `PutMetricAlarm DeleteAlarms DescribeAlarms TagResource UntagResource ListTagsForResource`,
    on: 'alarm',
  },
];
