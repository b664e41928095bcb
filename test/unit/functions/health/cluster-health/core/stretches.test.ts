import { describe, expect, test } from 'vitest';
import { findPastStretch, severityOfPast } from '../../../../../../functions/health/cluster-health/core/stretches.ts';
import type { Limit } from '../../../../../../shared/core/policy.ts';
import { minuteMs, noonMs } from '../../../../../support/health/builders.ts';

/** A point a minute from noon on; null is a minute without one. */
const series = (...values: readonly (number | null)[]) =>
  values.flatMap((value, index) => (value === null ? [] : [{ atMs: noonMs + index * minuteMs, value }]));
const limit: Limit = { warning: 80, warningForMinutes: 2, critical: 90, criticalForMinutes: 2 };
/** Asked in the minute after the last value. */
const find = (values: readonly (number | null)[], used = limit, fromMs = noonMs) =>
  findPastStretch(used, series(...values), { fromMs, nowMs: noonMs + values.length * minuteMs });
const silence = (minutes: number) => Array.from({ length: minutes }, () => null);

test('a time over the limit that is over says which, for how long and until when', () => {
  expect(find([50, 81, 82, 83, 50])).toEqual({
    level: 'warning',
    threshold: 80,
    minutes: 2,
    toMs: noonMs + 3 * minuteMs,
  });
});

test.each([
  ['at the limit, and not over it', [80, 80, 80, 80, 50]],
  ['a minute less than it names', [81, 81, 50]],
  ['still exceeded', [50, 81, 81, 81, 81]],
  ['a silence before it, and over no longer than its last part', [81, 81, ...silence(10), 81, 81, 50]],
])('none: %s', (_name, values) => {
  expect(find(values)).toBeUndefined();
});

test('a silence of ten minutes is bridged, a longer one ends it', () => {
  expect(find([81, ...silence(9), 81, 50])).toMatchObject({ minutes: 10 });
  expect(find([81, 81, 81, ...silence(10), 81])).toMatchObject({ minutes: 2 });
});

test('a silence that lasts until now ends it as soon as nobody knows of now', () => {
  expect(find([50, 81, 81, 81, ...silence(9)])).toBeUndefined();
  expect(find([50, 81, 81, 81, ...silence(10)])).toMatchObject({ minutes: 2, toMs: noonMs + 3 * minuteMs });
});

test('the worst level answers, however short it was beside a milder one', () => {
  expect(find([81, 81, 81, 81, 50, 91, 91, 91, 50])).toMatchObject({ level: 'critical', threshold: 90, minutes: 2 });
});

test('of one level the longest answers, wherever it was', () => {
  const short = [81, 81, 81, 50];
  const long = [81, 81, 81, 81, 81, 50];
  expect(find([...short, ...long, ...short])).toMatchObject({ minutes: 4, toMs: noonMs + 8 * minuteMs });
});

test('a level without minutes counts a single point', () => {
  expect(find([50, 81, 50], { notice: 80 })).toMatchObject({ level: 'notice', minutes: 0 });
});

describe('since the last judgement', () => {
  /** Ends two minutes after noon. */
  const values = [81, 81, 81, 50];

  test.each([
    ['what ended after it', 0, true],
    ['what ended up to five minutes before it, since points come late', 6, true],
    ['what ended five minutes before it was seen by it', 7, false],
  ])('%s', (_name, minutesAfterNoon, isFound) => {
    expect(find(values, limit, noonMs + minutesAfterNoon * minuteMs) !== undefined).toBe(isFound);
  });
});

test('of a floor it is a time below', () => {
  const below = (value: number, threshold: number) => value < threshold;
  const span = { fromMs: noonMs, nowMs: noonMs + 3 * minuteMs };
  expect(findPastStretch({ warning: 30 }, series(50, 20, 50), span, below)).toMatchObject({ threshold: 30 });
  expect(findPastStretch({ warning: 30 }, series(20, 50, 20), span, below)).toMatchObject({ toMs: noonMs });
});

test.each([
  ['emergency', 'warning'],
  ['critical', 'warning'],
  ['warning', 'warning'],
  ['notice', 'notice'],
] as const)('a past %s is a %s: nobody is called out for what is over', (level, severity) => {
  expect(severityOfPast({ level, threshold: 1, minutes: 1, toMs: noonMs })).toBe(severity);
});
