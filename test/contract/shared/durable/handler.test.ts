import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { type DurableHandlerDefinition, defineDurableHandler } from '../../../../shared/durable/handler.ts';
import type { RunContext } from '../../../../shared/run/run-context.ts';
import { type CapturedOutput, captureOutput } from '../../../support/aws/lambda.ts';
import { openLocalRun } from '../../../support/durable/local.ts';

const schema = z.strictObject({ wanted: z.string() });
type Input = z.infer<typeof schema>;
type Run = DurableHandlerDefinition<Input, RunContext, unknown>['run'];

const handlerOf = (run: Run, deadlineReserveMs = 100) =>
  defineDurableHandler<Input, RunContext, unknown>({
    procedure: 'storage-scaling-run',
    schema,
    ports: (context) => context,
    run,
    summary: (result) => ({ observation: {}, decision: { result }, outcome: 'reported' }),
    deadlineReserveMs,
  });

// Real time: with skipped time the runner hardly replays, and replay is what is tested here.
beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: false }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

let output: CapturedOutput;
beforeEach(() => {
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  output = captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const records = () => output.lines().flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
const logLines = () => records().filter((record) => record.level !== undefined);
const metricLines = () => records().filter((record) => record._aws !== undefined);

test('an execution of three invocations writes one line when it ends, and each transition once', async () => {
  const begun: string[] = [];
  const { runner, invocations } = openLocalRun(
    handlerOf(async ({ wanted }, durable, ports) => {
      const first = await durable.step('first', async () => {
        begun.push('first');
        return { wanted };
      });
      await durable.transition('waiting', { usedPercent: 81 });
      await durable.wait('a little', 300);
      const second = await durable.step('second', async () => {
        begun.push('second');
        return ports.runId;
      });
      await durable.wait('a little more', 1_000);
      return { first, second, startedAtMs: ports.startedAtMs > 0 };
    }),
  );
  const result = await runner.run({ payload: { wanted: 'x' } });
  expect(result.getStatus()).toBe('SUCCEEDED');
  expect(invocations()).toBe(3);
  expect(begun).toEqual(['first', 'second']);
  expect(result.getResult()).toEqual({ first: { wanted: 'x' }, second: expect.any(String), startedAtMs: true });
  expect(logLines().map(({ message }) => message)).toEqual(['transition', 'execution finished']);
  expect(logLines()[0]).toMatchObject({ to: 'waiting', facts: { usedPercent: 81 }, cluster: 'orders' });
  expect(logLines()[1]).toMatchObject({ procedure: 'storage-scaling-run', outcome: 'reported' });
  expect(logLines()[1].durationMs).toBeGreaterThanOrEqual(2_000);
  expect(metricLines()).toEqual([
    expect.objectContaining({ Cluster: 'orders', Procedure: 'storage-scaling-run', Transitions: 1 }),
  ]);
});

test('an input of another shape ends the execution as failed, says what was expected where, and runs nothing', async () => {
  const run = vi.fn(async () => 'never');
  const { runner } = openLocalRun(handlerOf(run));
  const result = await runner.run({ payload: { wanted: 7 } });
  expect(result.getStatus()).toBe('FAILED');
  expect(result.getError()).toMatchObject({
    errorType: 'InvalidEventError',
    errorMessage: expect.stringContaining('wanted: '),
  });
  expect(run).not.toHaveBeenCalled();
  expect(logLines()).toEqual([expect.objectContaining({ level: 'ERROR', message: 'execution failed' })]);
  expect(metricLines()).toEqual([]);
});

test('a stack that does not say which cluster it serves ends the execution by name', async () => {
  vi.stubEnv('MSKEEPER_CLUSTER', '');
  const { runner } = openLocalRun(handlerOf(async () => 'x'));
  const result = await runner.run({ payload: { wanted: 'x' } });
  expect(result.getError()).toMatchObject({ errorType: 'ConfigError', errorMessage: 'MSKEEPER_CLUSTER is not set' });
});

test('a step that is cut off by the deadline begins anew in the next invocation, and the execution goes on', async () => {
  const tries: boolean[] = [];
  const { runner, invocations } = openLocalRun(
    handlerOf(async (_input, durable, { calls }) =>
      durable.step('slow', async () => {
        const isFirst = tries.length === 0;
        tries.push(isFirst);
        if (isFirst) await calls.track('kafka:DescribeClusterV2', () => new Promise(() => {}));
        return 'done';
      }),
    ),
    { remainingMs: [300, 60_000] },
  );
  const result = await runner.run({ payload: { wanted: 'x' } });
  expect(result.getStatus()).toBe('SUCCEEDED');
  expect(result.getResult()).toBe('done');
  expect(tries).toEqual([true, false]);
  expect(invocations()).toBe(2);
  expect(logLines().map(({ message }) => message)).toEqual(['execution finished']);
});

test('a passing failure of a step is tried again after a pause; the error of one that does not pass is what it was, also at a replay', async () => {
  let asked = 0;
  const caught: unknown[] = [];
  const { runner } = openLocalRun(
    handlerOf(async (_input, durable) => {
      const value = await durable.step('throttled once', async () => {
        asked += 1;
        if (asked === 1) throw new DependencyError('kafka:DescribeClusterV2', 'throttled', 'too fast');
        return asked;
      });
      try {
        await durable.step('denied', async () => {
          throw new DependencyError('kafka:UpdateBrokerStorage', 'denied', 'not allowed, password=hunter2hunter2');
        });
      } catch (error) {
        caught.push(error);
      }
      await durable.wait('a little', 1_000);
      return value;
    }),
  );
  const result = await runner.run({ payload: { wanted: 'x' } });
  expect(result.getResult()).toBe(2);
  expect(caught.length).toBeGreaterThanOrEqual(2);
  for (const error of caught) {
    expect(error).toBeInstanceOf(DependencyError);
    expect(error).toMatchObject({ call: 'kafka:UpdateBrokerStorage', failure: 'denied' });
    expect(String(error)).not.toContain('hunter2');
  }
  expect(JSON.stringify(result.getOperations())).not.toContain('hunter2');
});

test('what a step gave is whole after a replay, whatever it looks like; what leaves the run is redacted', async () => {
  const seen: unknown[] = [];
  const value = { nextToken: 'AKIAIOSFODNN7EXAMPLE', note: 'ask alice@example.com', offsets: ['9007199254740993'] };
  const { runner } = openLocalRun(
    handlerOf(async (_input, durable) => {
      const kept = await durable.step('look', async () => value);
      await durable.wait('a little', 1_000);
      seen.push(kept);
      await durable.transition('seen', { note: kept.note });
      return kept;
    }),
  );
  const result = await runner.run({ payload: { wanted: 'x' } });
  expect(seen).toEqual([value]);
  expect(result.getResult()).toEqual({
    nextToken: '[redacted]',
    note: 'ask [redacted e-mail]',
    offsets: value.offsets,
  });
  expect(output.lines().join('\n')).not.toMatch(/alice@|AKIAIOSF/);
});
