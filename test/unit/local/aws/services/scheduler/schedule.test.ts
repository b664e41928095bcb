import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSchedule, runSchedule } from '../../../../../../local/aws/services/scheduler/schedule.ts';
import { manualClock } from '../../../../../../local/clock.ts';

const fires = (expression: string, from: string, count: number, timeZone = 'UTC'): string[] => {
  const schedule = parseSchedule(expression, { timeZone, createdMs: Date.parse(from) });
  const times: string[] = [];
  for (let ms: number | undefined = Date.parse(from); times.length < count; ) {
    ms = schedule.next(ms);
    if (ms === undefined) break;
    times.push(new Date(ms).toISOString().replace(':00.000Z', 'Z'));
  }
  return times;
};

describe('schedule expressions', () => {
  test.each([
    ['rate(5 minutes)', ['2026-11-21T06:05Z', '2026-11-21T06:10Z']],
    ['rate(1 day)', ['2026-11-22T06:00Z', '2026-11-23T06:00Z']],
    ['cron(0/20 * * * ? *)', ['2026-11-21T06:20Z', '2026-11-21T06:40Z', '2026-11-21T07:00Z']],
    ['cron(0 9 ? * MON-FRI *)', ['2026-11-23T09:00Z', '2026-11-24T09:00Z']],
    ['cron(30 8,20 * * ? *)', ['2026-11-21T08:30Z', '2026-11-21T20:30Z', '2026-11-22T08:30Z']],
    ['cron(0 0 L * ? *)', ['2026-11-30T00:00Z', '2026-12-31T00:00Z', '2027-01-31T00:00Z', '2027-02-28T00:00Z']],
    ['cron(0 0 LW * ? *)', ['2026-11-30T00:00Z', '2026-12-31T00:00Z', '2027-01-29T00:00Z']],
    ['cron(0 12 15W * ? *)', ['2026-12-15T12:00Z', '2027-01-15T12:00Z', '2027-02-15T12:00Z', '2027-03-15T12:00Z']],
    ['cron(0 12 1W 5,8 ? 2027)', ['2027-05-03T12:00Z', '2027-08-02T12:00Z']],
    ['cron(0 12 31W 1 ? 2027)', ['2027-01-29T12:00Z']],
    ['cron(0 3 ? * 3#2 *)', ['2026-12-08T03:00Z', '2027-01-12T03:00Z']],
    ['cron(0 3 ? * SUN#5 *)', ['2026-11-29T03:00Z', '2027-01-31T03:00Z']],
    ['cron(0 3 ? * 5L *)', ['2026-11-26T03:00Z', '2026-12-31T03:00Z']],
    ['cron(0 3 ? * L *)', ['2026-11-28T03:00Z', '2026-12-05T03:00Z']],
    ['cron(0 0 29 FEB ? *)', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['at(2026-12-24T18:00:00)', ['2026-12-24T18:00Z']],
    ['cron(0 0 1 JAN ? 2026)', []],
    ['cron(0 0 30 FEB ? *)', []],
  ])('%s', (expression, expected) => {
    expect(fires(expression, '2026-11-21T06:00:00Z', Math.max(expected.length, 1))).toEqual(expected);
  });

  test('follows the time zone through summer and winter', () => {
    const seen = fires('cron(0 9 1 * ? *)', '2026-09-15T00:00:00Z', 3, 'Europe/Berlin');
    expect(seen).toEqual(['2026-10-01T07:00Z', '2026-11-01T08:00Z', '2026-12-01T08:00Z']);
  });

  test('skips a time that spring takes away', () => {
    const seen = fires('cron(30 2 * * ? *)', '2026-03-28T00:00:00Z', 3, 'Europe/Berlin');
    expect(seen).toEqual(['2026-03-28T01:30Z', '2026-03-30T00:30Z', '2026-03-31T00:30Z']);
  });

  test('runs once at a time that autumn repeats', () => {
    const seen = fires('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', 2, 'Europe/Berlin');
    expect(seen).toEqual(['2026-10-25T00:30Z', '2026-10-26T01:30Z']);
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'cron(0 9 * * * *)',
    'cron(0 9 ? * ? *)',
    'cron(60 9 * * ? *)',
    'cron(0 9 * * ?)',
    'cron(0 9 ? * MON#6 *)',
    'cron(0 9 ? * FRI-MON *)',
    'cron(0 9 32 * ? *)',
    'every day',
  ])('refuses %s', (expression) => {
    expect(() => parseSchedule(expression, { timeZone: 'UTC', createdMs: 0 })).toThrow(
      expect.objectContaining({ name: 'ScheduleError' }),
    );
  });

  test('refuses a time zone that does not exist', () => {
    expect(() => parseSchedule('rate(1 day)', { timeZone: 'Mars/Olympus', createdMs: 0 })).toThrow('Mars/Olympus');
  });

  test('agrees with looking at every minute of five weeks, in which clocks change in spring and in autumn', () => {
    const hourMs = 3_600_000;
    const fromMs = Date.parse('2026-03-10T00:00:00Z');
    const minutes = Array.from({ length: 36 * 1440 }, (_, index) => fromMs + index * 60_000);
    // Berlin loses an hour on 29 March; Lord Howe Island gets half an hour back on 5 April, which is 15:00 UTC on the 4th.
    const changes = {
      UTC: { atMs: fromMs, beforeMs: 0, laterMs: 0 },
      'Europe/Berlin': { atMs: Date.parse('2026-03-29T01:00:00Z'), beforeMs: hourMs, laterMs: 2 * hourMs },
      'Australia/Lord_Howe': {
        atMs: Date.parse('2026-04-04T15:00:00Z'),
        beforeMs: 11 * hourMs,
        laterMs: 10.5 * hourMs,
      },
    };
    const zones = fc.constantFrom(...(['UTC', 'Europe/Berlin', 'Australia/Lord_Howe'] as const));
    const field = (last: number) =>
      fc.oneof(
        fc.constant({ text: '*', has: () => true }),
        fc.integer({ min: 0, max: last }).map((only) => ({ text: `${only}`, has: (value: number) => value === only })),
        fc.tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 1, max: last })).map(([from, by]) => ({
          text: `${from}/${by}`,
          has: (value: number) => value >= from && (value - from) % by === 0,
        })),
      );
    const days = fc.constantFrom(
      { text: ['*', '?'], has: () => true },
      { text: ['L', '?'], has: (wall: Date) => new Date(wall.getTime() + 24 * hourMs).getUTCDate() === 1 },
      { text: ['?', 'MON-WED'], has: (wall: Date) => [1, 2, 3].includes(wall.getUTCDay()) },
      { text: ['?', 'SUN#1'], has: (wall: Date) => wall.getUTCDay() === 0 && wall.getUTCDate() <= 7 },
      { text: ['?', 'SUNL'], has: (wall: Date) => wall.getUTCMonth() === 2 && wall.getUTCDate() === 29 },
      { text: ['28-31', '?'], has: (wall: Date) => wall.getUTCDate() >= 28 },
    );
    const starts = fc.constantFrom(...minutes);
    fc.assert(
      fc.property(field(59), field(23), days, zones, starts, (minute, hour, day, zone, afterMs) => {
        const { atMs, beforeMs, laterMs } = changes[zone];
        const expected = minutes.filter((ms) => {
          const isRepeated = ms >= atMs && ms < atMs + (beforeMs - laterMs);
          const wall = new Date(ms + (ms < atMs ? beforeMs : laterMs));
          const fits = day.has(wall) && minute.has(wall.getUTCMinutes()) && hour.has(wall.getUTCHours());
          return ms > afterMs && fits && !isRepeated;
        });
        const expression = `cron(${minute.text} ${hour.text} ${day.text[0]} * ${day.text[1]} *)`;
        const schedule = parseSchedule(expression, { timeZone: zone, createdMs: 0 });
        const actual: number[] = [];
        for (let ms = schedule.next(afterMs); ms !== undefined && actual.length < 100; ms = schedule.next(ms)) {
          if (ms > (minutes.at(-1) ?? 0)) break;
          actual.push(ms);
        }
        expect(actual).toEqual(expected.slice(0, 100));
      }),
      { numRuns: 40 },
    );
  });
});

describe('running a schedule', () => {
  test('fires for every planned time of a quarter, also past a target that is slow', async () => {
    const startMs = Date.parse('2026-11-21T06:00:00Z');
    const clock = manualClock(startMs);
    let fired = 0;
    const schedule = parseSchedule('rate(5 minutes)', { timeZone: 'UTC', createdMs: startMs });
    const running = runSchedule(clock, schedule, async () => {
      await Promise.resolve();
      fired += 1;
    });
    await clock.advanceTo(startMs + 90 * 86_400_000);
    expect(fired).toBe(90 * 288);
    running.cancel();
    await clock.advanceTo(startMs + 91 * 86_400_000);
    expect(fired).toBe(90 * 288);
  });
});
