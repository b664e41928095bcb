import { describe, expect, test } from 'vitest';
import { reportKey, stateKey } from '../../../../shared/aws/store-keys.ts';
import type { Authentication } from '../../../../shared/core/configuration.ts';
import { at, listOf, objectsOf, ofType, resourcesWith, shown } from './stack-under-test.ts';

/** Actions that IAM lets nobody narrow, each with where AWS says so. Nothing else may stand on `*`. */
const actionsWithoutResourceScope: Readonly<Record<string, string>> = {
  // Service Authorization Reference, Application Auto Scaling: the two lists name no resource types.
  'application-autoscaling:DescribeScalableTargets': 'Application Auto Scaling',
  'application-autoscaling:DescribeScalingPolicies': 'Application Auto Scaling',
  // Service Authorization Reference, CloudWatch: GetMetricData has no resource types.
  'cloudwatch:GetMetricData': 'CloudWatch',
  // Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
  'ec2:AssignPrivateIpAddresses': 'Lambda in a VPC',
  'ec2:CreateNetworkInterface': 'Lambda in a VPC',
  'ec2:DeleteNetworkInterface': 'Lambda in a VPC',
  'ec2:DescribeNetworkInterfaces': 'Lambda in a VPC',
  'ec2:DescribeSubnets': 'Lambda in a VPC',
  'ec2:UnassignPrivateIpAddresses': 'Lambda in a VPC',
};

const authentications: readonly Authentication[] = [
  { kind: 'iam' },
  { kind: 'scram', secretId: 'AmazonMSK_mskeeper' },
  { kind: 'mtls', secretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mskeeper-mtls-AbCdEf' },
  { kind: 'tls' },
  { kind: 'plaintext' },
];

const statementsWith = (authentication: Authentication) =>
  ofType(resourcesWith({ authentication }), 'AWS::IAM::Role').flatMap(({ logicalId, Properties }) =>
    objectsOf(Properties.Policies).flatMap((policy) =>
      objectsOf(at(policy, 'PolicyDocument', 'Statement')).map((statement) => ({
        role: logicalId,
        sid: shown(statement.Sid),
        effect: shown(statement.Effect),
        actions: listOf(statement.Action).map(shown),
        resources: listOf(statement.Resource).map(shown),
        isConditional: statement.Condition !== undefined,
      })),
    ),
  );

describe.each(authentications)('with $kind authentication', (authentication) => {
  const statements = statementsWith(authentication);

  test('no role may do an action by wildcard', () => {
    const wild = statements.filter(({ actions }) => actions.some((action) => /[*?]/.test(action)));
    expect(wild).toEqual([]);
  });

  test('what stands on every resource is on the list of actions that cannot be narrowed', () => {
    const unlisted = statements
      .filter(({ effect, resources }) => effect === 'Allow' && resources.includes('*'))
      .flatMap(({ role, actions }) =>
        actions.filter((action) => !(action in actionsWithoutResourceScope)).map((action) => `${role}: ${action}`),
      );
    expect(unlisted).toEqual([]);
  });

  test('a resource of AWS names this account and, but for buckets and IAM, this Region', () => {
    const arns = statements.flatMap(({ resources }) => resources.filter((resource) => resource.startsWith('arn:')));
    expect(arns.filter((arn) => !arn.includes(':eu-west-1:111122223333:'))).toEqual([]);
  });

  test('nothing but kafka-read may speak to brokers or read a secret', () => {
    const others = statements.filter(({ role }) => role !== 'KafkaReadRole').flatMap(({ actions }) => actions);
    expect(others.filter((action) => /^(kafka-cluster|secretsmanager|ec2):/.test(action))).toEqual([]);
  });

  test('only storage scaling’s run may change the cluster, and of it the volumes alone', () => {
    const changes = statements.flatMap(({ role, actions }) =>
      actions
        .filter((action) => action.startsWith('kafka') && !/:(Connect|Describe|Get|List)/.test(action))
        .map((action) => `${role}: ${action}`),
    );
    expect(changes).toEqual(['StorageScalingRunRole: kafka:UpdateBrokerStorage']);
  });
});

test('every statement of every role is this one, and no more', () => {
  const lines = statementsWith({ kind: 'iam' }).map(
    ({ role, sid, effect, actions, resources, isConditional }) =>
      `${role} ${effect} ${sid}: ${actions.join(' ')} on ${resources.join(' ')}${isConditional ? ' if' : ''}`,
  );
  const here = 'eu-west-1:111122223333';
  const cluster = 'orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';
  const vpc =
    'ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:UnassignPrivateIpAddresses';
  const scalingRun = `arn:aws:lambda:${here}:function:mskeeper-orders-storage-scaling-run`;
  expect(lines).toEqual([
    `ClusterHealthRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-cluster-health:*`,
    'ClusterHealthRole Allow KeepFailedRuns: sqs:SendMessage on FailedRunsQueue',
    `ClusterHealthRole Allow DescribeTheCluster: kafka:DescribeClusterV2 kafka:ListNodes kafka:GetBootstrapBrokers on arn:aws:kafka:${here}:cluster/${cluster}`,
    'ClusterHealthRole Allow ReadMetrics: cloudwatch:GetMetricData on *',
    `ClusterHealthRole Allow ReadAlarms: cloudwatch:DescribeAlarms on arn:aws:cloudwatch:${here}:alarm:*`,
    `ClusterHealthRole Allow LookAtTheBrokers: lambda:InvokeFunction on arn:aws:lambda:${here}:function:mskeeper-orders-kafka-read`,
    'ClusterHealthRole Allow OwnState: s3:GetObject s3:PutObject on Bucket/state/cluster-health/orders.json',
    'ClusterHealthRole Allow TellMissingFromDenied: s3:ListBucket on Bucket',
    'ClusterHealthRole Allow KeepReports: s3:PutObject on Bucket/reports/cluster-health/orders/*',
    'ClusterHealthRole Allow OwnClaim: s3:GetObject s3:PutObject on Bucket/state/cluster-health/orders/look.json',
    'ClusterHealthRole Allow TellTheBus: events:PutEvents on Bus',
    'ClusterHealthRole Allow Notify: sns:Publish on EmergencyTopic CriticalTopic WarningTopic',
    'ClusterHealthRole Allow EncryptForTopics: kms:Decrypt kms:GenerateDataKey on TopicKey',
    `KafkaReadRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-kafka-read:*`,
    `KafkaReadRole Allow LambdaAttachesToTheVpc: ${vpc} on *`,
    `KafkaReadRole Deny TheCodeDoesNot: ${vpc} on * if`,
    `KafkaReadRole Allow ReadTheCluster: kafka-cluster:Connect kafka-cluster:DescribeCluster kafka-cluster:DescribeClusterDynamicConfiguration on arn:aws:kafka:${here}:cluster/${cluster}`,
    `KafkaReadRole Allow ReadTopics: kafka-cluster:DescribeTopic kafka-cluster:DescribeTopicDynamicConfiguration on arn:aws:kafka:${here}:topic/${cluster}/*`,
    `KafkaReadRole Allow ReadGroups: kafka-cluster:DescribeGroup on arn:aws:kafka:${here}:group/${cluster}/*`,
    `StorageScalingRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-storage-scaling:*`,
    'StorageScalingRole Allow KeepFailedRuns: sqs:SendMessage on FailedRunsQueue',
    'StorageScalingRole Allow OwnState: s3:GetObject s3:PutObject on Bucket/state/storage-scaling/orders.json',
    'StorageScalingRole Allow TellMissingFromDenied: s3:ListBucket on Bucket',
    `StorageScalingRole Allow StartTheRun: lambda:InvokeFunction on ${scalingRun}:durable`,
    `StorageScalingRole Allow FindTheRun: lambda:ListDurableExecutionsByFunction on ${scalingRun} ${scalingRun}:*`,
    'StorageScalingRole Allow Notify: sns:Publish on CriticalTopic',
    'StorageScalingRole Allow EncryptForTopics: kms:Decrypt kms:GenerateDataKey on TopicKey',
    'StorageScalingRole Allow TellTheBus: events:PutEvents on Bus',
    `StorageScalingRunRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-storage-scaling-run:*`,
    'StorageScalingRunRole Allow KeepFailedRuns: sqs:SendMessage on FailedRunsQueue',
    `StorageScalingRunRole Allow OwnCheckpoints: lambda:CheckpointDurableExecution lambda:GetDurableExecutionState on ${scalingRun}:*/durable-execution/*/*`,
    'StorageScalingRunRole Allow OwnState: s3:GetObject on Bucket/state/storage-scaling/orders.json',
    'StorageScalingRunRole Allow TellMissingFromDenied: s3:ListBucket on Bucket',
    `StorageScalingRunRole Allow DescribeTheCluster: kafka:DescribeClusterV2 kafka:ListClusterOperationsV2 kafka:ListNodes kafka:GetBootstrapBrokers on arn:aws:kafka:${here}:cluster/${cluster}`,
    `StorageScalingRunRole Allow DescribeItsOperations: kafka:DescribeClusterOperationV2 on arn:aws:kafka:${here}:cluster/${cluster} arn:aws:kafka:${here}:cluster-operation/${cluster}/*`,
    `StorageScalingRunRole Allow EnlargeVolumes: kafka:UpdateBrokerStorage on arn:aws:kafka:${here}:cluster/${cluster}`,
    'StorageScalingRunRole Allow SeeWhoElseScales: application-autoscaling:DescribeScalableTargets application-autoscaling:DescribeScalingPolicies on *',
    'StorageScalingRunRole Allow ReadMetrics: cloudwatch:GetMetricData on *',
    `StorageScalingRunRole Allow ReadAlarms: cloudwatch:DescribeAlarms on arn:aws:cloudwatch:${here}:alarm:*`,
    `StorageScalingRunRole Allow LookAtTheBrokers: lambda:InvokeFunction on arn:aws:lambda:${here}:function:mskeeper-orders-kafka-read`,
    `StorageScalingRunRole Allow AskTheKillSwitch: ssm:GetParameter on arn:aws:ssm:${here}:parameter/mskeeper/kill-switch`,
    'StorageScalingRunRole Allow OwnAudit: s3:GetObject s3:PutObject on Bucket/audit/orders/storage-scaling/*',
    'StorageScalingRunRole Allow SharedBudget: s3:GetObject s3:PutObject on Bucket/budget/orders.json',
    'StorageScalingRunRole Allow AskForApproval: s3:PutObject on Bucket/approvals/orders/*',
    'StorageScalingRunRole Allow Notify: sns:Publish on CriticalTopic WarningTopic',
    'StorageScalingRunRole Allow EncryptForTopics: kms:Decrypt kms:GenerateDataKey on TopicKey',
    'StorageScalingRunRole Allow TellTheBus: events:PutEvents on Bus',
    `SchedulerRole Allow InvokeScheduledFunctions: lambda:InvokeFunction on arn:aws:lambda:${here}:function:mskeeper-orders-cluster-health`,
    'SchedulerRole Allow KeepWhatCouldNotBeDelivered: sqs:SendMessage on UndeliveredSchedulesQueue',
  ]);
});

test('a secret named without its ARN is matched with the six characters that Secrets Manager adds, and decrypted for itself only', () => {
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_mskeeper-??????';
  const statements = statementsWith({ kind: 'scram', secretId: 'AmazonMSK_mskeeper' });
  expect(statements.find(({ sid }) => sid === 'ReadTheSecret')?.resources).toEqual([secretArn]);
  expect(statements.find(({ sid }) => sid === 'DecryptTheSecret')?.isConditional).toBe(true);
});

test('only Lambda may take the role of a function, and only this stack’s schedules that of Scheduler', () => {
  const trusts = ofType(resourcesWith(), 'AWS::IAM::Role').map(({ logicalId, Properties }) => [
    logicalId,
    ...objectsOf(at(Properties, 'AssumeRolePolicyDocument', 'Statement')).map((one) => at(one, 'Principal', 'Service')),
  ]);
  expect(trusts).toEqual([
    ['ClusterHealthRole', 'lambda.amazonaws.com'],
    ['KafkaReadRole', 'lambda.amazonaws.com'],
    ['StorageScalingRole', 'lambda.amazonaws.com'],
    ['StorageScalingRunRole', 'lambda.amazonaws.com'],
    ['SchedulerRole', 'scheduler.amazonaws.com'],
  ]);
});

test('cluster-health may write the keys under which it keeps reports, read and write its state, and read no report', () => {
  const statements = statementsWith({ kind: 'iam' }).filter(({ role }) => role === 'ClusterHealthRole');
  const isAllowed = (action: string, key: string) =>
    statements
      .filter(({ actions }) => actions.includes(action))
      .flatMap(({ resources }) => resources)
      .some((resource) => {
        const [prefix = '', rest] = resource.slice('Bucket/'.length).split('*');
        return rest === undefined ? key === prefix : key.startsWith(prefix);
      });
  const report = reportKey('cluster-health', 'orders', Date.UTC(2026, 10, 21), 'run');
  expect(isAllowed('s3:PutObject', report)).toBe(true);
  expect(isAllowed('s3:GetObject', report)).toBe(false);
  for (const action of ['s3:GetObject', 's3:PutObject']) {
    expect(isAllowed(action, stateKey('cluster-health', 'orders'))).toBe(true);
    expect(isAllowed(action, stateKey('consumer-lag', 'orders'))).toBe(false);
  }
});
