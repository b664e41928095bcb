import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../local/aws/delivery.ts';
import { ACCOUNT_ID, REGION } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

const { attemptsOf, aws, client, directory, lambda, sumOf, ...functions } = await serveLambda({
  'app.mjs': `
        import { appendFileSync, readFileSync } from 'node:fs';
        export const fails = async () => { throw new Error('always'); };
        export const works = async (event) => ({ seen: event });
        export const slow = async () => { appendFileSync(process.env.CALLS, 's'); await new Promise((r) => setTimeout(r, 700)); };
        export const secondTime = async () => {
          appendFileSync(process.env.CALLS, 'x');
          if (readFileSync(process.env.CALLS, 'utf8').length < 2) throw new Error('first time');
        };`,
});
const calls = join(directory, 'calls.txt');
const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;

const delivered: Delivery[] = [];
aws.world.addReceiver('sqs', async (delivery) => {
  aws.world.authorizeSender(delivery.sender, { action: 'sqs:SendMessage', resource: delivery.targetArn });
  delivered.push(delivery);
});

const define = async (name: string, properties: object, asynchronously?: object) => {
  await functions.define(name, {
    Handler: 'app.fails',
    Environment: { Variables: { CALLS: calls } },
    Timeout: 10,
    ...properties,
  });
  if (asynchronously !== undefined) {
    await createResource(aws.world, 'AWS::Lambda::EventInvokeConfig', {
      FunctionName: name,
      Qualifier: '$LATEST',
      ...asynchronously,
    });
  }
};
const send = async (name: string, event: object) => {
  const payload = JSON.stringify(event);
  const { StatusCode: status } = await client().send(
    new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: payload }),
  );
  expect(status).toBe(202);
};
const advance = (seconds: number) => aws.clock.advanceTo(aws.clock.nowMs() + seconds * 1000);
const counted = (metric: string, FunctionName: string) => sumOf('AWS/Lambda', metric, { FunctionName });

beforeAll(() => {
  aws.role(
    'function',
    { Effect: 'Allow', Action: 'logs:*', Resource: '*' },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('failures') },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('results') },
  );
});

describe('an asynchronous invocation', () => {
  test('that fails is tried again after a minute and after two more, then told to its destination', async () => {
    await define('failing', {}, { DestinationConfig: { OnFailure: { Destination: queueArn('failures') } } });
    await send('failing', { number: 1 });
    await lambda.idle();
    expect(attemptsOf('failing')).toHaveLength(1);
    await advance(59);
    expect(attemptsOf('failing')).toHaveLength(1);
    await advance(1);
    expect(attemptsOf('failing')).toHaveLength(2);
    await advance(119);
    expect(attemptsOf('failing')).toHaveLength(2);
    expect(delivered).toEqual([]);
    await advance(1);
    expect(attemptsOf('failing').map(({ attempt, requestId }) => [attempt, requestId])).toEqual(
      [1, 2, 3].map((attempt) => [attempt, attemptsOf('failing')[0]?.requestId]),
    );
    await advance(3600);
    expect(attemptsOf('failing')).toHaveLength(3);
    const [record] = delivered.splice(0);
    expect(record?.targetArn).toBe(queueArn('failures'));
    expect(JSON.parse(record?.payload ?? '{}')).toMatchObject({
      version: '1.0',
      requestContext: {
        requestId: attemptsOf('failing')[0]?.requestId,
        functionArn: `${functionArn('failing')}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { number: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'always' },
    });
    expect(counted('AsyncEventsReceived', 'failing')).toBe(1);
    expect(counted('AsyncEventsDropped', 'failing')).toBe(1);
  });

  test('that works the second time is not told as a failure', async () => {
    await define(
      'flaky',
      { Handler: 'app.secondTime' },
      { DestinationConfig: { OnFailure: { Destination: queueArn('failures') } } },
    );
    await send('flaky', {});
    await lambda.idle();
    await advance(60);
    expect(attemptsOf('flaky').map(({ status }) => status)).toEqual(['error', 'success']);
    expect(delivered).toEqual([]);
  });

  test('tells its success where it is asked to', async () => {
    await define(
      'working',
      { Handler: 'app.works' },
      { DestinationConfig: { OnSuccess: { Destination: queueArn('results') } } },
    );
    await send('working', { a: 1 });
    await lambda.idle();
    expect(JSON.parse(delivered.splice(0)[0]?.payload ?? '{}')).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      responsePayload: { seen: { a: 1 } },
    });
  });

  test('older than it may be is given up before its next try', async () => {
    await define(
      'stale',
      {},
      { MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: queueArn('failures') } } },
    );
    await send('stale', {});
    await lambda.idle();
    await advance(60);
    expect(attemptsOf('stale')).toHaveLength(2);
    expect(JSON.parse(delivered.splice(0)[0]?.payload ?? '{}')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 },
    });
  });

  test('leaves its event, with the error, in a dead-letter queue', async () => {
    await define('buried', { DeadLetterConfig: { TargetArn: queueArn('failures') } }, { MaximumRetryAttempts: 0 });
    await send('buried', { number: 4 });
    await lambda.idle();
    const [letter] = delivered.splice(0);
    expect(letter).toMatchObject({
      payload: '{"number":4}',
      attributes: { ErrorCode: '200', ErrorMessage: 'always', RequestID: attemptsOf('buried')[0]?.requestId },
    });
  });

  test('is lost, and counted, where the role may not reach the queue', async () => {
    await define(
      'unreachable',
      { DeadLetterConfig: { TargetArn: queueArn('forbidden') } },
      { MaximumRetryAttempts: 0 },
    );
    await send('unreachable', {});
    await lambda.idle();
    expect(delivered).toEqual([]);
    expect(counted('DeadLetterErrors', 'unreachable')).toBe(1);
  });

  test('waits for its reserved place, which costs no attempt', async () => {
    await define('single', { Handler: 'app.slow', ReservedConcurrentExecutions: 1 });
    await send('single', {});
    await send('single', {});
    await lambda.idle();
    expect(attemptsOf('single')).toHaveLength(1);
    expect(counted('Throttles', 'single')).toBe(1);
    await advance(1);
    expect(attemptsOf('single').map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'success'],
      [1, 'success'],
    ]);
    expect(await readFile(calls, 'utf8')).toMatch(/ss$/);
  });

  test('of a function without any place goes to the dead letters unprocessed', async () => {
    await define('off', { ReservedConcurrentExecutions: 0, DeadLetterConfig: { TargetArn: queueArn('failures') } });
    await send('off', { number: 5 });
    await lambda.idle();
    expect(attemptsOf('off')).toEqual([]);
    expect(delivered.splice(0)[0]).toMatchObject({ payload: '{"number":5}', attributes: { ErrorCode: '429' } });
  });
});
