import { expect, test } from 'vitest';
import type { StorageFacts } from '../../../../../../functions/capacity/storage-scaling/core/facts.ts';
import {
  evidenceOf,
  hoursOf,
  hoursUntil,
  percentOf,
  round,
  timeOf,
} from '../../../../../../functions/capacity/storage-scaling/core/words.ts';
import { hourMs } from '../../../../../../shared/core/units.ts';
import { clusterStorage, noonMs } from '../../../../../support/storage-scaling/storage-scaling.ts';

test.each([
  [0, '1 min'],
  [0.01, '1 min'],
  [0.0334, '2 min'],
  [0.999, '59 min'],
  [1, '1 h'],
  [3.24, '3.2 h'],
  [72, '72 h'],
  [72.1, '3 days'],
  [120, '5 days'],
])('%d hours are said as %s', (hours, words) => {
  expect(hoursOf(hours)).toBe(words);
});

test.each([
  [81.46, '81.5 %'],
  [80, '80 %'],
])('%d percent are said as %s', (percent, words) => {
  expect(percentOf(percent)).toBe(words);
});

test('a time is said to the minute, in UTC, and a number to so many digits', () => {
  expect(timeOf(noonMs + 59_999)).toBe('2026-01-14 12:00 UTC');
  expect([round(1.25, 1), round(1.234, 2), round(-0.4, 0)]).toEqual([1.3, 1.23, -0]);
});

test('hours until a time that has passed are none', () => {
  expect(hoursUntil(noonMs + 1.5 * hourMs, noonMs)).toBe(1.5);
  expect(hoursUntil(noonMs - 1, noonMs)).toBe(0);
});

const disk = { brokerId: 2, usedPercent: 85.126, lastHour: [] };
const filling = { hoursToFull: 7.126, percentPerHour: 2.08712, seenHours: 0.98765 };
const facts: StorageFacts = {
  cluster: clusterStorage(),
  volumeGiB: 500,
  operations: [],
  lock: { state: 'free' },
  disks: [disk],
  fullest: disk,
};
const numbers = { volumeGiB: 500, fullestBroker: 2, usedPercent: 85.13, thresholdPercent: 80 };

test.each<[string, Partial<StorageFacts>, object]>([
  ['a disk that does not fill', {}, { lock: 'free' }],
  [
    'a disk that fills: how fast, seen over how long, and until when',
    { firstFull: { ...disk, brokerId: 3, filling } },
    { fullFirstBroker: 3, hoursToFull: 7.13, paceGiBPerHour: 10.436, paceSeenHours: 0.99, lock: 'free' },
  ],
  [
    'a lock that is held',
    { lock: { state: 'held', heldUntilMs: 1, uncertainUntilMs: 2 } },
    { lock: 'held', lockHeldUntilMs: 1, lockUncertainUntilMs: 2 },
  ],
  [
    'a lock that may be held',
    { lock: { state: 'uncertain', uncertainUntilMs: 2 } },
    { lock: 'uncertain', lockUncertainUntilMs: 2 },
  ],
])('the numbers of a plan: %s', (_name, more, rest) => {
  expect(evidenceOf({ ...facts, ...more }, 80)).toEqual({ ...numbers, ...rest });
});
