import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  SNSClient,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { addIamResources } from '../../../local/aws/iam/creators.ts';
import { createSecretsManager } from '../../../local/aws/services/secrets-manager/secrets-manager.ts';
import { createSns } from '../../../local/aws/services/sns/sns.ts';
import { serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
addIamResources(aws.world);
const sns = createSns(aws.world);
const secrets = createSecretsManager(aws.world);
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:paged';

test('a topic tells its key, and its subscriptions with no ARN before they are confirmed', async () => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/a';
  await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'paged', KmsMasterKeyId: key });
  for (const [Protocol, Endpoint] of [
    ['email', 'team@example.com'],
    ['sms', '+15550100'],
  ])
    await createResource(aws.world, 'AWS::SNS::Subscription', { TopicArn: topicArn, Protocol, Endpoint });
  const client = new SNSClient(aws.client());
  const list = async () =>
    (await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }))).Subscriptions?.map(
      ({ Protocol, SubscriptionArn }) => [Protocol, SubscriptionArn?.startsWith(topicArn) === true || SubscriptionArn],
    );
  expect(await list()).toEqual([
    ['email', 'PendingConfirmation'],
    ['sms', true],
  ]);
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
  expect(Attributes).toMatchObject({ KmsMasterKeyId: key, SubscriptionsConfirmed: '1', SubscriptionsPending: '1' });
  sns.confirm('team@example.com');
  expect(await list()).toEqual([
    ['email', true],
    ['sms', true],
  ]);
  await expect(client.send(new GetTopicAttributesCommand({ TopicArn: `${topicArn}x` }))).rejects.toBeInstanceOf(
    NotFoundException,
  );
});

test('the account tells its SMS sandbox and its spend limit', async () => {
  sns.setSms({ isInSandbox: true, monthlySpendLimitUsd: 1 });
  const client = new SNSClient(aws.client());
  expect((await client.send(new GetSMSSandboxAccountStatusCommand({}))).IsInSandbox).toBe(true);
  const asked = await client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] }));
  expect(asked.attributes).toEqual({ MonthlySpendLimit: '1' });
  expect((await client.send(new GetSMSAttributesCommand({}))).attributes).toHaveProperty('DefaultSMSType');
});

test('a secret is described without its content, and a deleted one cannot be read any more', async () => {
  const arn = secrets.put('mskeeper/slack', 'https://hooks.example.com/a');
  const client = new SecretsManagerClient(aws.client());
  const described = await client.send(new DescribeSecretCommand({ SecretId: 'mskeeper/slack' }));
  expect(described).toMatchObject({ ARN: arn, Name: 'mskeeper/slack' });
  expect(described.DeletedDate).toBeUndefined();
  expect(JSON.stringify(described)).not.toContain('hooks.example.com');
  secrets.scheduleDeletion('mskeeper/slack');
  expect((await client.send(new DescribeSecretCommand({ SecretId: arn }))).DeletedDate).toEqual(
    new Date('2026-12-21T06:00:00Z'),
  );
  await expect(client.send(new GetSecretValueCommand({ SecretId: arn }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
});
