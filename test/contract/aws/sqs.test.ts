import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSqs } from '../../../local/aws/services/sqs/sqs.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
createSqs(aws.world);
const sqs = () => new SQSClient({ ...aws.client(), useQueueUrlAsEndpoint: false });
const arn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:failures`;
const rule = `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/light`;
let url = '';

beforeAll(async () => {
  const queue = await createResource(aws.world, 'AWS::SQS::Queue', {
    QueueName: 'failures',
    MessageRetentionPeriod: '1209600',
    VisibilityTimeout: 10,
  });
  url = queue.ref;
  await createResource(aws.world, 'AWS::SQS::QueuePolicy', {
    Queues: [url],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arn,
          Condition: { ArnEquals: { 'aws:SourceArn': rule } },
        },
      ],
    },
  });
});

describe('a queue with dead letters', () => {
  const deadLetterTargetArn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:dead`;

  test('moves a message there that was received as often as it may be, with its id and its first time', async () => {
    await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'dead' });
    const RedrivePolicy = { deadLetterTargetArn, maxReceiveCount: '1' };
    const { ref: QueueUrl } = await createResource(aws.world, 'AWS::SQS::Queue', {
      QueueName: 'mortal',
      RedrivePolicy,
    });
    const { MessageId } = await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const sentMs = aws.clock.nowMs();
    const receive = (url: string) =>
      sqs().send(new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['All'] }));
    expect((await receive(QueueUrl)).Messages).toHaveLength(1);
    await aws.clock.advanceTo(sentMs + 30_000);
    expect((await receive(QueueUrl)).Messages).toBeUndefined();
    const { Messages } = await receive(QueueUrl.replace('mortal', 'dead'));
    expect(Messages).toMatchObject([
      {
        MessageId,
        Attributes: {
          SentTimestamp: String(sentMs),
          DeadLetterQueueSourceArn: deadLetterTargetArn.replace('dead', 'mortal'),
        },
      },
    ]);
  });

  test.each([
    [
      'to a queue that does not exist',
      { deadLetterTargetArn: `${deadLetterTargetArn}-not`, maxReceiveCount: 3 },
      /Dead letter target does not exist\.$/,
    ],
    [
      'after no receive',
      { deadLetterTargetArn, maxReceiveCount: 0 },
      /maxReceiveCount: 0, valid values are from 1 to 1000/,
    ],
    ['after 1,001', { deadLetterTargetArn, maxReceiveCount: 1001 }, /maxReceiveCount: 1001, valid values/],
  ])('is refused that moves them %s', async (_what, RedrivePolicy, message) => {
    const queue = createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'refused', RedrivePolicy });
    await expect(queue).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: expect.stringMatching(message),
    });
  });
});

describe('SQS over AWS JSON 1.0', () => {
  test('a message is given out once until its visibility ends, and is gone when deleted', async () => {
    const sent = await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody: '{"is":"lost"}' }));
    const first = await sqs().send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(first.Messages).toMatchObject([{ MessageId: sent.MessageId, Body: '{"is":"lost"}' }]);
    expect((await sqs().send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages).toBeUndefined();

    await aws.clock.advanceTo(aws.clock.nowMs() + 10_000);
    const again = await sqs().send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
    );
    expect(again.Messages?.[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
    await sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again.Messages?.[0]?.ReceiptHandle }));
    const { Attributes } = await sqs().send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      QueueArn: arn,
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      MessageRetentionPeriod: '1209600',
    });
  });

  test('finds a queue by its name', async () => {
    expect((await sqs().send(new GetQueueUrlCommand({ QueueName: 'failures' }))).QueueUrl).toBe(url);
  });

  test('an unknown queue is the SDK’s QueueDoesNotExist with its old code', async () => {
    const error = await sqs()
      .send(new GetQueueUrlCommand({ QueueName: 'nowhere' }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueueDoesNotExist);
    expect(error).toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue' });
  });

  test('a service delivers only as the queue’s policy names it', async () => {
    const deliver = (sourceArn: string) =>
      aws.world.deliver({
        sender: { kind: 'service', service: 'events.amazonaws.com', sourceArn },
        targetArn: arn,
        payload: 'failed event',
        attributes: { ERROR_CODE: 'NO_PERMISSIONS' },
      });
    await expect(deliver(`${rule}-of-another`)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await deliver(rule);
    const { Messages } = await sqs().send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 }),
    );
    expect(Messages).toMatchObject([
      { Body: 'failed event', MessageAttributes: { ERROR_CODE: { StringValue: 'NO_PERMISSIONS' } } },
    ]);
  });
});
