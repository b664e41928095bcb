import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../local/aws/delivery.ts';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createLambda } from '../../../local/aws/services/lambda/lambda.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws.ts';
import { createResource } from '../../support/aws-resource.ts';
import { makeZip } from '../../support/zip.ts';

const aws = serveAws();
const cloudWatch = createCloudWatch(aws.world, { putEvent: () => {} });
const directory = await mkdtemp(join(tmpdir(), 'lambda-async-'));
const calls = join(directory, 'calls.txt');
const lambda = createLambda(aws.world, {
  cloudWatch,
  directory,
  readPackage: async () =>
    makeZip({
      'app.mjs': `
        import { appendFileSync, readFileSync } from 'node:fs';
        export const fails = async () => { throw new Error('always'); };
        export const works = async (event) => ({ seen: event });
        export const slow = async () => { appendFileSync(process.env.CALLS, 's'); await new Promise((r) => setTimeout(r, 700)); };
        export const secondTime = async () => {
          appendFileSync(process.env.CALLS, 'x');
          if (readFileSync(process.env.CALLS, 'utf8').length < 2) throw new Error('first time');
        };`,
    }),
  endpointUrl: () => 'http://127.0.0.1:4566',
});
const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;

const delivered: Delivery[] = [];
aws.world.addReceiver('sqs', async (delivery) => {
  aws.world.authorizeSender(delivery.sender, { action: 'sqs:SendMessage', resource: delivery.targetArn });
  delivered.push(delivery);
});

const define = async (name: string, properties: object, asynchronously?: object) => {
  await createResource(aws.world, 'AWS::Lambda::Function', {
    FunctionName: name,
    Handler: 'app.fails',
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/function`,
    Code: { S3Key: 'app.zip' },
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
  const client = new LambdaClient(aws.client());
  const payload = JSON.stringify(event);
  const { StatusCode: status } = await client.send(
    new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: payload }),
  );
  expect(status).toBe(202);
};
const attemptsOf = (name: string) => lambda.invocations.filter((record) => record.functionName === name);
const advance = (seconds: number) => aws.clock.advanceTo(aws.clock.nowMs() + seconds * 1000);
const sumOf = (metric: string, FunctionName: string) =>
  cloudWatch.metrics
    .read({ namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName } }, 0, Number.MAX_SAFE_INTEGER)
    .reduce((sum, sample) => sum + sample.sum, 0);

beforeAll(() => {
  aws.role(
    'function',
    { Effect: 'Allow', Action: 'logs:*', Resource: '*' },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('failures') },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('results') },
  );
});
afterAll(async () => {
  await lambda.stop();
  await rm(directory, { recursive: true, force: true });
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
    expect(sumOf('AsyncEventsReceived', 'failing')).toBe(1);
    expect(sumOf('AsyncEventsDropped', 'failing')).toBe(1);
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
    expect(sumOf('DeadLetterErrors', 'unreachable')).toBe(1);
  });

  test('waits for its reserved place, which costs no attempt', async () => {
    await define('single', { Handler: 'app.slow', ReservedConcurrentExecutions: 1 });
    await send('single', {});
    await send('single', {});
    await lambda.idle();
    expect(attemptsOf('single')).toHaveLength(1);
    expect(sumOf('Throttles', 'single')).toBe(1);
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

describe('another service', () => {
  const rule = `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/light`;
  const deliver = (targetArn: string, sourceArn = rule, service = 'events.amazonaws.com') =>
    aws.world.deliver({ sender: { kind: 'service', service, sourceArn }, targetArn, payload: '{"from":"rule"}' });

  test('needs a permission on the function, for its own source', async () => {
    await define('woken', { Handler: 'app.works' });
    await expect(deliver(functionArn('woken'))).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await createResource(aws.world, 'AWS::Lambda::Permission', {
      FunctionName: functionArn('woken'),
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: rule,
    });
    await deliver(functionArn('woken'));
    await lambda.idle();
    expect(attemptsOf('woken').map(({ invokedBy }) => invokedBy)).toEqual([rule]);
    await expect(deliver(functionArn('woken'), `${rule}-other`)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await expect(deliver(functionArn('woken'), rule, 'sns.amazonaws.com')).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('that names a function which does not exist is told so', async () => {
    await expect(deliver(functionArn('nobody'))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('an alarm can be what wakes it', async () => {
    await define('alarmed', { Handler: 'app.works' });
    await createResource(aws.world, 'AWS::Lambda::Permission', {
      FunctionName: 'alarmed',
      Action: 'lambda:InvokeFunction',
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceAccount: ACCOUNT_ID,
    });
    await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
      AlarmName: 'wakes',
      Namespace: 'mskeeper',
      MetricName: 'BrokersUnreachable',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [functionArn('alarmed')],
    });
    const nowMs = aws.clock.nowMs();
    const minuteMs = Math.ceil(nowMs / 60_000) * 60_000;
    cloudWatch.publish({ namespace: 'mskeeper', name: 'BrokersUnreachable', dimensions: {} }, 1, { atMs: minuteMs });
    await cloudWatch.evaluateAlarmsAt(minuteMs + 60_000);
    await lambda.idle();
    expect(attemptsOf('alarmed')).toHaveLength(1);
  });
});
