import {
  AuthorizationErrorException,
  InvalidParameterException,
  KMSAccessDeniedException,
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../local/aws/delivery.ts';
import { addIamResources } from '../../../local/aws/iam/creators.ts';
import { createSns } from '../../../local/aws/services/sns/sns.ts';
import { createSqs } from '../../../local/aws/services/sqs/sqs.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const sns = createSns(aws.world);
const sqs = createSqs(aws.world);
const invocations: Delivery[] = [];
aws.world.addReceiver('lambda', async (delivery) => void invocations.push(delivery));
const client = () => new SNSClient(aws.client());
const arnOf = (service: string, name: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${name}`;
let TopicArn = '';
const publish = (input: object) => client().send(new PublishCommand({ TopicArn, Message: 'm', ...input }));

beforeAll(async () => {
  const queueArn = arnOf('sqs', 'copies');
  await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'copies' });
  const Subscription = [
    { Protocol: 'email', Endpoint: 'team@example.com' },
    { Protocol: 'sms', Endpoint: '+15550100' },
    { Protocol: 'lambda', Endpoint: arnOf('lambda', 'function:incident') },
  ];
  TopicArn = (await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'critical', Subscription })).ref;
  await createResource(aws.world, 'AWS::SNS::Subscription', { TopicArn, Protocol: 'sqs', Endpoint: queueArn });
});

describe('SNS over the query protocol', () => {
  test('delivers to each protocol its own text, in its own envelope', async () => {
    sns.confirm('team@example.com');
    const queue = sqs.queue('copies');
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queue.arn,
    };
    await createResource(aws.world, 'AWS::SQS::QueuePolicy', {
      Queues: [queue.url],
      PolicyDocument: { Statement: [statement] },
    });
    const Message = JSON.stringify({ default: 'everything', sms: 'short & <sharp>', email: 'line 1\nline 2' });
    const { MessageId } = await publish({ Message, MessageStructure: 'json', Subject: 'Broker 2 is down' });

    expect(sns.inbox.map(({ protocol, message }) => [protocol, message])).toEqual([
      ['email', 'line 1\nline 2'],
      ['sms', 'short & <sharp>'],
    ]);
    expect(JSON.parse(invocations[0]?.payload ?? '')).toMatchObject({
      Records: [
        { EventSource: 'aws:sns', Sns: { MessageId, Subject: 'Broker 2 is down', Message: 'everything', TopicArn } },
      ],
    });
    expect(JSON.parse(queue.messages[0]?.body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      Message: 'everything',
    });
  });

  test('shows a subscription that nobody confirmed, and sends it nothing', async () => {
    await createResource(aws.world, 'AWS::SNS::Subscription', {
      TopicArn,
      Protocol: 'https',
      Endpoint: 'https://hook.example.com',
    });
    const before = sns.inbox.length;
    await publish({ Message: 'to all' });
    expect(sns.inbox.slice(before).map(({ protocol }) => protocol)).toEqual(['email', 'sms']);
    const { Subscriptions } = await client().send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(
      Subscriptions?.map(({ Protocol, SubscriptionArn }) => [Protocol, SubscriptionArn === 'PendingConfirmation']),
    ).toEqual([
      ['email', false],
      ['sms', false],
      ['lambda', false],
      ['sqs', false],
      ['https', true],
    ]);
  });

  test.each([
    ['a message of more than 262,144 bytes', { Message: 'é'.repeat(131_073) }, 'Invalid parameter: Message too long'],
    [
      'a message that is too long with its attributes',
      {
        Message: 'x'.repeat(262_144 - 20),
        MessageAttributes: { severity: { DataType: 'String', StringValue: 'critical' } },
      },
      'Invalid parameter: Message too long',
    ],
    ['an empty message', { Message: '' }, 'Invalid parameter: Empty message'],
    ['a subject of 100 characters', { Subject: 's'.repeat(100) }, 'Invalid parameter: Subject'],
    ['a subject with a line break', { Subject: 'one\ntwo' }, 'Invalid parameter: Subject'],
    [
      'a structure without default',
      { MessageStructure: 'json', Message: '{"sms":"x"}' },
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    ],
    [
      'a structure that is not JSON',
      { MessageStructure: 'json', Message: '{' },
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    ],
  ])('refuses %s', async (_, input, message) => {
    const error = await publish(input).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error).toMatchObject({ message, $metadata: { httpStatusCode: 400 } });
  });

  test('takes a message of exactly 262,144 bytes and a subject of 99 characters', async () => {
    await publish({ Message: 'x'.repeat(262_144), Subject: 's'.repeat(99) });
    expect(sns.inbox.at(-1)?.message).toHaveLength(262_144);
  });

  test('takes a message that has exactly the room with its attributes: name, type and value of each', async () => {
    const MessageAttributes = { severity: { DataType: 'String', StringValue: 'critical' } };
    await publish({ Message: 'x'.repeat(262_144 - 8 - 6 - 8), MessageAttributes });
    expect(sns.inbox.at(-1)?.message).toHaveLength(262_122);
  });

  test('an unknown topic is the SDK’s NotFoundException', async () => {
    await expect(publish({ TopicArn: arnOf('sns', 'none') })).rejects.toBeInstanceOf(NotFoundException);
  });

  test('a role that may not publish is the SDK’s AuthorizationErrorException', async () => {
    const other = new SNSClient(
      aws.client(aws.role('quiet', { Effect: 'Allow', Action: 'sns:Publish', Resource: arnOf('sns', 'warning') })),
    );
    const error = await other.send(new PublishCommand({ TopicArn, Message: 'm' })).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuthorizationErrorException);
    expect(String(error)).toContain(`is not authorized to perform: sns:Publish on resource: ${TopicArn}`);
  });

  test('who publishes to an encrypted topic needs its key', async () => {
    addIamResources(aws.world);
    const KeyPolicy = {
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'kms:*', Resource: '*' },
      ],
    };
    const key = await createResource(aws.world, 'AWS::KMS::Key', { KeyPolicy });
    const topic = await createResource(aws.world, 'AWS::SNS::Topic', {
      TopicName: 'sealed',
      KmsMasterKeyId: key.attributes.Arn,
    });
    const alarm = { kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: 'arn:aws:x' } as const;
    await aws.world.deliver({ sender: alarm, targetArn: topic.ref, payload: 'alarm' });
    const mayPublish = { Effect: 'Allow', Action: 'sns:Publish', Resource: topic.ref };
    const mayUseKey = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: key.attributes.Arn };
    const send = (...statements: object[]) =>
      new SNSClient(aws.client(aws.role('sealer', ...statements))).send(
        new PublishCommand({ TopicArn: topic.ref, Message: 'm' }),
      );
    await expect(send(mayPublish)).rejects.toBeInstanceOf(KMSAccessDeniedException);
    await expect(send(mayPublish, mayUseKey)).resolves.toHaveProperty('MessageId');
  });

  test('the default policy admits the account’s alarms, but no rule of EventBridge', async () => {
    const deliver = (service: string) =>
      aws.world.deliver({
        sender: { kind: 'service', service, sourceArn: 'arn:aws:x' },
        targetArn: TopicArn,
        payload: 'alarm',
      });
    await deliver('cloudwatch.amazonaws.com');
    expect(sns.inbox.at(-1)?.message).toBe('alarm');
    await expect(deliver('events.amazonaws.com')).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});
