import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { procedures } from '../../../../infra/procedures.ts';
import type { Authentication } from '../../../../shared/core/configuration.ts';
import { reportKey, stateKey } from '../../../../shared/core/store-keys.ts';
import { roleLogicalId } from '../../../../shared/deployment/names.ts';
import { operationOf } from '../../../../shared/deployment/operations.ts';
import { at, objectsOf, ofType, resourcesWith } from './stack-under-test.ts';
import { statementLinesOf, statementsWith } from './statement-lines.ts';

const root = join(import.meta.dirname, '../../../..');

/** Actions that IAM lets nobody narrow, each with where AWS says so. Nothing else may stand on `*`. */
const actionsWithoutResourceScope: Readonly<Record<string, string>> = {
  // Service Authorization Reference, Application Auto Scaling: the two lists name no resource types.
  'application-autoscaling:DescribeScalableTargets': 'Application Auto Scaling',
  'application-autoscaling:DescribeScalingPolicies': 'Application Auto Scaling',
  // Service Authorization Reference, CloudWatch: GetMetricData has no resource types.
  'cloudwatch:GetMetricData': 'CloudWatch',
  // Service Authorization Reference, Amazon MSK: the rows of these two, which read, name no resource type.
  'kafka:DescribeClusterOperationV2': 'Amazon MSK',
  'kafka:GetBootstrapBrokers': 'Amazon MSK',
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

  test('nobody may change the cluster but a function that declares a call which does', () => {
    const changing = statements.filter(({ actions }) =>
      actions.some((action) => action.startsWith('kafka') && !/:(Connect|Describe|Get|List)/.test(action)),
    );
    const declaring = functionDefinitions.filter(({ calls }) =>
      Object.keys(calls).some((name) => operationOf(name).changes !== undefined),
    );
    expect([...new Set(changing.map(({ role }) => role))]).toEqual(declaring.map(({ slug }) => roleLogicalId(slug)));
  });
});

test('Scheduler’s role may wake the functions that have a schedule, and keep what could not be delivered', () => {
  const here = 'eu-west-1:111122223333';
  const scheduled = functionDefinitions
    .filter(({ schedules }) => schedules.length > 0)
    .map(({ slug }) => `arn:aws:lambda:${here}:function:mskeeper-orders-${slug}`);
  expect(statementLinesOf('SchedulerRole')).toEqual([
    `SchedulerRole Allow InvokeScheduledFunctions: lambda:InvokeFunction on ${scheduled.join(' ')}`,
    'SchedulerRole Allow KeepWhatCouldNotBeDelivered: sqs:SendMessage on UndeliveredSchedulesQueue',
  ]);
});

test('every role of a function has its statements written down beside its procedure’s tests', () => {
  const written = globSync('test/unit/functions/*/*/role.test.ts', { cwd: root }).map((path) =>
    path.slice('test/unit/functions/'.length, -'/role.test.ts'.length),
  );
  expect(written.toSorted()).toEqual(Object.keys(procedures).toSorted());
});

test.each([
  ['AmazonMSK_mskeeper', 'AmazonMSK_mskeeper-??????'],
  ['AmazonMSK_mskeeper-orders', 'AmazonMSK_mskeeper-orders-??????'],
  ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_mskeeper', 'AmazonMSK_mskeeper-??????'],
  ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_mskeeper-AbCd12', 'AmazonMSK_mskeeper-AbCd12'],
])(
  'the secret %s is matched with the six characters that Secrets Manager adds, and decrypted for itself only',
  (secretId, matched) => {
    const secretArn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${matched}`;
    const statements = statementsWith({ kind: 'scram', secretId });
    expect(statements.find(({ sid }) => sid === 'ReadTheSecret')?.resources).toEqual([secretArn]);
    expect(statements.find(({ sid }) => sid === 'DecryptTheSecret')?.isConditional).toBe(true);
  },
);

test.each([
  ['aws', 'eu-west-1', 'secretsmanager.eu-west-1.amazonaws.com'],
  ['aws-us-gov', 'us-gov-west-1', 'secretsmanager.us-gov-west-1.amazonaws.com'],
  ['aws-cn', 'cn-north-1', ['secretsmanager.cn-north-1.amazonaws.com', 'secretsmanager.cn-north-1.amazonaws.com.cn']],
])(
  'in %s the secret’s key is used through Secrets Manager, under whichever name KMS may give it',
  (partition, region, via) => {
    const resources = resourcesWith({
      authentication: { kind: 'scram', secretId: 'AmazonMSK_mskeeper' },
      arn: `arn:${partition}:kafka:${region}:111122223333:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4`,
      region,
    });
    const [decrypt, ...others] = ofType(resources, 'AWS::IAM::Role')
      .flatMap(({ Properties }) => objectsOf(Properties.Policies))
      .flatMap((policy) => objectsOf(at(policy, 'PolicyDocument', 'Statement')))
      .filter((statement) => statement.Sid === 'DecryptTheSecret');
    expect(others).toEqual([]);
    expect(at(decrypt, 'Condition', 'StringEquals', 'kms:ViaService')).toEqual(via);
    expect(decrypt?.Resource).toBe(`arn:${partition}:kms:${region}:111122223333:key/*`);
  },
);

test('only Lambda may take the role of a function, and only this stack’s schedules that of Scheduler', () => {
  const trusts = ofType(resourcesWith(), 'AWS::IAM::Role').map(({ logicalId, Properties }) => [
    logicalId,
    ...objectsOf(at(Properties, 'AssumeRolePolicyDocument', 'Statement')).map((one) => at(one, 'Principal', 'Service')),
  ]);
  expect(trusts).toEqual([
    ...functionDefinitions.map(({ slug }) => [roleLogicalId(slug), 'lambda.amazonaws.com']),
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
