import {
  CheckpointDurableExecutionCommand,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { functionArn, serveDurable } from '../../support/durable/account.ts';

const minuteMs = 60_000;
const account = await serveDurable({
  source: `
    import { withDurableExecution } from '@aws/durable-execution-sdk-js';
    const now = () => new Date().toISOString().slice(0, 16);
    export const waits = withDurableExecution(async (event, context) => {
      const before = await context.step('before', async () => now());
      await context.wait('pause', { hours: 6 });
      return [before, await context.step('after', async () => now())];
    });
    export const retries = withDurableExecution(async (event, context) =>
      context.step('flaky', async ({ attempt }) => {
        if (attempt < 3) throw new RangeError('attempt ' + attempt);
        return attempt + ' at ' + now();
      }, { retryStrategy: (error, attempt) => ({ shouldRetry: attempt < event.attempts, delay: { minutes: attempt } }) }));
    export const polls = withDurableExecution(async (event, context) =>
      context.waitForCondition('look', async (state) => state + 1, {
        initialState: 0,
        waitStrategy: (state) => state >= 4 ? { shouldContinue: false } : { shouldContinue: true, delay: { minutes: 10 } },
      }));
    export const asks = withDurableExecution(async (event, context) => {
      try {
        return await context.waitForCallback('ask', async () => {}, { timeout: { hours: 1 }, heartbeatTimeout: { minutes: 20 } });
      } catch (error) {
        return 'refused: ' + error.message;
      }
    });
    export const branches = withDurableExecution(async (event, context) => {
      const results = await context.parallel('both', [
        async (child) => { await child.wait('short', { minutes: 1 }); return child.step('one', async () => now()); },
        async (child) => { await child.wait('long', { minutes: 9 }); return child.step('two', async () => now()); },
      ]);
      return results.getResults();
    });
    export const many = withDurableExecution(async (event, context) => {
      const sums = [];
      for (let i = 0; i < 25; i += 1) sums.push(await context.step('step-' + i, async () => i));
      await context.wait('pause', { minutes: 1 });
      return sums.reduce((sum, value) => sum + value, 0);
    });
    export const chains = withDurableExecution(async (event, context) => {
      try {
        return await context.invoke('call', event.target, { n: 7 });
      } catch (error) {
        return 'failed: ' + error.message;
      }
    });
    export const doubles = async ({ n }) => ({ doubled: 2 * n });
    export const throws = async () => { throw new TypeError('not today'); };
    export const slowly = withDurableExecution(async ({ n }, context) => {
      await context.wait('pause', { minutes: 3 });
      return { slowly: n };
    });
    export const large = withDurableExecution(async (event, context) =>
      context.step('large', async () => 'x'.repeat(event.bytes), { retryStrategy: () => ({ shouldRetry: false }) }));
    export const unwrapped = async () => ({ hello: 'world' });`,
  functions: {
    waits: { DurableConfig: { ExecutionTimeout: 86_400 } },
    retries: {},
    polls: { DurableConfig: { ExecutionTimeout: 86_400 } },
    asks: { DurableConfig: { ExecutionTimeout: 86_400 } },
    branches: {},
    many: {},
    chains: {},
    slowly: {},
    large: {},
    unwrapped: {},
  },
  plainFunctions: ['doubles', 'throws'],
  statements: [
    {
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: [functionArn('doubles'), functionArn('throws'), functionArn('slowly:durable')],
    },
  ],
});
const invocationsOf = (arn: string): number => account.execution(arn).usage.invocationCount;
const payload = (value: unknown) => ({ Payload: JSON.stringify(value) });

test('a wait suspends the function and the clock invokes it again, in a process that knows what was done', async () => {
  const arn = await account.start('waits');
  expect((await account.describe(arn)).status).toBe('RUNNING');
  expect(account.lambda.durable.nextTimerAtMs()).toBe(account.clock.nowMs() + 360 * minuteMs);
  await account.pass(359 * minuteMs);
  expect(invocationsOf(arn)).toBe(1);
  await account.pass(minuteMs);
  const { status, result } = await account.describe(arn);
  expect({ status, result, invocations: invocationsOf(arn) }).toEqual({
    status: 'SUCCEEDED',
    result: ['2026-11-21T06:00', '2026-11-21T12:00'],
    invocations: 2,
  });
});

test('a step that fails is tried again when its pause is over, by the clock', async () => {
  const arn = await account.start('retries', payload({ attempts: 5 }));
  const startedAt = account.execution(arn).startedAtMs;
  await account.pass(minuteMs);
  expect((await account.describe(arn)).status).toBe('RUNNING');
  await account.pass(2 * minuteMs);
  const at = new Date(startedAt + 3 * minuteMs).toISOString().slice(0, 16);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: `3 at ${at}` });
});

test('a step that fails for good fails its execution', async () => {
  const arn = await account.start('retries', payload({ attempts: 2 }));
  await account.pass(minuteMs);
  expect(await account.describe(arn)).toMatchObject({ status: 'FAILED', error: expect.stringContaining('attempt 2') });
});

test('a poll keeps its state from look to look and is metered once a look', async () => {
  const arn = await account.start('polls');
  await account.pass(60 * minuteMs);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: 4 });
  const { operations, usage } = account.execution(arn);
  expect(operations.all().map(({ Type, Name }) => [Type, Name])).toEqual([
    ['EXECUTION', undefined],
    ['STEP', 'look'],
  ]);
  expect(usage).toMatchObject({ operationCount: 5, invocationCount: 4 });
});

describe('a callback', () => {
  const idOf = (arn: string): string =>
    account
      .execution(arn)
      .operations.all()
      .flatMap(({ CallbackDetails }) => CallbackDetails?.CallbackId ?? [])[0] ?? '';

  test('goes on with what success brings', async () => {
    const arn = await account.start('asks');
    await account
      .lambdaClient()
      .send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId: idOf(arn), Result: Buffer.from('"yes"') }));
    await account.lambda.idle();
    expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: '"yes"' });
  });

  test('fails with what failure brings', async () => {
    const arn = await account.start('asks');
    const error = { ErrorType: 'Refused', ErrorMessage: 'not this week' };
    await account
      .lambdaClient()
      .send(new SendDurableExecutionCallbackFailureCommand({ CallbackId: idOf(arn), Error: error }));
    await account.lambda.idle();
    expect(await account.describe(arn)).toMatchObject({ result: expect.stringContaining('not this week') });
  });

  test('times out without a heartbeat, and later with them', async () => {
    const silent = await account.start('asks');
    const lively = await account.start('asks');
    for (let beat = 0; beat < 4; beat += 1) {
      await account.pass(15 * minuteMs);
      if (beat < 3)
        await account
          .lambdaClient()
          .send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId: idOf(lively) }));
      if (beat === 1)
        expect(await account.describe(silent)).toMatchObject({ result: expect.stringContaining('heartbeat') });
      if (beat === 2) expect((await account.describe(lively)).status).toBe('RUNNING');
    }
    expect(await account.describe(lively)).toMatchObject({ result: expect.stringContaining('timed out') });
  });

  test('is refused twice, unknown and malformed', async () => {
    const arn = await account.start('asks');
    const id = idOf(arn);
    const succeed = (callbackId: string) =>
      account.lambdaClient().send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId: callbackId }));
    await succeed(id);
    await expect(succeed(id)).rejects.toMatchObject({ name: 'CallbackTimeoutException' });
    const other = Buffer.from(JSON.stringify({ executionArn: arn, operationId: 'x' })).toString('base64');
    await expect(succeed(other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(succeed('bm8=')).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

test('branches wait each for itself', async () => {
  const arn = await account.start('branches');
  const startedAt = account.execution(arn).startedAtMs;
  await account.pass(9 * minuteMs);
  const at = (minutes: number) => new Date(startedAt + minutes * minuteMs).toISOString().slice(0, 16);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: [at(1), at(9)] });
});

test('what does not fit into the event is asked for page by page', async () => {
  account.lambda.durable.setPageSize(10);
  const arn = await account.start('many');
  await account.pass(minuteMs);
  account.lambda.durable.setPageSize(1000);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: 300 });
  const pages = account.world.calls.of('lambda:GetDurableExecutionState');
  expect(pages).toHaveLength(2);
  expect(account.execution(arn).usage).toMatchObject({ operationCount: 27, invocationCount: 2 });
});

describe('a chained invoke', () => {
  test.each([
    ['a plain function', functionArn('doubles'), { doubled: 14 }],
    ['a function that throws', functionArn('throws'), expect.stringContaining('not today')],
    ['a durable function, which may wait', functionArn('slowly:durable'), { slowly: 7 }],
    [
      'a function that the role may not invoke',
      functionArn('large:durable'),
      expect.stringContaining('not authorized'),
    ],
  ])('of %s', async (_what, target, result) => {
    const arn = await account.start('chains', payload({ target }));
    await account.pass(3 * minuteMs);
    expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result });
  });
});

test('a result beyond 256 KB is refused and fails the execution', async () => {
  const fits = await account.start('large', payload({ bytes: 262_142 }));
  expect((await account.describe(fits)).status).toBe('SUCCEEDED');
  const bursts = await account.start('large', payload({ bytes: 262_143 }));
  expect(await account.describe(bursts)).toMatchObject({
    status: 'FAILED',
    error: expect.stringContaining('STEP output payload size must be less than or equal to 262144 bytes'),
  });
});

test('a handler without the SDK fails its execution, and says why', async () => {
  const arn = await account.start('unwrapped');
  expect(await account.describe(arn)).toMatchObject({
    status: 'FAILED',
    error: expect.stringContaining('InvalidOutput'),
  });
});

test('a checkpoint with a stale token is refused in the words by which the SDK lets go', async () => {
  const arn = await account.start('asks');
  await expect(
    account
      .lambdaClient()
      .send(new CheckpointDurableExecutionCommand({ DurableExecutionArn: arn, CheckpointToken: 'c3RhbGU=' })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringMatching(/^Invalid Checkpoint Token/),
    $metadata: { httpStatusCode: 400 },
  });
});
