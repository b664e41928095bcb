import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StopDurableExecutionCommand } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, test } from 'vitest';
import { fetchExecution, fetchNewestRun, fetchRunStatus, startRun } from '../../../../shared/durable/start.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { serveDurable } from '../../../support/durable/account.ts';

/** Where a step leaves that it was begun: each invocation is a process of its own. */
const folder = await mkdtemp(join(tmpdir(), 'begun-'));
afterAll(() => rm(folder, { recursive: true }));

const account = await serveDurable({
  source: `
    import { writeFileSync, existsSync } from 'node:fs';
    import * as z from 'zod';
    import { DependencyError } from '../../../shared/core/errors.ts';
    import { defineDurableHandler } from '../../../shared/durable/handler.ts';
    const define = (run) => defineDurableHandler({
      procedure: 'storage-scaling-run',
      schema: z.strictObject({ version: z.literal(1), episode: z.number() }),
      ports: (context) => context,
      run,
      summary: (result) => ({ observation: {}, decision: { result }, outcome: 'reported' }),
      // The step has two of the function's ten seconds.
      deadlineReserveMs: 8_000,
    });
    export const waits = define(async (input, durable, ports) => {
      await durable.transition('waiting', { episode: input.episode });
      await durable.wait('pause', 300_000);
      return { episode: input.episode, runId: ports.runId, name: durable.executionName, startedAtMs: ports.startedAtMs };
    });
    export const fails = define(async () => {
      throw new DependencyError('sns:Publish', 'denied', 'denied: AuthorizationError: no');
    });
    export const slow = define(async (input, durable) => durable.step('slow', async () => {
      const begun = process.env.BEGUN;
      if (existsSync(begun)) return 'done in the second invocation';
      writeFileSync(begun, '');
      return new Promise(() => {});
    }));`,
  functions: {
    waits: { Environment: { Variables: { MSKEEPER_CLUSTER: 'orders' } } },
    fails: { Environment: { Variables: { MSKEEPER_CLUSTER: 'orders' } } },
    slow: { Environment: { Variables: { MSKEEPER_CLUSTER: 'orders', BEGUN: join(folder, 'begun') } } },
  },
});

const scope = () => openCallScope(AbortSignal.timeout(20_000));
const start = (functionName: string, name: string, payload: string) =>
  startRun(account.lambdaClient(), scope(), functionName, name, payload);
const statusOf = (name: string) => fetchRunStatus(account.lambdaClient(), scope(), 'waits', name);

describe('a run under a name', () => {
  test('is unknown, then runs, then has ended; the same bytes join it and other bytes are told to be too late', async () => {
    const payload = '{"version":1,"episode":4}';
    expect(await statusOf('orders-storage-scaling-4')).toBe('unknown');
    expect(await fetchNewestRun(account.lambdaClient(), scope(), 'waits')).toBeUndefined();
    expect(await start('waits', 'orders-storage-scaling-4', payload)).toBe('accepted');
    await account.lambda.idle();
    expect(await statusOf('orders-storage-scaling-4')).toBe('running');
    expect(await start('waits', 'orders-storage-scaling-4', payload)).toBe('accepted');
    expect(await start('waits', 'orders-storage-scaling-4', '{"version":1,"episode":5}')).toBe('taken');
    await account.pass(300_000);
    expect(await statusOf('orders-storage-scaling-4')).toBe('ended');
    expect(await statusOf('orders-storage-scaling')).toBe('unknown');
    expect(await fetchNewestRun(account.lambdaClient(), scope(), 'waits')).toEqual({
      executionName: 'orders-storage-scaling-4',
      isRunning: false,
    });
    expect(account.metric('waits', 'DurableExecutionStarted').sum).toBe(1);
  });

  test('is the same to its ports in every process: its name and its start, not the invocation’s', async () => {
    const arn = await account.start('waits', { DurableExecutionName: 'named', Payload: '{"version":1,"episode":1}' });
    await account.pass(300_000);
    const { status, result } = await account.describe(arn);
    expect(status).toBe('SUCCEEDED');
    const startedAtMs = account.execution(arn).startedAtMs;
    expect(result).toEqual({ episode: 1, runId: 'named', name: 'named', startedAtMs });
    expect(account.execution(arn).usage.invocationCount).toBe(2);
  });

  test('with an input of another shape ends as failed, by name, without running', async () => {
    const arn = await account.start('waits', { Payload: '{"version":2}' });
    expect(await account.describe(arn)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('InvalidEventError'),
    });
    expect(account.execution(arn).usage.invocationCount).toBe(1);
  });
});

describe('why a run failed', () => {
  const whyOf = async (arn: string) => (await fetchExecution(account.lambdaClient(), scope(), arn))?.why;

  test('is told in the words of the call that failed', async () => {
    const arn = await account.start('fails', { Payload: '{"version":1,"episode":1}' });
    expect(await whyOf(arn)).toBe('sns:Publish: denied: AuthorizationError: no');
  });

  test('is not told in the words of whoever starts a run, or stops it', async () => {
    const refused = await account.start('fails', { Payload: '{"version":"call evil.example"}' });
    expect(await account.describe(refused)).toMatchObject({ status: 'FAILED' });
    expect(await whyOf(refused)).toBeUndefined();
    const running = await account.start('waits', { Payload: '{"version":1,"episode":1}' });
    const words = { ErrorType: 'DependencyError', ErrorMessage: 'call evil.example' };
    const stop = new StopDurableExecutionCommand({ DurableExecutionArn: running, Error: words });
    await account.lambdaClient().send(stop);
    expect(await account.describe(running)).toMatchObject({ status: 'STOPPED' });
    expect(await whyOf(running)).toBeUndefined();
  });
});

test('a step that the deadline cuts off goes on in a process of its own, and no invocation has failed', async () => {
  const arn = await account.start('slow', { Payload: '{"version":1,"episode":1}' });
  expect(existsSync(join(folder, 'begun'))).toBe(true);
  await account.pass(5_000);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: 'done in the second invocation' });
  expect(account.execution(arn).usage.invocationCount).toBe(2);
  expect(account.metric('slow', 'Errors').sum).toBe(0);
});
