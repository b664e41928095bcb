import { describe, expect, test } from 'vitest';
import type { FaultChoice, FaultPoint } from '../../../local/aws/services/lambda/durable/fault-points.ts';
import { serveDurable } from '../../support/durable/account.ts';
import { eventually } from '../../support/eventually.ts';

const minuteMs = 60_000;
const account = await serveDurable({
  source: `
    import { withDurableExecution, StepSemantics } from '@aws/durable-execution-sdk-js';
    export const three = withDurableExecution(async (event, context) => {
      const one = await context.step('one', async () => 1);
      await context.wait('pause', { minutes: 1 });
      const two = await context.step('two', async () => 2);
      return one + two;
    });
    export const hangs = withDurableExecution(async (event, context) =>
      context.step('hang', async () => {
        if (new Date().getMinutes() < event.untilMinute) await new Promise((resolve) => setTimeout(resolve, 60_000));
        return 'woke';
      }));
    export const sleeps = withDurableExecution(async (event, context) =>
      context.step('sleep', async () => { await new Promise((resolve) => setTimeout(resolve, 1_000)); return 'slept'; }));
    export const once = withDurableExecution(async (event, context) => {
      try {
        return await context.step('only', async () => { process.kill(process.pid, 'SIGKILL'); },
          { semantics: StepSemantics.AtMostOncePerRetry, retryStrategy: () => ({ shouldRetry: false }) });
      } catch (error) { return error.message; }
    });
    export const exits = withDurableExecution(async (event, context) =>
      context.step('exit', async () => process.exit(1)));`,
  functions: {
    three: { DurableConfig: { ExecutionTimeout: 3600 } },
    hangs: { Timeout: 1, DurableConfig: { ExecutionTimeout: 3600 } },
    sleeps: { ReservedConcurrentExecutions: 1 },
    once: {},
    exits: { DurableConfig: { ExecutionTimeout: 3600 } },
    unloadable: { Handler: 'missing.handler', DurableConfig: { ExecutionTimeout: 600 } },
  },
});
const controls = account.lambda.durable;

/** Breaks one point of every execution that is under way, once. */
const breakOnce = (isHit: (point: FaultPoint) => boolean, choice: FaultChoice): { readonly lift: () => void } => {
  let isDone = false;
  const lift = controls.faults.inject((point) => {
    if (isDone || !isHit(point)) return undefined;
    isDone = true;
    return choice;
  });
  return { lift };
};

describe('an execution that is broken', () => {
  const cases: readonly (readonly [string, (point: FaultPoint) => boolean, FaultChoice, number])[] = [
    ['killed as its process starts', ({ point }) => point === 'invoked', 'kill', 3],
    ['killed before its first checkpoint is kept', ({ point }) => point === 'checkpoint', 'kill', 3],
    ['killed after it, before it hears so', ({ point }) => point === 'checkpointed', 'kill', 3],
    [
      'killed at its second checkpoint',
      ({ point, checkpointNumber }) => point === 'checkpointed' && checkpointNumber === 2,
      'kill',
      3,
    ],
    ['killed as it has answered', ({ point }) => point === 'returned', 'kill', 3],
    ['whose answer is lost', ({ point }) => point === 'returned', 'lose', 3],
    ['whose checkpoint is lost', ({ point }) => point === 'checkpoint', 'lose', 2],
    ["whose checkpoint's answer is lost", ({ point }) => point === 'checkpointed', 'lose', 2],
  ];
  test.each(cases)('%s ends as if nothing had been', async (_what, isHit, choice, invocationCount) => {
    const { lift } = breakOnce(isHit, choice);
    const arn = await account.start('three');
    await account.pass(2 * minuteMs);
    lift();
    expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: 3 });
    const { operations, usage } = account.execution(arn);
    expect(operations.all()).toHaveLength(4);
    expect(usage.invocationCount).toBe(invocationCount);
  });

  test('is invoked again after a pause that doubles, by the clock', async () => {
    const lift = controls.faults.inject(({ point }) => (point === 'invoked' ? 'kill' : undefined));
    const arn = await account.start('three');
    const invocations = () => account.execution(arn).usage.invocationCount;
    const counts: number[] = [];
    for (const seconds of [0, 1, 1, 1, 3, 1]) {
      await account.pass(seconds * 1000);
      counts.push(invocations());
    }
    lift();
    expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
    await account.pass(2 * minuteMs);
    expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(controls.failures()).toEqual([]);
  });
});

test.each(['throttle', 'server-error'] as const)('a checkpoint that meets a %s is repeated', async (fault) => {
  account.world.faults.inject({ operation: 'lambda:CheckpointDurableExecution', fault, times: 2 });
  const arn = await account.start('three');
  await account.pass(minuteMs);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: 3 });
  expect(account.execution(arn).usage.invocationCount).toBe(2);
});

test('a process is killed at will while it works, and its execution goes on', async () => {
  const started = account.start('sleeps');
  const arn = await eventually(() => {
    const running = controls.executions().find(({ target, kill }) => target.configuration.name === 'sleeps' && kill);
    if (running === undefined) throw new Error('no process yet');
    return running.arn;
  });
  expect(controls.kill(arn)).toBe(true);
  await started;
  expect(account.lambda.invocations.at(-1)).toMatchObject({ kind: 'durable', errorType: 'Runtime.ExitError' });
  expect(controls.kill(arn)).toBe(false);
  await account.pass(1000);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: 'slept' });
});

test('a function that is out of time is invoked again', async () => {
  controls.setCrashDelay(() => minuteMs);
  const minute = new Date(account.clock.nowMs()).getUTCMinutes();
  const arn = await account.start('hangs', { Payload: JSON.stringify({ untilMinute: minute + 1 }) });
  expect(account.lambda.invocations.at(-1)).toMatchObject({ status: 'timeout' });
  expect((await account.describe(arn)).status).toBe('RUNNING');
  await account.pass(minuteMs);
  controls.setCrashDelay(undefined);
  expect(await account.describe(arn)).toMatchObject({ status: 'SUCCEEDED', result: 'woke' });
});

test('a step that may run once only is known as interrupted', async () => {
  const arn = await account.start('once');
  await account.pass(1000);
  expect(await account.describe(arn)).toMatchObject({
    status: 'SUCCEEDED',
    result: expect.stringContaining('failed to reach completion'),
  });
  expect(account.execution(arn).usage.invocationCount).toBe(2);
});

test('two executions take the one place that a function has in turn', async () => {
  const arns = await Promise.all([account.start('sleeps'), account.start('sleeps')]);
  expect(account.metric('sleeps', 'Throttles').sum).toBeGreaterThan(0);
  await account.pass(1000);
  for (const arn of arns) expect((await account.describe(arn)).status).toBe('SUCCEEDED');
});

describe('what no execution recovers from by itself', () => {
  test('is told once: a function that cannot be loaded', async () => {
    const arn = await account.start('unloadable', { DurableExecutionName: 'unloadable-one' });
    await account.pass(10_000);
    expect(account.execution(arn).usage.invocationCount).toBeGreaterThan(2);
    const told = controls.failures().filter((sentence) => sentence.includes('unloadable-one'));
    expect(told).toEqual([
      expect.stringContaining('cannot load its function and is tried again for ever: Runtime.ImportModuleError'),
    ]);
    const log = account.lambda.logs.read('/aws/lambda/unloadable').map(({ message }) => message);
    expect(log.join('\n')).toContain("Cannot find module 'missing'");
    await account.pass(600_000);
    expect((await account.describe(arn)).status).toBe('TIMED_OUT');
  });

  test('and one that dies at the same place again and again', async () => {
    await account.start('exits', { DurableExecutionName: 'exits-one' });
    await account.pass(minuteMs);
    const told = controls.failures().filter((sentence) => sentence.includes('exits-one'));
    expect(told).toEqual([expect.stringContaining('died 5 times at the same place')]);
  });
});
