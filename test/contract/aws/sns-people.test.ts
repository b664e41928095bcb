import {
  CheckIfPhoneNumberIsOptedOutCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSMSSandboxPhoneNumbersCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { publishTopicMetrics } from '../../../local/aws/services/cloudwatch/topic-metrics.ts';
import { createSns } from '../../../local/aws/services/sns/sns.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const sns = createSns(aws.world);
const cloudWatch = createCloudWatch(aws.world, { putEvent: () => {} });
publishTopicMetrics(cloudWatch, sns);
const client = () => new SNSClient(aws.client());
const phone = '+15550100';
let topicCount = 0;
let TopicArn = '';
/** A topic of this test's own. */
const makeTopic = async (Subscription: readonly object[], properties: object = {}) => {
  topicCount += 1;
  const topic = { TopicName: `people-${topicCount}`, Subscription, ...properties };
  TopicArn = (await createResource(aws.world, 'AWS::SNS::Topic', topic)).ref;
};
const toPhone = { Protocol: 'sms', Endpoint: phone };
const publish = (Message: string) => client().send(new PublishCommand({ TopicArn, Message }));
const textOf = async (message: string) => {
  const before = sns.inbox.length;
  await publish(message);
  return sns.inbox[before]?.sms;
};
const counted = (name: string) =>
  cloudWatch.metrics
    .read({ namespace: 'AWS/SNS', name, dimensions: { TopicName: `people-${topicCount}` } }, 0, Number.MAX_SAFE_INTEGER)
    .reduce((sum, sample) => sum + sample.sum, 0);

beforeEach(() =>
  sns.setSms({
    isInSandbox: false,
    sandboxNumbers: [],
    optedOutNumbers: [],
    monthlySpendLimitUsd: 50,
    usdPerPart: 0.01,
  }),
);

describe('a text message', () => {
  test.each([
    ['160 of GSM', 'a'.repeat(160), 'GSM', 1],
    ['161 of GSM', 'a'.repeat(161), 'GSM', 2],
    ['306 of GSM', 'a'.repeat(306), 'GSM', 2],
    ['307 of GSM', 'a'.repeat(307), 'GSM', 3],
    ['80 that take two places', '€'.repeat(80), 'GSM', 1],
    ['81 that take two places', '€'.repeat(81), 'GSM', 2],
    ['153 that take two places: none is torn apart', '€'.repeat(153), 'GSM', 3],
    ['70 with one outside of GSM', `…${'a'.repeat(69)}`, 'UCS-2', 1],
    ['71 with one outside of GSM', `…${'a'.repeat(70)}`, 'UCS-2', 2],
    ['35 of two units', '🔥'.repeat(35), 'UCS-2', 1],
    ['67 of two units: none is torn apart', '🔥'.repeat(67), 'UCS-2', 3],
  ] as const)('of %s is sent in its parts', async (_what, message, encoding, partCount) => {
    await makeTopic([toPhone]);
    expect(await textOf(message)).toEqual({ text: message, encoding, partCount });
  });

  test('has ten characters of the topic’s display name before it, which count', async () => {
    await makeTopic([toPhone], { DisplayName: 'mskeeper orders' });
    expect(await textOf('a'.repeat(149))).toEqual({
      text: `mskeeper o> ${'a'.repeat(149)}`,
      encoding: 'GSM',
      partCount: 2,
    });
    const { Attributes } = await client().send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes?.DisplayName).toBe('mskeeper orders');
  });

  test('of more than 1,600 bytes is not sent, and only a metric tells', async () => {
    await makeTopic([toPhone]);
    expect(await textOf('a'.repeat(1600))).toMatchObject({ partCount: 11 });
    expect(await textOf('a'.repeat(1601))).toBeUndefined();
    expect(await textOf('é'.repeat(801))).toBeUndefined();
    expect([counted('NumberOfNotificationsDelivered'), counted('NumberOfNotificationsFailed')]).toEqual([1, 2]);
  });

  test('reaches verified numbers alone while the account is in the sandbox', async () => {
    await makeTopic([toPhone, { ...toPhone, Endpoint: '+15550101' }]);
    const sandboxNumbers = [
      { number: phone, isVerified: true },
      { number: '+15550101', isVerified: false },
    ];
    sns.setSms({ isInSandbox: true, sandboxNumbers });
    const before = sns.inbox.length;
    await publish('x');
    expect(sns.inbox.slice(before).map(({ endpoint }) => endpoint)).toEqual([phone]);
    expect(sns.undelivered.at(-1)?.reason).toContain('sandbox');
    const { PhoneNumbers } = await client().send(new ListSMSSandboxPhoneNumbersCommand({}));
    expect(PhoneNumbers).toEqual([
      { PhoneNumber: phone, Status: 'Verified' },
      { PhoneNumber: '+15550101', Status: 'Pending' },
    ]);
  });

  test('reaches nobody who answered STOP, and who did can be asked by the number as SNS takes it alone', async () => {
    await makeTopic([toPhone]);
    sns.setSms({ optedOutNumbers: [phone] });
    const before = sns.inbox.length;
    await publish('x');
    expect(sns.inbox.slice(before)).toEqual([]);
    expect(sns.undelivered.at(-1)?.reason).toBe('Phone number is opted out');
    const asked = async (phoneNumber: string) => {
      const { isOptedOut } = await client().send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }));
      return isOptedOut;
    };
    expect([await asked(phone), await asked('+15550101')]).toEqual([true, false]);
    await expect(asked('0555 0100')).rejects.toThrow('is not valid to publish to');
  });

  test('is not sent beyond the month’s limit, until the next month', async () => {
    await makeTopic([toPhone]);
    await aws.clock.advanceTo(Date.parse('2027-01-31T23:59:00Z'));
    sns.setSms({ monthlySpendLimitUsd: 0.03 });
    expect(await textOf('a'.repeat(200))).toMatchObject({ partCount: 2 });
    expect(await textOf('a'.repeat(200))).toBeUndefined();
    expect(sns.undelivered.at(-1)?.reason).toBe('No quota left for account');
    expect(await textOf('a')).toMatchObject({ partCount: 1 });
    const spent = cloudWatch.metrics.read(
      { namespace: 'AWS/SNS', name: 'SMSMonthToDateSpentUSD', dimensions: {} },
      aws.clock.nowMs(),
      aws.clock.nowMs() + 1,
    );
    expect(spent.map(({ maximum }) => maximum)).toEqual([0.02, 0.03]);
    await aws.clock.advanceTo(Date.parse('2027-02-01T00:00:00Z'));
    expect(await textOf('a')).toMatchObject({ partCount: 1 });
  });
});

describe('an address that is subscribed already', () => {
  const subscribe = async (more: object = {}) =>
    (await createResource(aws.world, 'AWS::SNS::Subscription', { TopicArn, ...toPhone, ...more })).ref;

  test('stays one subscription where it is asked for alike, and hears once', async () => {
    await makeTopic([]);
    const FilterPolicy = { endpoint: ['a'] };
    expect(await subscribe({ FilterPolicy })).toBe(await subscribe({ FilterPolicy }));
    const bare = '+15550102';
    expect(await subscribe({ Endpoint: bare })).toBe(await subscribe({ Endpoint: bare }));
    const before = sns.inbox.length;
    await publish('x');
    expect(sns.inbox.slice(before).map(({ endpoint }) => endpoint)).toEqual([bare]);
  });

  test('is refused with other attributes, and is another where the way or the topic is', async () => {
    await makeTopic([]);
    await subscribe({ FilterPolicy: { endpoint: ['a'] } });
    for (const other of [{ FilterPolicy: { endpoint: ['b'] } }, {}, { RawMessageDelivery: true }])
      await expect(subscribe(other)).rejects.toThrow('Subscription already exists with different attributes');
    await subscribe({ Protocol: 'https', FilterPolicy: { endpoint: ['b'] } });
    await makeTopic([]);
    await subscribe({ FilterPolicy: { endpoint: ['b'] } });
    expect(
      sns
        .topics()
        .slice(-2)
        .map(({ subscriptions }) => subscriptions.length),
    ).toEqual([2, 1]);
  });
});

describe('an endpoint that must agree', () => {
  const mail = { Protocol: 'email', Endpoint: 'team@example.com' };
  const listed = async () =>
    (await client().send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions?.map(
      ({ SubscriptionArn = '' }) => SubscriptionArn.replace(/:[0-9a-f-]{36}$/, ':id'),
    );

  test('gets nothing before, and its attributes say that it is pending', async () => {
    await makeTopic([]);
    const { ref: SubscriptionArn } = await createResource(aws.world, 'AWS::SNS::Subscription', { TopicArn, ...mail });
    const isPending = async () =>
      (await client().send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes?.PendingConfirmation;
    const before = sns.inbox.length;
    await publish('x');
    expect(sns.inbox).toHaveLength(before);
    expect([await isPending(), await listed()]).toEqual(['true', ['PendingConfirmation']]);
    sns.confirm(mail.Endpoint);
    await publish('y');
    expect(sns.inbox.slice(before).map(({ message }) => message)).toEqual(['y']);
    expect([await isPending(), await listed()]).toEqual(['false', [`${TopicArn}:id`]]);
  });

  test('is forgotten after two days in which it did not', async () => {
    await makeTopic([mail, toPhone]);
    await aws.clock.advanceTo(aws.clock.nowMs() + 48 * 3_600_000 - 1);
    expect(await listed()).toEqual(['PendingConfirmation', `${TopicArn}:id`]);
    await aws.clock.advanceTo(aws.clock.nowMs() + 1);
    expect(await listed()).toEqual([`${TopicArn}:id`]);
  });
});

describe('a delivery that fails', () => {
  test('is told to nobody who published, and counts in the topic’s metric until the endpoint is mended', async () => {
    const endpoint = 'https://hook.example.com/a';
    await makeTopic([{ Protocol: 'https', Endpoint: endpoint }]);
    sns.confirm(endpoint);
    const mend = sns.breakEndpoint(endpoint, 'connection refused');
    await publish('x');
    expect(sns.undelivered.at(-1)?.reason).toBe('connection refused');
    mend();
    await publish('y');
    expect(sns.inbox.at(-1)).toMatchObject({ endpoint, message: 'y' });
    expect(
      ['NumberOfMessagesPublished', 'NumberOfNotificationsDelivered', 'NumberOfNotificationsFailed'].map(counted),
    ).toEqual([2, 1, 1]);
  });

  test('to a queue whose policy does not let it in counts, too', async () => {
    await makeTopic([{ Protocol: 'sqs', Endpoint: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:nowhere` }]);
    await publish('x');
    expect(counted('NumberOfNotificationsFailed')).toBe(1);
  });

  test('is no failure where a filter keeps a message back', async () => {
    await makeTopic([]);
    await createResource(aws.world, 'AWS::SNS::Subscription', { TopicArn, ...toPhone, FilterPolicy: { a: ['x'] } });
    const before = sns.undelivered.length;
    await publish('x');
    expect(sns.undelivered).toHaveLength(before);
    expect(
      [
        'NumberOfNotificationsFailed',
        'NumberOfNotificationsFilteredOut',
        'NumberOfNotificationsFilteredOut-NoMessageAttributes',
      ].map(counted),
    ).toEqual([0, 1, 1]);
  });
});
