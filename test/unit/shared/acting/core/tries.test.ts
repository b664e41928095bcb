import { expect, test } from 'vitest';
import { stopOf } from '../../../../../shared/acting/core/questions.ts';
import { type ActRecord, planWithdrawal, type Try } from '../../../../../shared/acting/core/record.ts';
import { evaluateRepeat, intendedOf, stopStirring } from '../../../../../shared/acting/core/tries.ts';

const minuteMs = 60_000;
const startMs = Date.parse('2026-11-21T10:00:00Z');
const described = {
  procedure: 'rolling-reboot',
  cause: 'orders-reboot-1',
  plan: { action: 'reboot', reason: 'asked', message: 'Reboot broker 2.', evidence: { brokerId: 2 } },
  target: { brokerId: 2 },
  plannedAtMs: startMs,
  plannedState: { version: 'K1' },
  isDisruptive: true,
  isLocked: false,
} as const;
const tryAt = (id: string, minutes: number, isWithdrawn = false): Try => ({
  id,
  execution: `execution-${id}`,
  atMs: startMs + minutes * minuteMs,
  seenState: { version: 'K1' },
  ...(isWithdrawn && { withdrawn: { atMs: startMs, reason: 'kill-switch', message: 'on' } }),
});
const recordOf = (...tries: Try[]): ActRecord => ({ version: 1, cluster: 'orders', mode: 'act', ...described, tries });

test('the truth is asked since the first try that may have called', () => {
  const record = recordOf(tryAt('a', 0, true), tryAt('b', 5), tryAt('c', 30));
  expect(intendedOf(record)).toEqual({
    plan: described.plan,
    target: { brokerId: 2 },
    plannedState: { version: 'K1' },
    plannedAtMs: startMs,
    firstTryAtMs: startMs + 5 * minuteMs,
  });
});

test('the time to ask again is 18 minutes after the last try that may have called', () => {
  const record = recordOf(tryAt('b', 5), tryAt('a', 0), tryAt('c', 30, true));
  expect(stopStirring(record, 'Nothing is seen', startMs + 6 * minuteMs)).toMatchObject({
    reason: 'outcome-unknown',
    retryAtMs: startMs + 23 * minuteMs,
    message: 'Nothing is seen, and a call of an earlier try may still be under way: ask again with the same request.',
  });
});

test('a try of a time that is still to come is asked about within the time of any other', () => {
  for (const minutes of [3, 525_600]) {
    const stop = stopStirring(recordOf(tryAt('a', minutes)), 'Nothing is seen', startMs);
    expect(stop.retryAtMs).toBe(startMs + 20 * minuteMs);
  }
});

test('without a try that may have called there is no better time to ask again', () => {
  expect(stopStirring(recordOf(tryAt('a', 0, true)), 'Nothing is seen', startMs)).not.toHaveProperty('retryAtMs');
});

const otherPlan = { ...described, target: { brokerId: 3 } };
const otherEvidence = { ...described, plan: { ...described.plan, evidence: { broker: 2 } } };
const otherState = { ...described, plannedState: { version: 'K2' } };
const otherWords = { ...described, plan: { ...described.plan, message: 'Reboot broker 2, please.' }, plannedAtMs: 0 };
test.each([
  ['the same plan, almost quiet', described, 17, 'stopped'],
  ['the same plan, after everything is quiet', described, 18, 'allowed'],
  ['the same plan in other words', otherWords, 18, 'allowed'],
  ['the same plan on other evidence', otherEvidence, 18, 'allowed'],
  ['another plan, a moment later', otherPlan, 1, 'stopped'],
  ['another plan, after everything is quiet', otherPlan, 18, 'end'],
  ['a plan of another state, after everything is quiet', otherState, 18, 'end'],
  ['a lock that was not there at the first try', { ...described, isLocked: true }, 1, 'stopped'],
] as const)('an earlier try without effect and %s', (_what, again, minutes, repeat) => {
  expect(evaluateRepeat(recordOf(tryAt('a', 0)), again, startMs + minutes * minuteMs).repeat).toBe(repeat);
});

test('a lock lets the same plan be repeated at once', () => {
  const locked = { ...described, isLocked: true };
  const record: ActRecord = { ...recordOf(tryAt('a', 0)), isLocked: true };
  expect(evaluateRepeat(record, locked, startMs + 1).repeat).toBe('allowed');
});

test('a run withdraws its own try and no other', () => {
  const record = planWithdrawal(recordOf(tryAt('a', 0), tryAt('b', 1)), 'b', stopOf('kill-switch', 'on'), startMs);
  expect(record.tries.map(({ withdrawn }) => withdrawn?.reason)).toEqual([undefined, 'kill-switch']);
});
