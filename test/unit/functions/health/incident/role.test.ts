import { expect, test } from 'vitest';
import { actingProceduresOf, functionDefinitions } from '../../../../../infra/functions.ts';
import type { Channels } from '../../../../../shared/core/configuration.ts';
import { statementLinesOf, statementLinesWith } from '../../../../unit/infra/stack/statement-lines.ts';

const here = 'eu-west-1:111122223333';

/** Whatever the file says of channels: what it hears, what it remembers, what it leaves for others, and the topics of people. */
const always = [
  `IncidentRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-incident:*`,
  'IncidentRole Allow KeepFailedRuns: sqs:SendMessage on FailedRunsQueue',
  'IncidentRole Allow LambdaTakesFromTheQueue: sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage on IncidentInbox',
  `IncidentRole Allow ReadAlarms: cloudwatch:DescribeAlarms on arn:aws:cloudwatch:${here}:alarm:*`,
  'IncidentRole Allow OwnState: s3:GetObject s3:PutObject on Bucket/state/incident/orders.json',
  'IncidentRole Allow TellMissingFromDenied: s3:ListBucket on Bucket',
  'IncidentRole Allow SetAside: s3:PutObject on Bucket/state/incident/orders/unreadable/*',
  'IncidentRole Allow ReadOpenFindings: s3:GetObject on Bucket/state/cluster-health/orders.json',
  'IncidentRole Allow SayThatPeopleWereTold: s3:PutObject on Bucket/receipts/orders/*',
  'IncidentRole Allow OwnAudit: s3:GetObject s3:PutObject on Bucket/audit/orders/incident/*',
  'IncidentRole Allow Notify: sns:Publish on EmergencyTopic CriticalTopic WarningTopic MaintenanceTopic OperationsTopic',
];
const keyOfTopics = 'IncidentRole Allow EncryptForTopics: kms:Decrypt kms:GenerateDataKey on TopicKey';

test('may do this, and no more: each line with its reason in the call that its deployment.ts declares', () => {
  expect(statementLinesOf('IncidentRole')).toEqual([...always, keyOfTopics]);
});

/** One endpoint of each kind; the addresses of those that SNS reaches are read to see whether SNS has them. */
const channels: Channels = {
  endpoints: {
    'on-call': { kind: 'pagerduty', secret: 'mskeeper/pagerduty' },
    'on-call-phone': { kind: 'phone', parameter: '/mskeeper/channels/phone' },
    incidents: { kind: 'slack', secret: 'mskeeper/slack', channel: 'C0123456789' },
    operations: { kind: 'slack', secret: 'mskeeper/slack', channel: 'C0123456788' },
    chat: { kind: 'amazon-q', workspace: 'T0123456789', channel: 'C0123456787' },
    sms: { kind: 'sms', parameter: '/mskeeper/channels/sms' },
    bridge: { kind: 'https', secret: 'mskeeper/bridge' },
  },
  byTopic: {
    emergency: ['on-call', 'sms'],
    critical: ['on-call', 'bridge'],
    warning: ['chat'],
    maintenance: [],
    operations: [],
  },
  heartbeat: { parameter: '/mskeeper/channels/heartbeat' },
};

test('with channels it may read what is kept of each, and the outside watcher’s address, and see who listens and whether texts arrive', () => {
  expect(statementLinesWith(channels, 'IncidentRole')).toEqual([
    ...always,
    keyOfTopics,
    'IncidentRole Allow TellChats: sns:Publish on ChatAmazonQTopic',
    `IncidentRole Allow ReadChannelSecrets: secretsmanager:GetSecretValue on arn:aws:secretsmanager:${here}:secret:mskeeper/pagerduty-?????? arn:aws:secretsmanager:${here}:secret:mskeeper/slack-??????`,
    `IncidentRole Allow DecryptChannelSecrets: kms:Decrypt on arn:aws:kms:${here}:key/* if`,
    `IncidentRole Allow ReadChannelParameters: ssm:GetParameter on arn:aws:ssm:${here}:parameter/mskeeper/channels/phone arn:aws:ssm:${here}:parameter/mskeeper/channels/heartbeat`,
    `IncidentRole Allow DecryptChannelParameters: kms:Decrypt on arn:aws:kms:${here}:key/* if`,
    'IncidentRole Allow SeeWhoListens: sns:ListSubscriptionsByTopic on EmergencyTopic CriticalTopic WarningTopic MaintenanceTopic OperationsTopic SelfEmergencyTopic SelfCriticalTopic SelfWarningTopic ChatAmazonQTopic',
    `IncidentRole Allow ReadAddressParameters: ssm:GetParameter on arn:aws:ssm:${here}:parameter/mskeeper/channels/sms`,
    `IncidentRole Allow ReadAddressSecrets: secretsmanager:GetSecretValue on arn:aws:secretsmanager:${here}:secret:mskeeper/bridge-??????`,
    `IncidentRole Allow DecryptAddressSecrets: kms:Decrypt on arn:aws:kms:${here}:key/* if`,
    'IncidentRole Allow SeeWhetherTextsArrive: sns:GetSMSSandboxAccountStatus sns:CheckIfPhoneNumberIsOptedOut sns:ListSMSSandboxPhoneNumbers on *',
  ]);
});

test('nobody else may read what is kept of a channel', () => {
  const others = functionDefinitions.filter(({ slug }) => slug !== 'incident');
  expect(others.length).toBeGreaterThan(3);
  const roles = ['ClusterHealthRole', 'KafkaReadRole', 'StorageScalingRole', 'StorageScalingRunRole', 'SchedulerRole'];
  const without = statementLinesOf(...roles);
  expect(statementLinesWith(channels, ...roles)).toEqual(without);
  expect(without.filter((line) => /sns:|GetSecretValue/.test(line))).toEqual([]);
});

test('it is none that acts: no mode and no approval is its', () => {
  expect(actingProceduresOf(functionDefinitions)).not.toContain('incident');
});
