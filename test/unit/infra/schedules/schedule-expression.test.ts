import { describe, expect, test } from 'vitest';
import { parseScheduleExpression, runsPerMonthOf } from '../../../../infra/schedules/schedule-expression.ts';
import { parseSchedule } from '../../../../local/aws/services/scheduler/schedule.ts';

describe('runs in a month of 30 days', () => {
  test.each([
    ['rate(1 minute)', 43_200],
    ['rate(5 minutes)', 8_640],
    ['rate(7 minutes)', 43_200 / 7],
    ['rate(6 hours)', 120],
    ['rate(30 days)', 1],
    ['cron(0 9 * * ? *)', 30],
    ['cron(0 8,13,18 * * ? *)', 90],
    ['cron(0/10 * * * ? *)', 4_320],
    ['cron(0/15 8-17 * * ? *)', 1_200],
    ['cron(0 9 ? * MON *)', 30 / 7],
    ['cron(0 9 ? * MON-FRI *)', 150 / 7],
    ['cron(0 9 29 FEB ? *)', (30 * 7) / 10_227],
    ['cron(0 0 30 FEB ? *)', 0],
    ['cron(0 0 1 JAN ? 2019)', 0],
    ['cron(0 0 1 JAN ? 2027)', 30 / 365],
  ])('%s', (schedule, runs) => {
    expect(runsPerMonthOf(parseScheduleExpression(schedule))).toBeCloseTo(runs, 9);
  });

  test.each(['rate(45 minutes)', 'cron(5/20 6-9 ? * TUE,SAT *)', 'cron(0 3 L * ? *)', 'cron(0 3 ? * 3#2 *)'])(
    '%s: as often as the scheduler of the local world fires in four years',
    (expression) => {
      const [fromMs, endMs] = [Date.UTC(2025, 0, 1) - 1, Date.UTC(2029, 0, 1)];
      const schedule = parseSchedule(expression, { timeZone: 'UTC', createdMs: fromMs });
      let fired = 0;
      for (let ms = schedule.next(fromMs); ms !== undefined && ms < endMs; ms = schedule.next(ms)) fired += 1;
      const runs = runsPerMonthOf(parseScheduleExpression(expression));
      expect(runs / ((fired * 30) / 1461)).toBeCloseTo(1, 2);
    },
  );
});

test.each([
  ['rate(0 minutes)', 'must be at least every minute'],
  ['rate(1 minutes)', 'must read rate(1 minute)'],
  ['rate(5 minute)', 'must read rate(1 minute)'],
  ['rate(5 weeks)', 'must be rate(n minutes)'],
  ['rate(367 days)', 'must run once a year at least'],
  ['rate(99999999999999999999 days)', 'must run once a year at least'],
  ['cron(0 9 * * * *)', 'must have ? as day of the month or as day of the week'],
  ['cron(0 25 * * ? *)', '25 is not between 0 and 23'],
  ['cron(0 9 * * ?)', 'must have six fields'],
  ['at(2026-12-24T18:00:00)', 'is no rate() or cron() expression'],
])('%s is refused, as AWS would', (expression, message) => {
  expect(() => parseScheduleExpression(expression)).toThrow(message);
});
