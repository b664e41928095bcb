import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { ConfigError, DependencyError } from '../../../../shared/core/errors.ts';
import type { ApprovalDocument, ApprovalOutcome, ApprovalRequest } from '../../../../shared/durable/approval.ts';
import type { BackOff, Durable, Meanwhile } from '../../../../shared/durable/durable.ts';
import { type DurableHandlerDefinition, defineDurableHandler } from '../../../../shared/durable/handler.ts';
import type { RunContext } from '../../../../shared/run/run-context.ts';
import { type CapturedOutput, captureOutput } from '../../../support/aws/lambda.ts';
import { openLocalRun } from '../../../support/durable/local.ts';
import { answerTo, proveByName } from '../../../support/durable/proof.ts';
import { approvalRequest } from '../../../support/durable/request.ts';
import { eventually } from '../../../support/eventually.ts';

type Run = DurableHandlerDefinition<unknown, RunContext, unknown>['run'];

const handlerOf = (run: Run) =>
  defineDurableHandler<unknown, RunContext, unknown>({
    procedure: 'storage-scaling-run',
    schema: z.unknown(),
    ports: (context) => context,
    run,
    summary: () => ({ observation: {}, decision: {}, outcome: 'reported' }),
    deadlineReserveMs: 100,
  });

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

const backOff: BackOff = { firstMs: 1_000, factor: 1, longestMs: 1_000, maxMs: 10_000 };
const failure = () => new DependencyError('kafka:DescribeClusterOperationV2', 'throttled', 'too fast');

test('a poll looks again with what it saw last, over a passing failure, as one operation, until it is done', async () => {
  const previous: unknown[] = [];
  const { runner, invocations } = openLocalRun(
    handlerOf(async (_input, durable) =>
      durable.poll<{ readonly looks: number }>('until done', {
        look: async (before) => {
          previous.push(before);
          if (previous.length === 2) throw failure();
          return { looks: (before?.looks ?? 0) + 1 };
        },
        isDone: ({ looks }) => looks === 2,
        backOff,
      }),
    ),
  );
  const result = await runner.run({ payload: {} });
  expect(result.getResult()).toEqual({ value: { looks: 2 }, isDone: true });
  expect(previous).toEqual([undefined, { looks: 1 }, { looks: 1 }]);
  expect(invocations()).toBe(3);
  expect(result.getOperations()).toHaveLength(1);
});

test('a poll gives up after its bound with the last value, and without any value with the failure', async () => {
  const short = { ...backOff, maxMs: 500 };
  const { runner } = openLocalRun(
    handlerOf(async (_input, durable) => {
      const seen = await durable.poll('never done', { look: async () => 7, isDone: () => false, backOff: short });
      const look = async (): Promise<number> => {
        throw failure();
      };
      const blind = await durable
        .poll('never seen', { look, isDone: () => true, backOff: short })
        .catch((error: unknown) => (error instanceof DependencyError ? `${error.failure} ${error.call}` : 'other'));
      return { seen, blind };
    }),
  );
  const result = await runner.run({ payload: {} });
  expect(result.getResult()).toEqual({
    seen: { value: 7, isDone: false },
    blind: 'throttled kafka:DescribeClusterOperationV2',
  });
});

test('a failure that does not pass ends a poll at once as what it was', async () => {
  const { runner } = openLocalRun(
    handlerOf(async (_input, durable) =>
      durable.poll('refused', {
        look: async () => {
          throw new ConfigError('MSKEEPER_BUCKET is not set');
        },
        isDone: () => true,
        backOff,
      }),
    ),
  );
  const result = await runner.run({ payload: {} });
  expect(result.getError()).toMatchObject({ errorType: 'ConfigError', errorMessage: 'MSKEEPER_BUCKET is not set' });
});

test('a look that the deadline cuts off is a look without news, not the end of the poll', async () => {
  let looks = 0;
  const { runner } = openLocalRun(
    handlerOf(async (_input, durable) =>
      durable.poll('slow', {
        look: async () => {
          looks += 1;
          return looks === 1 ? new Promise<string>(() => {}) : 'seen';
        },
        isDone: (value) => value === 'seen',
        backOff,
      }),
    ),
    { remainingMs: [300, 60_000] },
  );
  const result = await runner.run({ payload: {} });
  expect(result.getResult()).toEqual({ value: 'seen', isDone: true });
});

const onCall = 'arn:aws:iam::111122223333:role/on-call';

/** Looks each second, in a step as a run does. */
const meanwhile = (durable: Durable, looks: number[] = []): Meanwhile => ({
  whenAsked: async () => {},
  everyMs: 1_000,
  look: async () => {
    looks.push(await durable.step(`look ${looks.length}`, async () => looks.length));
    return 'go-on';
  },
});

/** Asks, lets `answer` act on the callback once its id was kept, and returns the outcome and everything that was written. */
async function ask(
  answer: (callback: {
    readonly asked: ApprovalDocument;
    readonly send: (answer: unknown) => Promise<void>;
    readonly fail: () => Promise<void>;
  }) => unknown,
  change?: Partial<ApprovalRequest>,
) {
  let asked: ApprovalDocument | undefined;
  const { runner } = openLocalRun(
    handlerOf(async (_input, durable, { addMetric }) => {
      await durable.transition('asking', { usedPercent: 90 });
      const outcome = await durable.approval(
        'expand',
        approvalRequest({ timeoutMs: 60_000, ...change }),
        {
          approverPrincipals: [onCall],
          prove: proveByName,
          keep: async (document) => {
            asked = document;
            addMetric({ name: 'ApprovalsAsked', unit: 'Count', value: 1, by: 'procedure' });
          },
        },
        meanwhile(durable),
      );
      await durable.transition('asked', { outcome: outcome.outcome });
      return outcome;
    }),
  );
  const running = runner.run({ payload: {} });
  const operation = runner.getOperation('expand');
  const kept = await eventually(() => {
    if (asked === undefined) throw new Error('nothing is asked yet');
    return asked;
  });
  await answer({
    asked: kept,
    send: async (said) => {
      await operation.sendCallbackSuccess(typeof said === 'string' ? said : JSON.stringify(said));
    },
    fail: async () => {
      await operation.sendCallbackFailure();
    },
  });
  const result = await running;
  const { callbackId } = kept;
  return { outcome: result.getResult() as ApprovalOutcome, callbackId, result, written: output.lines().join('\n') };
}

const by = (name: string) => `arn:aws:sts::111122223333:assumed-role/on-call/${name}`;

test('a yes by somebody else is approved, with who and when, and neither callback id nor proof is in a line or result', async () => {
  const { outcome, callbackId, result, written } = await ask(({ asked, send }) =>
    send(answerTo(asked, { decision: 'approved', by: by('bob'), comment: 'go' })),
  );
  expect(outcome).toEqual({
    outcome: 'approved',
    by: by('bob'),
    atMs: expect.any(Number),
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    comment: 'go',
  });
  expect(Date.now() - (outcome.outcome === 'approved' ? outcome.atMs : 0)).toBeLessThan(60_000);
  expect(written).toContain('"to":"asked"');
  for (const text of [written, JSON.stringify(result.getResult())]) {
    expect(text).not.toContain(callbackId);
    expect(text).not.toContain('AWS4-HMAC-SHA256');
  }
});

test('a yes by the initiator counts for nothing where the policy says so, and is a yes where it does not', async () => {
  const yes: Parameters<typeof ask>[0] = ({ asked, send }) =>
    send(answerTo(asked, { decision: 'approved', by: by('Alice') }));
  expect((await ask(yes)).outcome).toEqual({ outcome: 'void', because: 'initiator', by: by('Alice') });
  expect((await ask(yes, { mayInitiatorApprove: true })).outcome.outcome).toBe('approved');
});

test.each<[string, Parameters<typeof ask>[0], object]>([
  [
    'a no',
    ({ asked, send }) => send(answerTo(asked, { decision: 'refused', by: by('bob') })),
    { outcome: 'refused', by: by('bob') },
  ],
  ['a yes without a proof', ({ send }) => send({ decision: 'approved' }), { outcome: 'void', because: 'unreadable' }],
  ['something that is no JSON', ({ send }) => send('yes'), { outcome: 'void', because: 'unreadable' }],
])('%s is no yes', async (_what, answer, outcome) => {
  expect((await ask(answer)).outcome).toMatchObject(outcome);
});

test('a callback that is failed counts for nothing, and silence is a time-out', async () => {
  expect((await ask(({ fail }) => fail())).outcome).toEqual({ outcome: 'void', because: 'unreadable' });
  expect((await ask(() => undefined, { timeoutMs: 1_000 })).outcome).toEqual({ outcome: 'timed-out' });
});

test('a request that could not be kept asks nobody: the run goes on, and no callback id is in the history or the log', async () => {
  let kept = '';
  let isAsked = false;
  const { runner } = openLocalRun(
    handlerOf(async (_input, durable) =>
      durable.approval(
        'expand',
        approvalRequest(),
        {
          approverPrincipals: [onCall],
          prove: proveByName,
          keep: async ({ callbackId }) => {
            kept = callbackId;
            throw new DependencyError('s3:PutObject', 'denied', `may not write ${callbackId}`);
          },
        },
        {
          ...meanwhile(durable),
          whenAsked: async () => {
            isAsked = true;
          },
        },
      ),
    ),
  );
  const result = await runner.run({ payload: {} });
  expect(result.getResult()).toEqual({ outcome: 'unasked', why: 's3:PutObject: may not write [redacted]' });
  expect(isAsked).toBe(false);
  expect(kept).not.toBe('');
  const failures = result.getHistoryEvents().filter(({ EventType: type }) => type?.endsWith('Failed'));
  expect(failures.map(({ EventType: type }) => type)).toEqual(['StepFailed']);
  expect(JSON.stringify([failures, result.getResult()])).not.toContain(kept);
  expect(output.lines().join('\n')).not.toContain(kept);
});

test('an answer that comes between two looks is judged, whatever was looked at before it, and each look ran once', async () => {
  const lookedAt: number[] = [];
  let asked: ApprovalDocument | undefined;
  const { runner, invocations } = openLocalRun(
    handlerOf(async (_input, durable) => {
      const looks: number[] = [];
      const outcome = await durable.approval(
        'expand',
        approvalRequest({ timeoutMs: 60_000 }),
        {
          approverPrincipals: [onCall],
          prove: proveByName,
          keep: async (document) => {
            asked = document;
          },
        },
        {
          ...meanwhile(durable),
          look: async () => {
            const place = looks.length;
            looks.push(
              await durable.step(`look ${place}`, async () => {
                lookedAt.push(place);
                return place;
              }),
            );
            return 'go-on';
          },
        },
      );
      // What follows has its place in the history behind looks and answer: a replay must come by the same way.
      await durable.wait('after', 1_000);
      return { outcome, looks: await durable.step('count', async () => looks.length) };
    }),
  );
  const running = runner.run({ payload: {} });
  const operation = runner.getOperation('expand');
  await eventually(() => {
    expect(lookedAt.length).toBeGreaterThanOrEqual(2);
  });
  if (asked === undefined) throw new Error('nothing was asked');
  await operation.sendCallbackSuccess(JSON.stringify(answerTo(asked, { decision: 'approved', by: by('bob') })));
  const ended = (await running).getResult() as { readonly outcome: ApprovalOutcome; readonly looks: number };
  expect(ended.outcome).toMatchObject({ outcome: 'approved', by: by('bob') });
  expect(ended.looks).toBe(lookedAt.length);
  expect(lookedAt).toEqual(lookedAt.map((_look, place) => place));
  expect(invocations()).toBeGreaterThan(3);
});
