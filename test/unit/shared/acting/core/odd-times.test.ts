import { expect, test } from 'vitest';
import { describeOddTime } from '../../../../../shared/acting/core/odd-times.ts';
import type { ActRecord } from '../../../../../shared/acting/core/record.ts';
import { dayMs, minuteMs } from '../../../../../shared/core/units.ts';
import { openTry, plannedAtMs } from '../../../../support/acting/door.ts';

const nowMs = plannedAtMs + dayMs;
const claimedAtMs = plannedAtMs;
const frame = { id: 'end', execution: 'execution-1' };
const withTimes = (
  atMs: Partial<Record<'plan' | 'try' | 'withdrawn' | 'end' | 'approval' | 'earlier' | 'asked', number>>,
): ActRecord => {
  const record = openTry(atMs.try ?? nowMs, true);
  const withdrawn = { atMs: atMs.withdrawn ?? nowMs, reason: 'kill-switch', message: 'on' } as const;
  const earlier = [{ by: 'ben', atMs: atMs.earlier ?? nowMs }];
  return {
    ...record,
    plannedAtMs: atMs.plan ?? nowMs,
    voidAnswers: [{ because: 'unproven', askedAtMs: atMs.asked ?? nowMs }],
    approval: { by: 'ada', atMs: atMs.approval ?? nowMs, earlier },
    tries: record.tries.map((one) => ({ ...one, withdrawn })),
    end: { ...frame, atMs: atMs.end ?? nowMs, decision: 'acted', outcome: null },
  };
};

test('times of now, or of another clock, are as they should be', () => {
  expect(describeOddTime(claimedAtMs, undefined, nowMs)).toBeUndefined();
  expect(describeOddTime(claimedAtMs, withTimes({}), nowMs)).toBeUndefined();
  const others = { try: claimedAtMs - 2 * minuteMs, end: nowMs + 2 * minuteMs, approval: claimedAtMs - dayMs };
  expect(describeOddTime(claimedAtMs, withTimes(others), nowMs)).toBeUndefined();
});

test('a claim of a time that is still to come is odd by itself', () => {
  expect(describeOddTime(nowMs + 3 * minuteMs, undefined, nowMs)).toBe(
    'its plan was made at 2026-11-22T10:03:00.000Z, which is still to come',
  );
});

test.each([
  ['plan', 'its plan'],
  ['try', 'its try other'],
  ['withdrawn', 'the withdrawal of its try other'],
  ['end', 'its end'],
  ['approval', 'its approval'],
  ['earlier', 'its approval'],
  ['asked', 'a request that was answered in vain'],
] as const)('the time of %s that is still to come is said', (which, what) => {
  for (const atMs of [nowMs + 2 * minuteMs + 1, nowMs + 365 * dayMs, Date.UTC(9999, 0)]) {
    const odd = describeOddTime(claimedAtMs, withTimes({ [which]: atMs }), nowMs);
    expect(odd).toBe(`${what} was made at ${new Date(atMs).toISOString()}, which is still to come`);
  }
});

test.each([
  ['try', 'its try other'],
  ['withdrawn', 'the withdrawal of its try other'],
  ['end', 'its end'],
] as const)('the time of %s before the cause was claimed is said', (which, what) => {
  for (const atMs of [claimedAtMs - 2 * minuteMs - 1, claimedAtMs - 365 * dayMs, 0]) {
    const odd = describeOddTime(claimedAtMs, withTimes({ [which]: atMs }), nowMs);
    expect(odd).toBe(
      `${what} was made at ${new Date(atMs).toISOString()}, before it was planned at 2026-11-21T10:00:00.000Z`,
    );
  }
});
