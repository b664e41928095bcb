import { describe, expect, test } from 'vitest';
import { lookAhead } from '../../../../infra/schedules/schedule-outlook.ts';
import longestGaps from '../../../fixtures/schedules/longest-gaps.json' with { type: 'json' };
import { draw } from '../../../support/depth.ts';
import { walkLongestGap } from './minute-walk.ts';

const minuteMs = 60_000;
const nowMs = Date.UTC(2026, 10, 27);
const iso = (ms: number) => new Date(ms).toISOString();

/** The longest time without a run, as `2820 min from 2027-03-27T01:30:00.000Z`. */
const longestOf = (schedule: string, timeZone: string): string => {
  const outlook = lookAhead(schedule, { timeZone, nowMs });
  if (outlook.kind === 'never' || outlook.longest === undefined) return outlook.kind;
  const { fromMs, untilMs } = outlook.longest;
  return `${(untilMs - fromMs) / minuteMs} min from ${iso(fromMs)}`;
};

describe('the longest time without a run', () => {
  test('is the one that java.time finds by a walk over every minute, in 24 zones', () => {
    const told = longestGaps.map(([zone, schedule]) => [zone, schedule, longestOf(String(schedule), String(zone))]);
    expect(told).toEqual(
      longestGaps.map(([zone, schedule, minutes, from]) => [
        zone,
        schedule,
        `${minutes} min from ${iso(Date.parse(String(from)))}`,
      ]),
    );
  });

  const crons = [
    'cron(30 2 * * ? *)',
    'cron(0 0 * * ? *)',
    'cron(45 23 ? * SUN-FRI *)',
    'cron(0/20 * L * ? *)',
    'cron(15 0,12 ? * MON#1,SAT *)',
    'cron(0/5 * * * ? *)',
  ];
  const pairs = Intl.supportedValuesOf('timeZone').flatMap((zone) => crons.map((cron) => [zone, cron] as const));

  test.each(draw(pairs, 6))('is what the clock of %s shows, minute for minute: %s', (timeZone, cron) => {
    const outlook = lookAhead(cron, { timeZone, nowMs });
    // The walk counts from the first minute, and ends where it sees no run any more.
    const walked = walkLongestGap(cron, timeZone, { fromMs: nowMs, untilMs: nowMs + 731 * 1440 * minuteMs });
    const { fromMs, untilMs } = (outlook.kind === 'runs' && outlook.longest) || { fromMs: 0, untilMs: 0 };
    expect((untilMs - fromMs) / minuteMs).toBe(walked);
  });

  test.each([
    ['cron(0 9 29 FEB ? *)', '2028-02-29T09:00:00.000Z', '2032-02-29T09:00:00.000Z'],
    ['cron(0 9 * * ? 2031-2199)', '2026-11-27T00:00:00.000Z', '2031-01-01T09:00:00.000Z'],
    ['cron(0 9 1 JAN ? 2027,2190)', '2027-01-01T09:00:00.000Z', '2190-01-01T09:00:00.000Z'],
  ])('reaches beyond the two years: %s', (schedule, from, until) => {
    const longest = { fromMs: Date.parse(from), untilMs: Date.parse(until) };
    expect(lookAhead(schedule, { timeZone: 'UTC', nowMs })).toMatchObject({ longest });
  });

  test('of a rate is the rate, whatever the clock shows', () => {
    expect(lookAhead('rate(1 day)', { timeZone: 'Europe/Berlin', nowMs })).toEqual({
      kind: 'runs',
      usualMs: 1440 * minuteMs,
    });
  });
});

test.each([
  ['UTC', 'cron(0 0 30 FEB ? *)'],
  ['UTC', 'cron(0 0 31 2,4,6,9,11 ? *)'],
  ['UTC', 'cron(0/5 * * * ? 2025)'],
  ['UTC', 'cron(0 9 26 NOV ? 2026)'],
  ['UTC', 'cron(0 9 29 FEB ? 2027,2029-2031,2100)'],
  ['UTC', 'cron(0 9 ? FEB MON#5 2027)'],
  // The clock goes forward at 02:00 of that very Sunday, each year.
  ['Europe/Berlin', 'cron(30 2 ? MAR 1L *)'],
  ['America/New_York', 'cron(0/15 2 ? MAR SUN#2 *)'],
])('never again in %s: %s', (timeZone, schedule) => {
  expect(lookAhead(schedule, { timeZone, nowMs })).toEqual({ kind: 'never' });
});

test.each([
  ['UTC', 'cron(30 2 ? MAR 1L *)'],
  ['Europe/Berlin', 'cron(30 3 ? MAR 1L *)'],
  ['UTC', 'cron(0 9 ? FEB MON#5 *)'],
  ['UTC', 'cron(0 9 29 FEB ? 2027-2199)'],
  ['UTC', 'cron(0 0 31 12 ? 2199)'],
  ['UTC', 'cron(59 23 27 NOV ? 2026)'],
])('at least once more in %s: %s', (timeZone, schedule) => {
  expect(lookAhead(schedule, { timeZone, nowMs })).toMatchObject({ kind: 'runs' });
});

test.each([
  ['UTC', 'cron(0/5 * * * ? 2026)', '2026-12-31T23:55:00.000Z'],
  ['Asia/Taipei', 'cron(0 9 ? * MON 2025-2027)', '2027-12-27T01:00:00.000Z'],
  ['America/New_York', 'cron(0 23 31 DEC ? 2026)', '2027-01-01T04:00:00.000Z'],
])('a schedule that ends says when it runs for the last time: %s %s', (timeZone, schedule, last) => {
  expect(lookAhead(schedule, { timeZone, nowMs })).toMatchObject({ lastMs: Date.parse(last) });
});

test.each(['cron(0 9 * * ? *)', 'cron(0 9 * * ? 2026-2040)', 'rate(5 minutes)'])(
  '%s has no end in sight',
  (schedule) => {
    expect(lookAhead(schedule, { timeZone: 'UTC', nowMs })).not.toHaveProperty('lastMs');
  },
);
