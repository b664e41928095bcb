import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { ConfigError, DependencyError } from '../../../../shared/core/errors.ts';
import type { Durable } from '../../../../shared/durable/durable.ts';
import { defineDurableHandler } from '../../../../shared/durable/handler.ts';
import { captureOutput } from '../../../support/aws/lambda.ts';
import { openLocalRun } from '../../../support/durable/local.ts';
import { proveByName } from '../../../support/durable/proof.ts';
import { approvalRequest } from '../../../support/durable/request.ts';
import { openDurableRun } from '../../../support/durable/run.ts';

/** What shells are tested on must be what they run on: each sentence holds of both. */
type Ending = { readonly result?: unknown; readonly error?: { readonly name: string; readonly message: string } };
type Driver = (run: (durable: Durable) => Promise<unknown>) => Promise<Ending>;

const inMemory: Driver = async (run) => {
  try {
    return { result: await run(openDurableRun().durable) };
  } catch (error) {
    return { error: error instanceof Error ? { name: error.name, message: error.message } : { name: '', message: '' } };
  }
};

const onTheRunner: Driver = async (run) => {
  const handler = defineDurableHandler({
    procedure: 'storage-scaling-run',
    schema: z.unknown(),
    ports: () => undefined,
    run: (_input, durable) => run(durable),
    summary: () => ({ observation: {}, decision: {}, outcome: 'reported' }),
  });
  const ended = await openLocalRun(handler).runner.run({ payload: {} });
  if (ended.getStatus() === 'SUCCEEDED') return { result: ended.getResult() };
  const { errorType: name = '', errorMessage: message = '' } = ended.getError();
  return { error: { name, message } };
};

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());
beforeEach(() => {
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const failure = (kind: 'throttled' | 'denied') => new DependencyError('kafka:DescribeClusterV2', kind, 'no');
const backOff = { firstMs: 1_000, factor: 2, longestMs: 4_000, maxMs: 60_000 };

describe.each<[name: string, driver: Driver]>([
  ['in memory', inMemory],
  ['on the SDK’s runner', onTheRunner],
])('%s', (_name, driver) => {
  test('a step’s value is its JSON, without what is undefined', async () => {
    const { result } = await driver((durable) => durable.step('look', async () => ({ a: 1, gone: undefined })));
    expect(result).toEqual({ a: 1 });
  });

  test('a step’s value that JSON would change ends the run by the step’s name', async () => {
    const { error } = await driver((durable) => durable.step('look', async () => ({ at: 1n })));
    expect(error).toEqual({
      name: 'TypeError',
      message: "look: a step's value must be plain JSON, and this one is not",
    });
  });

  test.each([
    [4, 'seen after 5 tries'],
    [5, 'kafka:DescribeClusterV2: no'],
  ])('a step that is throttled %i times: %s', async (failures, said) => {
    let tries = 0;
    const { result, error } = await driver((durable) =>
      durable.step('look', async () => {
        tries += 1;
        if (tries <= failures) throw failure('throttled');
        return `seen after ${tries} tries`;
      }),
    );
    expect(result ?? error?.message).toBe(said);
    expect(tries).toBe(5);
  });

  test.each([failure('denied'), new ConfigError('X is not set'), new RangeError('a defect')])(
    'what does not pass is thrown once and can be caught as what it is: %s',
    async (thrown) => {
      let tries = 0;
      const { result } = await driver(async (durable) => {
        try {
          return await durable.step('act', async () => {
            tries += 1;
            throw thrown;
          });
        } catch (error) {
          const isSame = thrown instanceof RangeError || error instanceof thrown.constructor;
          return error instanceof Error && isSame ? `${error.name}: ${error.message}` : 'something else';
        }
      });
      expect(result).toBe(`${thrown.name}: ${thrown.message}`);
      expect(tries).toBe(1);
    },
  );

  test('a poll sees what it saw before, over a failure that passes, until it is done', async () => {
    const before: unknown[] = [];
    const { result } = await driver((durable) =>
      durable.poll<number>('until three', {
        look: async (previous) => {
          before.push(previous);
          if (before.length === 2) throw failure('throttled');
          return (previous ?? 0) + 1;
        },
        isDone: (value) => value === 3,
        backOff,
      }),
    );
    expect(result).toEqual({ value: 3, isDone: true });
    expect(before).toEqual([undefined, 1, 1, 2]);
  });

  test('a poll that is never done gives its last value; one that never sees throws its failure', async () => {
    const { result } = await driver((durable) =>
      durable.poll('never', { look: async () => 'same', isDone: () => false, backOff: { ...backOff, maxMs: 0 } }),
    );
    expect(result).toEqual({ value: 'same', isDone: false });
    const { error } = await driver((durable) =>
      durable.poll<string>('blind', {
        look: async () => {
          throw failure('throttled');
        },
        isDone: () => true,
        backOff: { ...backOff, maxMs: 0 },
      }),
    );
    expect(error).toEqual({ name: 'DependencyError', message: 'kafka:DescribeClusterV2: no' });
  });

  type Asking = { readonly keep?: () => Promise<void>; readonly say?: 'go-on' | 'lapsed'; readonly everyMs?: number };
  /** Asks for at most three seconds, and tells what was done meanwhile, in order. */
  const ask = (durable: Durable, { keep = async () => {}, say = 'go-on', everyMs = 1_000 }: Asking) => {
    const done: string[] = [];
    return durable
      .approval(
        'expand',
        approvalRequest({ timeoutMs: 3_000 }),
        { approverPrincipals: [], prove: proveByName, keep },
        {
          everyMs,
          whenAsked: async () => {
            done.push(await durable.step('told', async () => 'told'));
          },
          look: async () => {
            done.push(await durable.step('look', async () => 'looked'));
            return say;
          },
        },
      )
      .then(({ outcome }) => ({ outcome, done }));
  };

  test('nobody answers a request for approval: it is kept once, told, looked from in between, and times out', async () => {
    let kept = 0;
    const keep = async () => {
      kept += 1;
    };
    const { result } = await driver((durable) => ask(durable, { keep }));
    // The runner skips waits, and not the time of a callback: there are more looks on it.
    expect(result).toMatchObject({ outcome: 'timed-out', done: expect.arrayContaining(['looked']) });
    const { done } = z.object({ done: z.array(z.string()) }).parse(result);
    expect([done[0], ...new Set(done.slice(1))]).toEqual(['told', 'looked']);
    expect(kept).toBe(1);
  });

  test('a request that a look finds to be of no use is waited for no longer', async () => {
    const { result } = await driver((durable) => ask(durable, { say: 'lapsed' }));
    expect(result).toEqual({ outcome: 'lapsed', done: ['told', 'looked'] });
  });

  test('a request that could not be kept asks nobody, and the run goes on', async () => {
    const keep = async () => {
      throw failure('denied');
    };
    const { result } = await driver((durable) => ask(durable, { keep }));
    expect(result).toEqual({ outcome: 'unasked', done: [] });
  });

  test('an error that nobody catches ends the run under its own name', async () => {
    const { error } = await driver(async (durable) => {
      await durable.transition('acting', { usedPercent: 90 });
      await durable.wait('a day', 86_400_000);
      throw failure('denied');
    });
    expect(error).toEqual({ name: 'DependencyError', message: 'kafka:DescribeClusterV2: no' });
  });
});
