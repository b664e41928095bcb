import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  DependencyError,
  type DependencyFailure,
  InvalidEventError,
} from '../../../../shared/core/errors.ts';
import type { BackOff } from '../../../../shared/durable/durable.ts';
import { keepError, restoreError, restoreStepError, toStepError } from '../../../../shared/durable/errors.ts';
import { keepAsJson } from '../../../../shared/durable/json.ts';
import { afterLook, afterProblem, firstPollState, planPauseSeconds } from '../../../../shared/durable/poll.ts';
import { planRetryPauseMs, wholeSeconds } from '../../../../shared/durable/retry.ts';

const dependency = (failure: DependencyFailure) => new DependencyError('kafka:DescribeClusterV2', failure, 'no');

describe('a step’s retries', () => {
  test.each<DependencyFailure>(['throttled', 'timed-out', 'unreachable', 'failed'])(
    '%s: five tries, pauses that grow',
    (failure) => {
      const pauses = [1, 2, 3, 4, 5, 6].map((attempt) => planRetryPauseMs(dependency(failure), attempt, false));
      expect(pauses).toEqual([2_000, 8_000, 30_000, 120_000, undefined, undefined]);
    },
  );

  test.each([
    ...(['denied', 'bad-answer', 'not-found', 'conflict', 'tls-failed', 'authentication-failed'] as const).map(
      dependency,
    ),
    new ConfigError('x'),
    new InvalidEventError('x'),
    new TypeError('a defect'),
  ])('%s: none', (error) => {
    expect(planRetryPauseMs(error, 1, false)).toBeUndefined();
  });

  test('one that the deadline cut off begins anew whatever was thrown, twenty times and not for ever', () => {
    const pauses = Array.from({ length: 21 }, (_, index) => planRetryPauseMs(new TypeError('x'), index + 1, true));
    expect(pauses.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
    expect(pauses[18]).toBe(60_000);
    expect(pauses.slice(19)).toEqual([undefined, undefined]);
  });

  test('durations are whole seconds, never cut short', () => {
    expect([0, 1, 999, 1_000, 1_001].map(wholeSeconds)).toEqual([1, 1, 1, 1, 2]);
  });
});

describe('a poll’s pauses', () => {
  const backOff: BackOff = { firstMs: 10_000, factor: 2, longestMs: 60_000, maxMs: 3_600_000 };

  test('grow to the longest, and end where the next look would come after the bound', () => {
    const state = afterLook(firstPollState, { value: 1, isDone: false }, 0);
    expect([1, 2, 3, 4, 5].map((attempt) => planPauseSeconds(state, attempt, backOff))).toEqual([10, 20, 40, 60, 60]);
    const late = afterLook(state, { value: 1, isDone: false }, 3_540_000);
    expect(planPauseSeconds(late, 9, backOff)).toBe(60);
    const tooLate = afterLook(state, { value: 1, isDone: false }, 3_540_001);
    expect(planPauseSeconds(tooLate, 9, backOff)).toBeUndefined();
  });

  test('a look without news keeps what was seen, and does not put the bound off', () => {
    const seen = afterLook(firstPollState, { value: 7, isDone: false }, 1_000);
    const blind = afterProblem(seen, 'throttled', 5_000);
    expect(blind).toEqual({
      firstLookAtMs: 1_000,
      lookedAtMs: 5_000,
      seen: { value: 7 },
      isDone: false,
      problem: 'throttled',
    });
  });

  test('end in time though the clock ran ahead at the first look, or far behind', () => {
    for (const firstAtMs of [365 * 86_400_000, Date.UTC(9999, 0)]) {
      const state = afterLook(
        afterLook(firstPollState, { value: 1, isDone: false }, firstAtMs),
        { value: 1, isDone: false },
        0,
      );
      const attempts = Array.from({ length: 3_000 }, (_, index) => index + 1);
      // 10, 20 and 40 s, then a minute each: the last pause ends within the hour.
      expect(attempts.find((attempt) => planPauseSeconds(state, attempt, backOff) === undefined)).toBe(62);
    }
    const behind = afterLook(
      afterLook(firstPollState, { value: 1, isDone: false }, 0),
      { value: 1, isDone: false },
      1e12,
    );
    expect(planPauseSeconds(behind, 2, backOff)).toBeUndefined();
  });

  test('done is done', () => {
    expect(planPauseSeconds(afterLook(firstPollState, { value: 1, isDone: true }, 0), 1, backOff)).toBeUndefined();
  });

  test('every poll ends: looks that never succeed are bounded by the back-off alone', () => {
    const pause = fc.integer({ min: 1, max: 100_000 });
    const bounds = fc.record({
      firstMs: pause,
      factor: fc.double({ min: 1, max: 3, noNaN: true }),
      longestMs: pause,
      maxMs: fc.integer({ min: 0, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(bounds, (given) => {
        let atMs = 0;
        for (let attempt = 1; attempt <= 1_002; attempt += 1) {
          const seconds = planPauseSeconds({ firstLookAtMs: 0, lookedAtMs: atMs, isDone: false }, attempt, given);
          if (seconds === undefined) return atMs <= given.maxMs;
          atMs += seconds * 1_000;
        }
        return false;
      }),
    );
  });
});

describe('a step’s value', () => {
  test('is given back as every replay will see it, and not redacted', () => {
    const value = { token: 'abc', list: [1, null, { deep: true }], secret: 'eyJhbGciOi.eyJzdWIiOi.x', gone: undefined };
    expect(keepAsJson('look', value)).toEqual({ token: 'abc', list: [1, null, { deep: true }], secret: value.secret });
    expect(keepAsJson('nothing', undefined)).toBeUndefined();
  });

  test.each([
    ['a bigint', { offset: 1n }],
    ['a date', { at: new Date(0) }],
    ['NaN', { share: Number.NaN }],
    ['a map', new Map([['a', 1]])],
    ['a hole', [1, undefined]],
    ['a function', () => 1],
    ['an error', { problem: new Error('x') }],
    ['bytes', Buffer.from('x')],
  ])('that JSON would change is refused by the step’s name: %s', (_what, value) => {
    expect(() => keepAsJson('look', value)).toThrow("look: a step's value must be plain JSON");
  });

  test('any JSON passes unchanged', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        expect(keepAsJson('look', value)).toEqual(value);
      }),
    );
  });
});

describe('a step’s error in the history', () => {
  test.each([
    new ConfigError('X is not set'),
    new InvalidEventError('bad'),
    dependency('denied'),
    new DependencyError('kafka:Update', 'failed', 'kafka:Update: said so', {
      facts: {
        httpStatus: 400,
        attempts: 1,
        errorName: 'BadRequestException',
        requestId: 'r-1',
        refusal: 'optimizing',
      },
    }),
    new RangeError('defect'),
  ])('%s comes back as what it was', (error) => {
    const back = restoreStepError(toStepError(keepError(error)));
    expect(back).toMatchObject({ name: error.name, message: error.message });
    if (error instanceof DependencyError) {
      const { call, failure, detail, facts } = error;
      expect(back).toMatchObject({ call, failure, detail, facts });
    }
    if (!(error instanceof RangeError)) expect(back).toBeInstanceOf(error.constructor);
  });

  test('keeps no secret in what the answer said either', () => {
    const facts = { errorName: 'password=hunter2hunter2', requestId: 'id-4711' };
    const kept = JSON.stringify(keepError(new DependencyError('c', 'failed', 'no', { facts }), ['id-4711']));
    expect(kept).not.toMatch(/hunter2|4711/);
  });

  test('keeps no secret, no callback id and no novel', () => {
    const kept = JSON.stringify(
      keepError(new Error(`password=hunter2hunter2 id-4711 ${'x'.repeat(10_000)}`), ['id-4711']),
    );
    expect(kept).not.toMatch(/hunter2|4711/);
    expect(kept.length).toBeLessThan(2_200);
  });

  test('that is not ours stays the SDK’s', () => {
    const foreign = new Error('Invalid checkpoint');
    expect(restoreStepError(foreign)).toBe(foreign);
    expect(restoreError(keepError('a text'))).toMatchObject({ name: 'NotAnError', message: 'a text' });
  });
});
