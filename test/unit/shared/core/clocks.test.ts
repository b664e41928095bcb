import { expect, test } from 'vitest';
import { clockSkewMs, isAhead, isWithin } from '../../../../shared/core/clocks.ts';
import { hourMs, minuteMs } from '../../../../shared/core/units.ts';

const nowMs = Date.UTC(2026, 0, 14, 12);

test('clocks differ by two minutes and no more: what lies further ahead is of no working clock', () => {
  expect(clockSkewMs).toBe(2 * minuteMs);
  const ages = [hourMs, 0, -2 * minuteMs, -2 * minuteMs - 1, nowMs - Date.UTC(9999, 0)];
  expect(ages.map((ageMs) => isAhead(nowMs - ageMs, nowMs))).toEqual([false, false, false, true, true]);
});

test('what lasts an hour lasts so long since it was, and not at all since a time that is still to come', () => {
  const ages = [hourMs, hourMs - 1, 0, -2 * minuteMs, -2 * minuteMs - 1, nowMs - Date.UTC(9999, 0)];
  const lasting = ages.map((ageMs) => isWithin(nowMs - ageMs, hourMs, nowMs));
  expect(lasting).toEqual([false, true, true, true, false, false]);
});
