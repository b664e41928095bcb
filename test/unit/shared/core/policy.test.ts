import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareSeverities } from '../../../../shared/core/finding.ts';
import { evaluateLimit, type Limit, type Sample } from '../../../../shared/core/policy.ts';

/** One value a minute, the newest last. */
const byMinute = (...values: number[]): Sample[] => values.map((value, minute) => ({ atMs: minute * 60_000, value }));

const disk: Limit = { notice: 70, warning: 80, warningForMinutes: 2, critical: 85, criticalForMinutes: 3 };

test.each<[name: string, limit: Limit, samples: Sample[], verdict: object]>([
  ['nothing seen is unknown', disk, [], { severity: 'unknown' }],
  ['no number is unknown', disk, byMinute(81, Number.NaN), { severity: 'unknown' }],
  ['at the limit is within it', { warning: 80 }, byMinute(80), { severity: 'ok' }],
  ['above the limit', { warning: 80 }, byMinute(80.1), { severity: 'warning', threshold: 80 }],
  ['zero allowed, one is too many', { critical: 0 }, byMinute(1), { severity: 'critical', threshold: 0 }],
  ['the worst level counts', { warning: 1, emergency: 5 }, byMinute(9), { severity: 'emergency', threshold: 5 }],
  ['a level named alone is found', { emergency: 5 }, byMinute(6), { severity: 'emergency', threshold: 5 }],
  ['no level named judges nothing bad', {}, byMinute(1e9), { severity: 'ok' }],
  [
    'a level breached but not for long enough is pending, and a milder one that needs no time counts',
    disk,
    byMinute(60, 90),
    { severity: 'notice', threshold: 70, pending: 'critical' },
  ],
  [
    'held for the time of the milder level only',
    disk,
    byMinute(60, 81, 90, 90),
    { severity: 'warning', threshold: 80, pending: 'critical' },
  ],
  ['held for the whole time', disk, byMinute(86, 86, 90, 90), { severity: 'critical', threshold: 85 }],
  ['one calm minute starts the time again', disk, byMinute(90, 90, 84, 90, 90, 90), { severity: 'warning' }],
  [
    'a series that is too short proves no duration',
    { warning: 1, warningForMinutes: 5 },
    byMinute(2, 2),
    {
      severity: 'ok',
      pending: 'warning',
    },
  ],
  ['past breaches do not count once the newest is calm', disk, byMinute(99, 99, 99, 99, 10), { severity: 'ok' }],
])('a limit: %s', (_name, limit, samples, verdict) => {
  expect(evaluateLimit(limit, samples)).toMatchObject(verdict);
});

const limits = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 4, maxLength: 4 }), fc.nat(5), fc.nat(5))
  .map(([thresholds, warningForMinutes, criticalForMinutes]): Limit => {
    const [notice = 0, warning = 0, critical = 0, emergency = 0] = thresholds.toSorted((left, right) => left - right);
    return { notice, warning, warningForMinutes, critical, criticalForMinutes, emergency };
  });
const series = fc.array(fc.integer({ min: 0, max: 110 }), { minLength: 1, maxLength: 12 });

test('a limit judges no milder when every value is higher', () => {
  fc.assert(
    fc.property(limits, series, fc.nat(20), (limit, values, more) => {
      const lower = evaluateLimit(limit, byMinute(...values)).severity;
      const higher = evaluateLimit(limit, byMinute(...values.map((value) => value + more))).severity;
      expect(compareSeverities(higher, lower)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('what a limit counts was breached by every value of the time it asks for', () => {
  fc.assert(
    fc.property(limits, series, (limit, values) => {
      const { severity, threshold } = evaluateLimit(limit, byMinute(...values));
      if (severity === 'ok' || severity === 'unknown' || threshold === undefined) return;
      const minutes = limit[`${severity}ForMinutes`] ?? 0;
      expect(values.length).toBeGreaterThan(minutes);
      for (const value of values.slice(-minutes - 1)) expect(value).toBeGreaterThan(threshold);
    }),
  );
});
