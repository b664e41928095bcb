import { StopDurableExecutionCommand } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { functionArn, serveDurable } from '../../support/durable/account.ts';

const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:failed-runs`;
const account = await serveDurable({
  source: `
    import { withDurableExecution } from '@aws/durable-execution-sdk-js';
    export const keeps = withDurableExecution(async (event, context) => { await context.wait('pause', { minutes: 30 }); return 'kept'; });
    export const fails = withDurableExecution(async (event, context) => {
      await context.step('one', async () => 'x'.repeat(1000));
      throw new RangeError('out of range');
    });
    export const endless = withDurableExecution(async (event, context) => {
      await Promise.all(Array.from({ length: event.steps }, (_, i) => context.step('step', async () => i)));
      return 'done';
    });
    export const heavy = withDurableExecution(async (event, context) => {
      for (let i = 0; i < 500; i += 1) await context.step('heavy', async () => 'x'.repeat(262_000));
    });
    export const huge = withDurableExecution(async (event, context) => {
      await context.step('one', async () => 1);
      return 'x'.repeat(event.bytes);
    });`,
  functions: {
    keeps: { DurableConfig: { ExecutionTimeout: 900 }, DeadLetterConfig: { TargetArn: queueArn } },
    fails: { DeadLetterConfig: { TargetArn: queueArn } },
    endless: { Timeout: 60 },
    heavy: { Timeout: 60 },
    huge: { MemorySize: 1024 },
  },
  statements: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn }],
});
beforeAll(async () => {
  await createResource(account.world, 'AWS::SQS::Queue', { QueueName: 'failed-runs' });
});
const statusEvents = (arn: string) =>
  account.core.eventBridge.events
    .filter(({ busName, event }) => busName === 'default' && Object(event.detail).durableExecutionArn === arn)
    .map(({ event }) => event);
const deadLetters = () => account.core.sqs.queue('failed-runs').messages.map(({ body }) => body);

describe('an execution', () => {
  test('that takes too long is TIMED_OUT, to its metrics, the default bus and the dead-letter queue', async () => {
    const arn = await account.start('keeps', { DurableExecutionName: 'late', Payload: '{"n":1}' });
    expect(account.metric('keeps', 'ApproximateRunningDurableExecutions').last).toBe(1);
    await account.pass(899_000);
    expect((await account.describe(arn)).status).toBe('RUNNING');
    await account.pass(1000);
    expect((await account.describe(arn)).status).toBe('TIMED_OUT');
    expect(deadLetters()).toEqual(['{"n":1}']);
    expect(account.metric('keeps', 'DurableExecutionStarted').sum).toBe(1);
    expect(account.metric('keeps', 'DurableExecutionTimedOut').sum).toBe(1);
    expect(account.metric('keeps', 'DurableExecutionDuration').sum).toBe(900_000);
    expect(account.metric('keeps', 'ApproximateRunningDurableExecutions').last).toBe(0);
    expect(statusEvents(arn)).toMatchObject([
      {
        source: 'aws.lambda',
        'detail-type': 'Durable Execution Status Change',
        detail: {
          durableExecutionArn: arn,
          durableExecutionName: 'late',
          functionArn: functionArn('keeps:1'),
          status: 'RUNNING',
          startTimestamp: '2026-11-21T06:00:00.000Z',
        },
      },
      { detail: { status: 'TIMED_OUT', endTimestamp: '2026-11-21T06:15:00.000Z' } },
    ]);
    expect(statusEvents(arn)[0]?.detail).not.toHaveProperty('endTimestamp');
  });

  test('that fails says so in the same places', async () => {
    const before = deadLetters().length;
    const arn = await account.start('fails', { Payload: '{"n":2}' });
    expect(await account.describe(arn)).toMatchObject({ status: 'FAILED', error: 'RangeError: out of range' });
    expect(deadLetters().slice(before)).toEqual(['{"n":2}']);
    expect(account.metric('fails', 'DurableExecutionFailed').sum).toBe(1);
    expect(account.metric('fails', 'DurableExecutionOperations').last).toBe(2);
    expect(account.metric('fails', 'DurableExecutionStorageWrittenBytes').last).toBeGreaterThan(1000);
    expect(statusEvents(arn).map(({ detail }) => Object(detail).status)).toEqual(['RUNNING', 'FAILED']);
  });

  test('that is stopped stays stopped, and its event goes to the dead-letter queue', async () => {
    const before = deadLetters().length;
    const arn = await account.start('keeps', { Payload: '{"n":3}' });
    const error = { ErrorType: 'Operator', ErrorMessage: 'enough' };
    const { StopTimestamp: stoppedAt } = await account
      .lambdaClient()
      .send(new StopDurableExecutionCommand({ DurableExecutionArn: arn, Error: error }));
    await account.lambda.idle();
    expect(stoppedAt?.getTime()).toBe(account.clock.nowMs());
    await account.pass(3_600_000);
    expect(await account.describe(arn)).toMatchObject({ status: 'STOPPED', error: 'Operator: enough' });
    expect(account.execution(arn).usage.invocationCount).toBe(1);
    expect(account.metric('keeps', 'DurableExecutionStopped').sum).toBe(1);
    expect(deadLetters().slice(before)).toEqual(['{"n":3}']);
  });

  test('has room for 3,000 operations, its own start among them', async () => {
    const fits = await account.start('endless', { Payload: '{"steps":2999}' });
    expect(await account.describe(fits)).toMatchObject({ status: 'SUCCEEDED', result: 'done' });
    expect(account.execution(fits).usage.operationCount).toBe(3000);
    const bursts = await account.start('endless', { Payload: '{"steps":3000}' });
    expect(await account.describe(bursts)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('maximum number of operations: 3000'),
    });
  });

  test('has room for 100 MB', async () => {
    const arn = await account.start('heavy');
    expect(await account.describe(arn)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('maximum storage: 104857600 bytes'),
    });
  });

  test('keeps a result of nearly 6 MB, and none beyond', async () => {
    const fits = await account.start('huge', { Payload: '{"bytes":6291400}' });
    expect((await account.describe(fits)).status).toBe('SUCCEEDED');
    const bursts = await account.start('huge', { Payload: '{"bytes":6291460}' });
    expect((await account.describe(bursts)).status).toBe('FAILED');
  });
});
