import {
  GetSubscriptionAttributesCommand,
  type MessageAttributeValue,
  NotFoundException,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSns } from '../../../local/aws/services/sns/sns.ts';
import { createSqs } from '../../../local/aws/services/sqs/sqs.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const sns = createSns(aws.world);
const sqs = createSqs(aws.world);
const client = () => new SNSClient(aws.client());
const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
const list = (...values: readonly (string | number | null)[]): MessageAttributeValue => ({
  DataType: 'String.Array',
  StringValue: JSON.stringify(values),
});
const topicArnOf = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;
const subscribe = (name: string, Endpoint: string, FilterPolicy: unknown, more: object = {}) =>
  createResource(aws.world, 'AWS::SNS::Subscription', {
    TopicArn: topicArnOf(name),
    Protocol: 'sms',
    Endpoint,
    FilterPolicy,
    ...more,
  });
const publish = (name: string, MessageAttributes?: Readonly<Record<string, MessageAttributeValue>>) =>
  client().send(
    new PublishCommand({ TopicArn: topicArnOf(name), Message: 'm', ...(MessageAttributes && { MessageAttributes }) }),
  );
/** To whom one publication went. */
const gotBy = async (publishing: () => Promise<unknown>) => {
  const before = sns.inbox.length;
  await publishing();
  return sns.inbox.slice(before).map(({ endpoint }) => endpoint);
};

describe('a filter policy on message attributes', () => {
  const cases: readonly (readonly [string, object, Readonly<Record<string, MessageAttributeValue>>, boolean])[] = [
    ['a text that is named', { endpoint: ['a', 'b'] }, { endpoint: text('b') }, true],
    ['a text that differs by case', { endpoint: ['a'] }, { endpoint: text('A') }, false],
    ['an array with one that is named', { endpoint: ['a'] }, { endpoint: list('x', 'a') }, true],
    ['an array with none', { endpoint: ['a'] }, { endpoint: list('x', 'y') }, false],
    [
      'an array that is no JSON',
      { endpoint: ['a'] },
      { endpoint: { DataType: 'String.Array', StringValue: 'a' } },
      false,
    ],
    ['an array’s null and number', { endpoint: [null, 3] }, { endpoint: list(3) }, true],
    ['no such attribute', { endpoint: ['a'] }, { severity: text('a') }, false],
    [
      'two keys of which one fails',
      { endpoint: ['a'], severity: ['b'] },
      { endpoint: text('a'), severity: text('c') },
      false,
    ],
    ['two keys that hold', { endpoint: ['a'], severity: ['b'] }, { endpoint: text('a'), severity: text('b') }, true],
    ['a number', { endpoint: [5] }, { endpoint: { DataType: 'Number', StringValue: '5.0' } }, true],
    [
      'bytes, which are not looked into',
      { endpoint: ['a'] },
      { endpoint: { DataType: 'Binary', BinaryValue: Buffer.from('a') } },
      false,
    ],
    ['anything but one', { endpoint: [{ 'anything-but': ['a', 'b'] }] }, { endpoint: text('c') }, true],
    ['nothing but that one', { endpoint: [{ 'anything-but': 'a' }] }, { endpoint: text('a') }, false],
    [
      'anything but one, in an array of both',
      { endpoint: [{ 'anything-but': ['a'] }] },
      { endpoint: list('a', 'c') },
      true,
    ],
    ['anything but one, of what is absent', { endpoint: [{ 'anything-but': ['a'] }] }, { other: text('c') }, false],
    [
      'anything but a prefix',
      { endpoint: [{ 'anything-but': { prefix: 'on-' } }] },
      { endpoint: text('on-call') },
      false,
    ],
    ['a prefix', { endpoint: [{ prefix: 'on-' }] }, { endpoint: list('x', 'on-call') }, true],
    ['another prefix', { endpoint: [{ prefix: 'on-' }] }, { endpoint: text('off') }, false],
    ['that it exists', { endpoint: [{ exists: true }] }, { endpoint: text('any') }, true],
    ['that it does not', { endpoint: [{ exists: false }] }, { endpoint: text('any') }, false],
    ['its name or its absence, being absent', { endpoint: ['a', { exists: false }] }, { other: text('x') }, true],
    ['its name or its absence, being another', { endpoint: ['a', { exists: false }] }, { endpoint: list('b') }, false],
  ];

  test.each(cases)('judges %s', async (what, policy, attributes, isTaken) => {
    const name = `case-${cases.findIndex(([other]) => other === what)}`;
    await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: name });
    await subscribe(name, '+15550100', policy);
    expect(await gotBy(() => publish(name, attributes))).toEqual(isTaken ? ['+15550100'] : []);
  });

  test('is each subscription’s own, and may be written as JSON', async () => {
    await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'shared' });
    await subscribe('shared', '+15550101', { endpoint: ['first'] });
    await subscribe('shared', '+15550102', '{"endpoint":["second"]}');
    await subscribe('shared', '+15550103', undefined);
    expect(await gotBy(() => publish('shared', { endpoint: list('second') }))).toEqual(['+15550102', '+15550103']);
    expect(await gotBy(() => publish('shared', { endpoint: list('first', 'second') }))).toHaveLength(3);
    expect(await gotBy(() => publish('shared'))).toEqual(['+15550103']);
  });

  test('keeps an alarm’s own message back unless it takes what has no attribute', async () => {
    await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'alarms' });
    await subscribe('alarms', '+15550104', { endpoint: ['first'] });
    await subscribe('alarms', '+15550105', { endpoint: ['first', { exists: false }] });
    const alarm = {
      sender: { kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: 'arn:aws:x' },
      targetArn: topicArnOf('alarms'),
      payload: '{}',
      attributes: { Subject: 'ALARM: "x"' },
    } as const;
    expect(await gotBy(() => aws.world.deliver(alarm))).toEqual(['+15550105']);
  });

  test('stands in the subscription’s attributes', async () => {
    await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'shown' });
    const { ref: SubscriptionArn } = await subscribe('shown', '+15550106', { endpoint: ['a'] });
    const { Attributes } = await client().send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(Attributes).toMatchObject({
      SubscriptionArn,
      Protocol: 'sms',
      PendingConfirmation: 'false',
      FilterPolicy: '{"endpoint":["a"]}',
      FilterPolicyScope: 'MessageAttributes',
    });
    await expect(
      client().send(new GetSubscriptionAttributesCommand({ SubscriptionArn: `${SubscriptionArn}x` })),
    ).rejects.toBeInstanceOf(NotFoundException);
  });

  test('lets attributes through to a queue, in the envelope and raw', async () => {
    const arns = ['enveloped', 'raw'].map((queue) => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${queue}`);
    await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'queued' });
    for (const arn of arns) {
      const QueueName = arn.split(':').at(-1) ?? '';
      await createResource(aws.world, 'AWS::SQS::Queue', { QueueName });
      const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
      const PolicyDocument = { Statement: [{ ...statement, Resource: arn }] };
      await createResource(aws.world, 'AWS::SQS::QueuePolicy', { Queues: [QueueName], PolicyDocument });
      const RawMessageDelivery = QueueName === 'raw';
      await subscribe('queued', arn, { endpoint: ['a'] }, { Protocol: 'sqs', RawMessageDelivery });
    }
    await publish('queued', { endpoint: list('a') });
    await publish('queued', { endpoint: list('b') });
    const [enveloped, raw] = arns.map((arn) => sqs.queue(arn).messages);
    expect(enveloped?.map(({ body }): unknown => JSON.parse(body))).toMatchObject([
      { MessageAttributes: { endpoint: { Type: 'String.Array', Value: '["a"]' } } },
    ]);
    expect(raw).toMatchObject([{ body: 'm', attributes: { endpoint: '["a"]' } }]);
  });
});

describe('a subscription is refused', () => {
  beforeAll(() => createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'refusing' }));
  const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, ['x']]));
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  test.each([
    ['no JSON', '{', 'failed to parse JSON.'],
    ['no object', '[]', 'Filter policy must be a JSON object'],
    ['six keys', six, 'Filter policy can not have more than 5 keys'],
    ['151 combinations', { a: numbers(151) }, 'Filter policy is too complex'],
    ['152 combinations of two keys', { a: numbers(8), b: numbers(19) }, 'Filter policy is too complex'],
    ['an empty list', { a: [] }, 'Empty arrays are not allowed'],
    ['a value outside a list', { a: 'x' }, '"a" must be an object or an array'],
    ['a list in a list', { a: [['x']] }, 'Match value must be String, number, true, false, or null'],
    ['an unknown operator', { a: [{ like: 'x' }] }, 'Unrecognized match type like'],
    ['existence that is no truth', { a: [{ exists: 'x' }] }, 'exists match pattern must be either true or false.'],
    ['a prefix that is no text', { a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    ['256 KB', { a: ['x'.repeat(262_144)] }, 'Filter policy is too long'],
  ])('whose policy has %s', async (_what, policy, reason) => {
    await expect(subscribe('refusing', '+15550100', policy)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: `Invalid parameter: FilterPolicy: ${reason}`,
    });
  });

  test('whose policy is nested', async () => {
    await expect(subscribe('refusing', '+15550100', { a: { b: ['x'] } })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: 'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
    });
  });

  test('whose scope SNS does not know, or that is not served here', async () => {
    const scoped = (FilterPolicyScope: string) =>
      subscribe('refusing', '+15550100', { a: ['x'] }, { FilterPolicyScope });
    await expect(scoped('Headers')).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message:
        'Invalid parameter: FilterPolicyScope: Invalid value [Headers]. Please use either MessageBody or MessageAttributes',
    });
    await expect(scoped('MessageBody')).rejects.toThrow(/not served/);
  });

  test('that is the topic’s 201st with a policy', async () => {
    await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'full' });
    for (let count = 0; count < 200; count += 1) await subscribe('full', `+1555${count}`, { a: ['x'] });
    await expect(subscribe('full', '+15550999', { a: ['x'] })).rejects.toMatchObject({
      code: 'FilterPolicyLimitExceededException',
    });
    await subscribe('full', '+15550999', undefined);
  });

  test('a publication with an attribute that has no value', async () => {
    await expect(publish('refusing', { endpoint: text('') })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });
});
