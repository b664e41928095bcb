import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetEventSourceMappingCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSqs, type Sqs } from '../../../local/aws/services/sqs/sqs.ts';
import { ACCOUNT_ID, REGION } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

type SqsRecord = {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
};

let queues: Sqs | undefined;
const { attemptsOf, aws, client, directory, lambda, sumOf, ...functions } = await serveLambda(
  {
    'app.mjs': `
        import { appendFileSync } from 'node:fs';
        const note = (what) => appendFileSync(process.env.CALLS, JSON.stringify(what) + '\\n');
        export const works = async (event) => { note(event.Records); };
        export const fails = async (event) => { note(event.Records); throw new Error('always'); };
        export const slow = async (event) => {
          note({ from: Date.now() });
          await new Promise((resolve) => setTimeout(resolve, 400));
          note({ to: Date.now() });
        };
        export const partly = async (event) => {
          note(event.Records);
          const failed = event.Records.filter(({ body }) => body.startsWith('bad'));
          return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
        };
        export const answers = async (event) => JSON.parse(event.Records[0].body);`,
  },
  (world) => {
    queues = createSqs(world);
    return queues;
  },
);
const callsOf = (name: string) => join(directory, `${name}.txt`);
const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
const queueOf = (name: string) => {
  if (queues === undefined) throw new Error('the queues are made with Lambda');
  return queues.queue(name);
};
const send = (name: string, MessageBody: string) =>
  new SQSClient({ ...aws.client(), useQueueUrlAsEndpoint: false }).send(
    new SendMessageCommand({
      QueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`,
      MessageBody,
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'alarm' } },
    }),
  );
/** A queue and a function of one name; the mapping is made apart, so that a test can fill the queue first. */
const make = async (name: string, handler: string, properties: object = {}, queue: object = {}) => {
  await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: name, VisibilityTimeout: 60, ...queue });
  await writeFile(callsOf(name), '');
  await functions.define(name, {
    Handler: `app.${handler}`,
    Environment: { Variables: { CALLS: callsOf(name) } },
    Timeout: 10,
    ...properties,
  });
};
const map = (name: string, properties: object = {}) =>
  createResource(aws.world, 'AWS::Lambda::EventSourceMapping', {
    FunctionName: name,
    EventSourceArn: queueArn(name),
    ...properties,
  });
const advance = async (seconds: number) => {
  await aws.clock.advanceTo(aws.clock.nowMs() + seconds * 1000);
  await lambda.idle();
};
/** What a function wrote, a line each. */
const noted = async <Line>(name: string): Promise<readonly Line[]> =>
  (await readFile(callsOf(name), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line));
const bodies = async (name: string) =>
  (await noted<readonly SqsRecord[]>(name)).map((records) => records.map(({ body }) => body));
const left = (name: string) => queueOf(name).messages.map(({ body }) => body);

beforeAll(() => {
  const queueCalls = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const mayLog = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };
  aws.role('function', mayLog, { Effect: 'Allow', Action: queueCalls, Resource: '*' });
  for (const missing of queueCalls) {
    const Action = queueCalls.filter((call) => call !== missing);
    aws.role(`no-${missing.replace('sqs:', '')}`, mayLog, { Effect: 'Allow', Action, Resource: '*' });
  }
});

describe('a function on a queue', () => {
  test('gets messages as Lambda forms them, and what it did is deleted', async () => {
    await make('shown', 'works');
    await map('shown');
    const { MessageId } = await send('shown', '{"a":1}');
    await lambda.idle();
    const [records] = await noted<readonly SqsRecord[]>('shown');
    expect(records).toEqual([
      {
        messageId: MessageId,
        receiptHandle: expect.stringMatching(/./),
        body: '{"a":1}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(aws.clock.nowMs()),
          SenderId: expect.stringMatching(/./),
          ApproximateFirstReceiveTimestamp: String(aws.clock.nowMs()),
        },
        messageAttributes: {
          kind: { stringValue: 'alarm', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfBody: 'bb6cb5c68df4652941caf652a366f2d8',
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn('shown'),
        awsRegion: REGION,
      },
    ]);
    expect(left('shown')).toEqual([]);
    expect(attemptsOf('shown')).toMatchObject([{ kind: 'sync', status: 'success', invokedBy: queueArn('shown') }]);
  });

  test('gets what lay there before it came, ten messages at a time unless it says otherwise', async () => {
    await make('filled', 'works');
    for (let number = 1; number <= 12; number += 1) await send('filled', String(number));
    await map('filled');
    await lambda.idle();
    expect((await bodies('filled')).map((batch) => batch.length).sort()).toEqual([10, 2]);
    expect(left('filled')).toEqual([]);
  });

  test('gets a failed batch again when it becomes visible, until its dead letters take it', async () => {
    await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'failing-dead' });
    const RedrivePolicy = { deadLetterTargetArn: queueArn('failing-dead'), maxReceiveCount: 2 };
    await make('failing', 'fails', {}, { RedrivePolicy });
    await map('failing');
    const sentMs = aws.clock.nowMs();
    const { MessageId } = await send('failing', 'x');
    await lambda.idle();
    expect(left('failing')).toEqual(['x']);
    await advance(59);
    expect(attemptsOf('failing')).toHaveLength(1);
    await advance(1);
    const counts = (await noted<readonly SqsRecord[]>('failing')).map(
      ([first]) => first?.attributes.ApproximateReceiveCount,
    );
    expect(counts).toEqual(['1', '2']);
    expect(left('failing-dead')).toEqual([]);
    await advance(60);
    expect(attemptsOf('failing')).toHaveLength(2);
    expect(left('failing')).toEqual([]);
    expect(queueOf('failing-dead').messages).toMatchObject([
      { messageId: MessageId, sentMs, deadLetterSourceArn: queueArn('failing') },
    ]);
  });

  test('that names the messages it failed on gets those alone again', async () => {
    await make('partly', 'partly');
    for (const body of ['good 1', 'bad 2', 'good 3']) await send('partly', body);
    await map('partly', { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await lambda.idle();
    expect(left('partly')).toEqual(['bad 2']);
    await advance(60);
    expect(await bodies('partly')).toEqual([['good 1', 'bad 2', 'good 3'], ['bad 2']]);
  });

  test('is not read for failures where its mapping does not say so', async () => {
    await make('unread', 'partly');
    await map('unread');
    await send('unread', 'bad');
    await lambda.idle();
    expect(left('unread')).toEqual([]);
  });
});

describe('an answer that reports failures', () => {
  const fulfilled = [null, {}, { batchItemFailures: [] }, { batchItemFailures: null }];
  const unreadable = [
    'text',
    [1],
    { batchItemFailures: 'x' },
    { batchItemFailures: [{ itemIdentifier: '' }] },
    { batchItemFailures: [{ itemIdentifier: null }] },
    { batchItemFailures: [{ id: 'x' }] },
    { batchItemFailures: [{ itemIdentifier: 'of no message here' }] },
    { batchItemFailures: [null] },
  ];

  test('takes nothing, and a list of none, for done, and what cannot be read for all failed', async () => {
    await make('answers', 'answers');
    for (const answer of [...fulfilled, ...unreadable]) await send('answers', JSON.stringify(answer));
    await map('answers', { FunctionResponseTypes: ['ReportBatchItemFailures'], BatchSize: 1 });
    await lambda.idle();
    expect(left('answers')).toEqual(unreadable.map((answer) => JSON.stringify(answer)));
  });
});

describe('a mapping', () => {
  test('gathers for its window, and no longer than until the batch is full', async () => {
    await make('window', 'works');
    await map('window', { BatchSize: '3', MaximumBatchingWindowInSeconds: '30' });
    await send('window', '1');
    await advance(20);
    await send('window', '2');
    await advance(9);
    expect(await bodies('window')).toEqual([]);
    await advance(1);
    expect(await bodies('window')).toEqual([['1', '2']]);
    for (const body of ['3', '4', '5']) await send('window', body);
    await lambda.idle();
    expect((await bodies('window')).at(-1)).toEqual(['3', '4', '5']);
  });

  test('ends a batch before 6 MB', async () => {
    await make('heavy', 'partly');
    for (let count = 0; count < 7; count += 1) await send('heavy', 'x'.repeat(1_000_000));
    await map('heavy');
    await lambda.idle();
    expect((await bodies('heavy')).map((batch) => batch.length).sort()).toEqual([1, 6]);
  });

  test('invokes no more at once than it may', async () => {
    await make('limited', 'slow');
    for (let count = 0; count < 5; count += 1) await send('limited', 'x');
    await map('limited', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await lambda.idle();
    const moments = await noted<{ from?: number; to?: number }>('limited');
    let runningCount = 0;
    const seen = moments.map(({ from }) => (runningCount += from === undefined ? -1 : 1));
    expect(moments).toHaveLength(10);
    expect(Math.max(...seen)).toBe(2);
    expect(left('limited')).toEqual([]);
  });

  test('tries a throttled batch again, and the message was received but once', async () => {
    await make('narrow', 'works', { ReservedConcurrentExecutions: 1 });
    await send('narrow', 'x');
    await send('narrow', 'y');
    await map('narrow', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await lambda.idle();
    expect(await bodies('narrow')).toEqual([['x']]);
    expect(sumOf('AWS/Lambda', 'Throttles', { FunctionName: 'narrow' })).toBe(1);
    await advance(1);
    const [, second] = await noted<readonly SqsRecord[]>('narrow');
    expect(second?.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount])).toEqual([['y', '1']]);
  });

  test('gives a batch back that stays throttled until its messages are visible again', async () => {
    await make('closed', 'works', { ReservedConcurrentExecutions: 0 });
    await map('closed');
    await send('closed', 'x');
    await advance(59);
    expect(queueOf('closed').messages).toMatchObject([{ receiveCount: 1 }]);
    await advance(1);
    expect(queueOf('closed').messages).toMatchObject([{ receiveCount: 2 }]);
    expect(attemptsOf('closed')).toEqual([]);
  });

  test('that is switched off leaves messages alone, and the API tells which is', async () => {
    await make('off', 'works');
    const { ref: UUID } = await map('off', { Enabled: 'false', ScalingConfig: { MaximumConcurrency: 2 } });
    await send('off', 'x');
    await advance(60);
    expect(queueOf('off').messages).toMatchObject([{ receiveCount: 0 }]);
    const described = await client().send(new GetEventSourceMappingCommand({ UUID }));
    expect(described).toMatchObject({
      State: 'Disabled',
      EventSourceArn: queueArn('off'),
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    const listed = await client().send(new ListEventSourceMappingsCommand({ FunctionName: 'off' }));
    expect(listed.EventSourceMappings?.map((each) => each.UUID)).toEqual([UUID]);
    await expect(client().send(new GetEventSourceMappingCommand({ UUID: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('the function’s role is asked at each poll', () => {
  const takeAway = (action: string, queue: string) =>
    aws.world.faults.takeAway({ roleName: 'function', action, resources: [queueArn(queue)] });

  test('without sqs:ReceiveMessage nothing is taken until it has it again', async () => {
    await make('denied', 'works');
    await map('denied');
    takeAway('sqs:ReceiveMessage', 'denied');
    await send('denied', 'x');
    await advance(40);
    expect(queueOf('denied').messages).toMatchObject([{ receiveCount: 0 }]);
    aws.world.faults.clear();
    await advance(20);
    expect(await bodies('denied')).toEqual([['x']]);
  });

  test('and a fault of SQS keeps it from the queue like a denial', async () => {
    await make('faulty', 'works');
    await map('faulty');
    const lift = aws.world.faults.inject({ operation: 'sqs:ReceiveMessage', fault: 'server-error' });
    await send('faulty', 'x');
    await advance(20);
    expect(await bodies('faulty')).toEqual([]);
    lift();
    await advance(20);
    expect(await bodies('faulty')).toEqual([['x']]);
    const outcomes = aws.world.calls
      .of('sqs:ReceiveMessage')
      .filter(({ permissions }) => permissions.some(({ resource }) => resource === queueArn('faulty')))
      .map(({ outcome, roleName }) => `${roleName}: ${outcome}`);
    expect(new Set(outcomes)).toEqual(new Set(['function: fault:server-error', 'function: ok']));
  });

  test('without sqs:DeleteMessage a message that was done comes again', async () => {
    await make('undeleted', 'works');
    await map('undeleted');
    takeAway('sqs:DeleteMessage', 'undeleted');
    await send('undeleted', 'x');
    await lambda.idle();
    aws.world.faults.clear();
    await advance(60);
    expect(await bodies('undeleted')).toEqual([['x'], ['x']]);
    expect(left('undeleted')).toEqual([]);
  });

  test('a queue under a customer’s key needs that key', async () => {
    const key = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/own`;
    aws.role(
      'with-key',
      { Effect: 'Allow', Action: ['logs:*', 'sqs:*'], Resource: '*' },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: key },
    );
    await make('sealed', 'works', {}, { KmsMasterKeyId: key });
    const Role = `arn:aws:iam::${ACCOUNT_ID}:role/with-key`;
    await make('opened', 'works', { Role }, { KmsMasterKeyId: key });
    await map('sealed');
    await map('opened');
    await send('sealed', 'x');
    await send('opened', 'y');
    await lambda.idle();
    expect(await bodies('opened')).toEqual([['y']]);
    expect(await bodies('sealed')).toEqual([]);
    expect(left('sealed')).toEqual(['x']);
  });
});

describe('refused when it is made', () => {
  beforeAll(async () => {
    await make('refused', 'works');
    await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'refused-hasty', VisibilityTimeout: 9 });
  });

  test.each([
    [
      'a visibility timeout shorter than the function’s timeout',
      { EventSourceArn: queueArn('refused-hasty') },
      'Queue visibility timeout: 9 seconds is less than Function timeout: 10 seconds',
    ],
    [
      'more than ten messages without a window',
      { BatchSize: 11 },
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [
      'a queue that does not exist',
      { EventSourceArn: queueArn('nowhere') },
      expect.stringContaining('AWS.SimpleQueueService.NonExistentQueue'),
    ],
  ])('%s', async (_what, properties, message) => {
    await expect(map('refused', properties)).rejects.toMatchObject({ code: 'InvalidParameterValueException', message });
  });

  test.each(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])('a role without sqs:%s', async (call) => {
    await make(`lacks-${call}`, 'works', { Role: `arn:aws:iam::${ACCOUNT_ID}:role/no-${call}` });
    await expect(map(`lacks-${call}`)).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: `The function execution role does not have permissions to call ${call} on SQS`,
    });
  });

  test('the same queue and function once more', async () => {
    await make('twice', 'works');
    await map('twice');
    await expect(map('twice')).rejects.toMatchObject({ code: 'ResourceConflictException', status: 409 });
  });

  test('a function that does not exist', async () => {
    await expect(map('refused', { FunctionName: 'nobody' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  test.each([
    ['one invocation at once', { ScalingConfig: { MaximumConcurrency: 1 } }, /MaximumConcurrency/],
    ['a batch of 10,001', { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, /BatchSize/],
    ['a window of 301 s', { MaximumBatchingWindowInSeconds: 301 }, /MaximumBatchingWindowInSeconds/],
    ['a property that is not served', { FilterCriteria: { Filters: [] } }, /FilterCriteria/],
  ])('%s', async (_what, properties, reason) => {
    await expect(map('refused', properties)).rejects.toThrow(reason);
  });
});
