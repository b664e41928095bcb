import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  findNextOpening,
  findOpenWindows,
  findWindowProblem,
  type MaintenanceWindow,
  weekdays,
} from '../../../../shared/core/maintenance-window.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const at = (text: string): number => Date.parse(text);

const daily: MaintenanceWindow = { name: 'daily', impact: 'minimal', every: 'day', from: '02:00', to: '04:00' };
const weekly: MaintenanceWindow = {
  name: 'weekly',
  impact: 'low',
  every: 'week',
  on: 'sunday',
  from: '01:00',
  to: '05:00',
};
const monthly: MaintenanceWindow = {
  name: 'monthly',
  impact: 'medium',
  every: 'month',
  nth: 1,
  on: 'sunday',
  from: '00:00',
  to: '06:00',
};
const swap: MaintenanceWindow = {
  name: 'swap',
  impact: 'high',
  every: 'once',
  from: '2026-11-25T15:00:00Z',
  to: '2026-11-25T16:30:00Z',
};
const runbook = [daily, weekly, monthly, swap];

const names = (windows: readonly MaintenanceWindow[], moment: string): string[] =>
  findOpenWindows(windows, at(moment)).map(({ window }) => window.name);

// November 2026: the 1st and the 29th are Sundays, the 30th is a Monday.
test.each<[moment: string, open: string[]]>([
  ['2026-11-23T01:59:59.999Z', []],
  ['2026-11-23T02:00:00Z', ['daily']],
  ['2026-11-23T03:59:59.999Z', ['daily']],
  ['2026-11-23T04:00:00Z', []],
  ['2026-11-22T01:30:00Z', ['weekly']],
  ['2026-11-22T03:00:00Z', ['weekly', 'daily']],
  ['2026-11-01T03:00:00Z', ['monthly', 'weekly', 'daily']],
  ['2026-11-01T05:30:00Z', ['monthly']],
  ['2026-11-08T05:30:00Z', []],
  ['2026-11-25T15:00:00Z', ['swap']],
  ['2026-11-25T16:30:00Z', []],
])('M1: at %s the windows %j explain a disruption, worst impact first', (moment, open) => {
  expect(names(runbook, moment)).toEqual(open);
});

test.each<[name: string, window: Partial<MaintenanceWindow>, moment: string, isOpen: boolean]>([
  ['the evening of a window across midnight', { every: 'week', on: 'saturday' }, '2026-11-21T23:30:00Z', true],
  ['its morning, on the next day', { every: 'week', on: 'saturday' }, '2026-11-22T00:30:00Z', true],
  ['the morning before', { every: 'week', on: 'saturday' }, '2026-11-21T00:30:00Z', false],
  [
    'the last Monday of a month, into the next month',
    { every: 'month', nth: 'last', on: 'monday' },
    '2026-12-01T00:30:00Z',
    true,
  ],
  ['the last Monday but one', { every: 'month', nth: 'last', on: 'monday' }, '2026-11-23T23:30:00Z', false],
  ['a fifth Monday', { every: 'month', nth: 5, on: 'monday' }, '2026-11-30T23:30:00Z', true],
  ['the last Monday of a month with four', { every: 'month', nth: 5, on: 'monday' }, '2027-01-25T23:30:00Z', false],
  [
    'the last day of a leap year’s February',
    { every: 'month', nth: 'last', on: 'tuesday' },
    '2028-02-29T23:30:00Z',
    true,
  ],
  ['New Year’s night', { every: 'day' }, '2027-01-01T00:59:59Z', true],
])('across midnight: %s', (_name, shape, moment, isOpen) => {
  const window = { name: 'night', impact: 'low', from: '23:00', to: '01:00', ...shape } as MaintenanceWindow;
  expect(names([window], moment)).toEqual(isOpen ? ['night'] : []);
});

test.each<[name: string, after: string, opens: string, window: string]>([
  ['later on the same day', '2026-11-23T00:00:00Z', '2026-11-23T02:00:00Z', 'daily'],
  ['this very moment', '2026-11-23T02:00:00Z', '2026-11-23T02:00:00Z', 'daily'],
  ['tomorrow, when today’s is open already', '2026-11-23T02:00:00.001Z', '2026-11-24T02:00:00Z', 'daily'],
  ['the one-off before the daily one', '2026-11-25T04:00:00Z', '2026-11-25T15:00:00Z', 'swap'],
  ['the monthly one at midnight', '2026-12-05T12:00:00Z', '2026-12-06T00:00:00Z', 'monthly'],
])('the next opening is %s', (_name, after, opens, window) => {
  const next = findNextOpening(runbook, at(after));
  expect([next && new Date(next.opensAtMs), next?.window.name]).toEqual([new Date(opens), window]);
});

test('a one-off that is over opens no more', () => {
  expect(findNextOpening([swap], at('2026-11-26T00:00:00Z'))).toBeUndefined();
});

test.each<[problem: string, window: object]>([
  ['starts and ends at the same time', { every: 'day', from: '02:00', to: '02:00' }],
  ['needs two times of day', { every: 'day', from: '00:00', to: '24:00' }],
  ['needs two times of day', { every: 'week', on: 'sunday', from: '2:00', to: '04:00' }],
  ['is on no day of the week', { every: 'week', on: 'sun', from: '02:00', to: '04:00' }],
  ['is on no day of the week', { every: 'month', nth: 1, on: 'day', from: '02:00', to: '04:00' }],
  ['is in no week of a month', { every: 'month', nth: 6, on: 'sunday', from: '02:00', to: '04:00' }],
  ['is in no week of a month', { every: 'month', nth: 0, on: 'sunday', from: '02:00', to: '04:00' }],
  ['never opens', { every: 'once', from: '2027-01-02T00:00:00Z', to: '2027-01-01T00:00:00Z' }],
  ['never opens', { every: 'once', from: '2027-01-02T00:00:00Z', to: '2027-01-02T00:00:00Z' }],
  ['is open for more than 7 days', { every: 'once', from: '2027-01-02T00:00:00Z', to: '2028-01-02T01:00:00Z' }],
  ['needs two moments', { every: 'once', from: '2027-02-30T00:00:00Z', to: '2027-03-03T00:00:00Z' }],
  ['needs two moments', { every: 'once', from: '2027-02-01T00:00:00+08:00', to: '2027-02-02T00:00:00Z' }],
  ['repeats in no known way', { every: 'year', from: '02:00', to: '04:00' }],
])('a broken window is told (%s) and disables no other', (problem, shape) => {
  const broken = { name: 'broken', impact: 'low', ...shape } as MaintenanceWindow;
  expect(findWindowProblem(broken)).toContain(problem);
  const windows = [broken, daily];
  expect(names(windows, '2026-11-23T03:00:00Z')).toEqual(['daily']);
  expect(findNextOpening(windows, at('2026-11-23T00:00:00Z'))?.window.name).toBe('daily');
});

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOfDay = fc.integer({ min: 0, max: 1439 });
const times = fc
  .tuple(minuteOfDay, minuteOfDay)
  .filter(([from, to]) => from !== to)
  .map(([from, to]) => ({ from: clock(from), to: clock(to), name: 'any', impact: 'low' as const }));
const on = fc.constantFrom(...weekdays);
const nth = fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 5 as const, 'last' as const);
const repeating: fc.Arbitrary<Exclude<MaintenanceWindow, { every: 'once' }>> = fc.oneof(
  times.map((rest) => ({ ...rest, every: 'day' as const })),
  fc.tuple(times, on).map(([rest, day]) => ({ ...rest, every: 'week' as const, on: day })),
  fc.tuple(times, on, nth).map(([rest, day, week]) => ({ ...rest, every: 'month' as const, on: day, nth: week })),
);
const years = fc.integer({ min: 2024, max: 2032 });

/** By the calendar alone: counts the weekday's earlier and later days of the month one by one. */
const isDayOf = (window: Exclude<MaintenanceWindow, { every: 'once' }>, dayStartMs: number): boolean => {
  if (window.every === 'day') return true;
  const date = new Date(dayStartMs);
  if (weekdays[date.getUTCDay()] !== window.on) return false;
  if (window.every === 'week') return true;
  const sameWeekday = Array.from({ length: 31 }, (_, index) =>
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), index + 1),
  )
    .map((ms) => new Date(ms))
    .filter((other) => other.getUTCMonth() === date.getUTCMonth() && other.getUTCDay() === date.getUTCDay())
    .map((other) => other.getUTCDate());
  const index = sameWeekday.indexOf(date.getUTCDate());
  return window.nth === 'last' ? index === sameWeekday.length - 1 : index === window.nth - 1;
};

/** Whether each minute of a year is inside, by looking at the minute's own clock and at today's and yesterday's date. */
const paintYear = (window: Exclude<MaintenanceWindow, { every: 'once' }>, year: number): Uint8Array => {
  const startMs = Date.UTC(year, 0, 1);
  const dayCount = (Date.UTC(year + 1, 0, 1) - startMs) / dayMs;
  const isDay = Array.from({ length: dayCount + 1 }, (_, index) => isDayOf(window, startMs + (index - 1) * dayMs));
  const minutes = new Uint8Array(dayCount * 1440);
  return minutes.map((_, minute) => {
    const time = clock(minute % 1440);
    const day = Math.floor(minute / 1440);
    const isAcross = window.to < window.from;
    const isToday = isDay[day + 1] === true && time >= window.from && (isAcross || time < window.to);
    return isToday || (isAcross && isDay[day] === true && time < window.to) ? 1 : 0;
  });
};

test('the openings of a year, one after the other, cover exactly the minutes that the calendar says', () => {
  fc.assert(
    fc.property(repeating, years, (window, year) => {
      const startMs = Date.UTC(year, 0, 1);
      const expected = paintYear(window, year);
      const painted = new Uint8Array(expected.length);
      let next = findNextOpening([window], startMs - dayMs);
      while (next !== undefined && next.opensAtMs < startMs + painted.length * minuteMs) {
        const from = Math.max(0, (next.opensAtMs - startMs) / minuteMs);
        painted.fill(1, from, Math.max(0, (next.closesAtMs - startMs) / minuteMs));
        next = findNextOpening([window], next.opensAtMs + 1);
      }
      expect(Buffer.compare(painted, expected)).toBe(0);
    }),
    { numRuns: 15 },
  );
});

test('a moment is inside exactly when its minute of the calendar is, minute by minute over ten days', () => {
  fc.assert(
    fc.property(repeating, years, fc.integer({ min: 1, max: 355 }), (window, year, firstDay) => {
      const startMs = Date.UTC(year, 0, 1);
      const expected = paintYear(window, year);
      const differing = Array.from({ length: 10 * 1440 }, (_, index) => firstDay * 1440 + index).filter((minute) => {
        const open = findOpenWindows([window], startMs + minute * minuteMs + 59_999);
        return open.length > 0 !== (expected[minute] === 1);
      });
      expect(differing).toEqual([]);
    }),
    { numRuns: 15 },
  );
});
