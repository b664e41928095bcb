/** How a size is counted: a text's characters, a document's without white space and in UTF-8, or a list's items. */
export type Unit = 'characters' | 'bytes' | 'items';

/**
 * One limit of AWS on one property.
 *
 * @property path property by property; `[]` is each item of a list, `**` everything below
 * @property most the largest size that AWS takes; absent where no word of a user and no list of ours gets there: a reference, a
 *   number, a choice of AWS's
 * @property setting what in mskeeper.yml makes it larger, for whoever must mend it
 */
export type Limit = {
  readonly path: string;
  readonly most?: number;
  readonly unit?: Unit;
  readonly setting?: string;
};

const characters = (path: string, most: number, setting?: string): Limit => ({
  path,
  most,
  unit: 'characters',
  ...(setting !== undefined && { setting }),
});
const document = (path: string, most: number, setting?: string): Limit => ({
  ...characters(path, most, setting),
  unit: 'bytes',
});
const items = (path: string, most: number, setting?: string): Limit => ({
  ...characters(path, most, setting),
  unit: 'items',
});
const fixed = (...paths: readonly string[]): readonly Limit[] => paths.map((path) => ({ path }));

const clusterKey = 'the cluster’s key';
const namesOfTopics = 'names in topics and groups';

/** Of all that can be tagged: "Tag naming limits and requirements" of the Tagging guide. */
const tags = [items('Tags', 50), characters('Tags[].Key', 128), characters('Tags[].Value', 256, clusterKey)];

/** CloudWatch API Reference, PutMetricAlarm, MetricDataQuery, Dimension; ten metrics: CloudWatch User Guide, "Using metric math". */
const metric = (path: string): readonly Limit[] => [
  characters(`${path}Namespace`, 255),
  characters(`${path}MetricName`, 255),
  items(`${path}Dimensions`, 30),
  characters(`${path}Dimensions[].Name`, 255),
  characters(`${path}Dimensions[].Value`, 1_024, namesOfTopics),
];

/**
 * Every type of resource in our template, with a row for every property that has a text or a list. Numbers are those of each
 * service's quota page or API reference, which is named above its rows; what a row does not name, no template may hold.
 */
export const limitsByType: Readonly<Record<string, readonly Limit[]>> = {
  // Amazon Q Developer in chat applications API Reference, CreateSlackChannelConfiguration; CloudFormation's schema of the type.
  'AWS::Chatbot::SlackChannelConfiguration': [
    characters('ConfigurationName', 128, 'channels.endpoints'),
    characters('SlackWorkspaceId', 255, 'channels.endpoints'),
    characters('SlackChannelId', 255, 'channels.endpoints'),
    ...fixed('IamRoleArn', 'SnsTopicArns[]', 'GuardrailPolicies[]', 'LoggingLevel'),
    ...tags,
  ],
  // CloudWatch API Reference, PutMetricAlarm.
  'AWS::CloudWatch::Alarm': [
    characters('AlarmName', 255, namesOfTopics),
    characters('AlarmDescription', 1_024, namesOfTopics),
    ...metric(''),
    items('AlarmActions', 5),
    characters('AlarmActions[]', 1_024),
    items('OKActions', 5),
    characters('OKActions[]', 1_024),
    items('Metrics', 20),
    characters('Metrics[].Id', 255),
    characters('Metrics[].Expression', 2_048, namesOfTopics),
    characters('Metrics[].Label', 2_048, namesOfTopics),
    ...metric('Metrics[].MetricStat.Metric.'),
    ...fixed('Statistic', 'ComparisonOperator', 'TreatMissingData', 'Metrics[].MetricStat.Stat'),
    ...tags,
  ],
  // CloudWatch API Reference, PutCompositeAlarm; its hundred children: infra/stack/composite.ts.
  'AWS::CloudWatch::CompositeAlarm': [
    characters('AlarmName', 255, clusterKey),
    characters('AlarmDescription', 1_024),
    characters('AlarmRule', 10_240, namesOfTopics),
    items('AlarmActions', 5),
    characters('AlarmActions[]', 1_024),
    items('OKActions', 5),
    characters('OKActions[]', 1_024),
    ...tags,
  ],
  // EventBridge User Guide, "Quotas"; API Reference, CreateEventBus.
  'AWS::Events::EventBus': [characters('Name', 256, clusterKey), characters('Description', 512, clusterKey), ...tags],
  // EventBridge API Reference, PutPermission: one statement each, the policy of a bus has 10,240.
  'AWS::Events::EventBusPolicy': [
    characters('StatementId', 64),
    document('Statement', 5_120),
    ...fixed('EventBusName'),
  ],
  // EventBridge User Guide, "Quotas"; API Reference, PutRule, PutTargets.
  'AWS::Events::Rule': [
    characters('Name', 64, clusterKey),
    characters('Description', 512, clusterKey),
    document('EventPattern', 2_048, clusterKey),
    items('Targets', 5),
    characters('Targets[].Id', 64),
    ...fixed('State', 'EventBusName', 'Targets[].Arn', 'Targets[].DeadLetterConfig.Arn'),
    ...tags,
  ],
  // IAM User Guide, "IAM and AWS STS quotas". The trust policy's may be raised to 4,096 on request, the policies' may not.
  'AWS::IAM::Role': [
    characters('RoleName', 64, clusterKey),
    characters('Description', 1_000, clusterKey),
    document('AssumeRolePolicyDocument', 2_048, 'approverPrincipals'),
    document('Policies', 10_240, 'killSwitch.parameter and authentication.secretId'),
    characters('Policies[].PolicyName', 128),
    ...fixed('PermissionsBoundary'),
    ...tags,
  ],
  // AWS KMS Developer Guide, "Resource quotas"; API Reference, CreateKey.
  'AWS::KMS::Key': [characters('Description', 8_192, clusterKey), document('KeyPolicy', 32_768), ...tags],
  // Lambda Developer Guide, "Lambda quotas"; API Reference, CreateFunction.
  'AWS::Lambda::Function': [
    characters('FunctionName', 64, clusterKey),
    characters('Description', 256),
    characters('Handler', 128),
    document('Environment.Variables', 4_096, 'the cluster’s key and killSwitch.parameter'),
    items('VpcConfig.SubnetIds', 16, 'network.subnetIds'),
    items('VpcConfig.SecurityGroupIds', 5, 'network.securityGroupIds'),
    items('Architectures', 1),
    ...fixed('Code.S3Bucket', 'Code.S3Key', 'Runtime', 'Role', 'DeadLetterConfig.TargetArn', 'Architectures[]'),
    ...fixed('VpcConfig.SubnetIds[]', 'VpcConfig.SecurityGroupIds[]', 'KmsKeyArn'),
    ...tags,
  ],
  'AWS::Lambda::Version': [characters('Description', 256), ...fixed('FunctionName', 'CodeSha256')],
  'AWS::Lambda::Alias': [characters('Name', 128), ...fixed('FunctionName', 'FunctionVersion')],
  'AWS::Lambda::Permission': fixed('FunctionName', 'Action', 'Principal', 'SourceAccount', 'SourceArn'),
  'AWS::Lambda::EventSourceMapping': [
    items('FunctionResponseTypes', 1),
    ...fixed('EventSourceArn', 'FunctionName', 'FunctionResponseTypes[]'),
    ...tags,
  ],
  'AWS::Lambda::EventInvokeConfig': fixed('FunctionName', 'Qualifier', 'DestinationConfig.OnFailure.Destination'),
  // CloudWatch Logs API Reference, CreateLogGroup.
  'AWS::Logs::LogGroup': [characters('LogGroupName', 512, clusterKey), ...fixed('KmsKeyId'), ...tags],
  // S3 User Guide, "Lifecycle configuration elements", "Bucket policies"; the rest is choices.
  'AWS::S3::Bucket': [
    items('LifecycleConfiguration.Rules', 1_000),
    characters('LifecycleConfiguration.Rules[].Id', 255),
    characters('LifecycleConfiguration.Rules[].Prefix', 1_024),
    ...fixed('LifecycleConfiguration.Rules[].Status', 'BucketEncryption.**', 'PublicAccessBlockConfiguration.**'),
    ...fixed('OwnershipControls.**', 'VersioningConfiguration.Status', 'LoggingConfiguration.DestinationBucketName'),
    ...fixed('ObjectLockConfiguration.ObjectLockEnabled'),
    characters('LoggingConfiguration.LogFilePrefix', 1_024, clusterKey),
    ...tags,
  ],
  'AWS::S3::BucketPolicy': [document('PolicyDocument', 20_480), ...fixed('Bucket')],
  // SNS API Reference, CreateTopic; General Reference, "Amazon SNS endpoints and quotas".
  'AWS::SNS::Topic': [
    characters('TopicName', 256, clusterKey),
    characters('DisplayName', 100, clusterKey),
    ...fixed('KmsMasterKeyId'),
    ...tags,
  ],
  'AWS::SNS::TopicPolicy': [document('PolicyDocument', 30_720, clusterKey), ...fixed('Topics[]')],
  // Systems Manager's names have 1,011, Secrets Manager's ARNs fewer than 2,048 characters; the address itself CloudFormation reads.
  // SNS Developer Guide, "Filter policy constraints": 150 combinations of values; ours has one.
  'AWS::SNS::Subscription': [
    characters('Endpoint', 2_048, 'channels.endpoints'),
    items('FilterPolicy.endpoint', 150),
    characters('FilterPolicy.endpoint[]', 256, 'channels.endpoints'),
    ...fixed('TopicArn', 'Protocol', 'FilterPolicyScope'),
  ],
  // SQS Developer Guide, "Amazon SQS queue quotas", "policy quotas".
  'AWS::SQS::Queue': [
    characters('QueueName', 80, clusterKey),
    ...fixed('KmsMasterKeyId', 'RedrivePolicy.deadLetterTargetArn', 'RedriveAllowPolicy.redrivePermission'),
    items('RedriveAllowPolicy.sourceQueueArns', 10),
    characters('RedriveAllowPolicy.sourceQueueArns[]', 256, clusterKey),
    ...tags,
  ],
  'AWS::SQS::QueuePolicy': [
    document('PolicyDocument', 8_192),
    items('PolicyDocument.Statement', 20),
    ...fixed('Queues[]'),
  ],
  // Systems Manager API Reference, PutParameter; the name counts with its ARN.
  'AWS::SSM::Parameter': [
    characters('Name', 1_011),
    characters('Value', 4_096),
    characters('Description', 1_024, clusterKey),
    ...fixed('Type', 'Tags.**'),
  ],
  // EventBridge Scheduler API Reference, CreateSchedule, CreateScheduleGroup, Target.
  'AWS::Scheduler::Schedule': [
    characters('Name', 64, clusterKey),
    characters('Description', 512),
    characters('ScheduleExpression', 256, 'schedules'),
    characters('ScheduleExpressionTimezone', 50, 'timeZone'),
    characters('Target.Input', 262_144),
    ...fixed(
      'GroupName',
      'FlexibleTimeWindow.Mode',
      'State',
      'Target.Arn',
      'Target.RoleArn',
      'Target.DeadLetterConfig.Arn',
    ),
  ],
  'AWS::Scheduler::ScheduleGroup': [characters('Name', 64, clusterKey), ...tags],
};

/** CloudFormation User Guide, "Understand CloudFormation quotas". */
export const mostLogicalIdCharacters = 255;

/**
 * Characters that AWS takes of a name, for whoever makes it.
 *
 * @throws Error where the table has no such row: a mistake of ours
 */
export const mostCharactersOf = (type: string, path: string): number => {
  const most = limitsByType[type]?.find((limit) => limit.path === path && limit.unit === 'characters')?.most;
  if (most === undefined) throw new Error(`shared/deployment/limits.ts has no ${type} ${path}`);
  return most;
};
