import { expect, test } from 'vitest';
import {
  forecastGrowth,
  forecastHoursToFull,
  forecastPace,
} from '../../../../../../functions/capacity/storage-scaling/core/growth.ts';
import { hourMs, minuteMs } from '../../../../../../shared/core/units.ts';
import { noonMs, samples } from '../../../../../support/storage-scaling/storage-scaling.ts';

test('a steady rise is its own rate', () => {
  expect(forecastGrowth(samples(80, 2, 24, 5))).toMatchObject({ percentPerHour: expect.closeTo(2, 9), seenHours: 24 });
});

test('the 95th percentile leaves one busy hour of a day out, and keeps three', () => {
  const busyFor = (hours: number) =>
    samples(50, 0, 24, 5).map(({ atMs, value }) => {
      const intoMs = Math.min(Math.max(0, atMs - (noonMs - 10 * hourMs)), hours * hourMs);
      return { atMs, value: value + (6 * intoMs) / hourMs };
    });
  expect(forecastGrowth(busyFor(0.5))?.percentPerHour).toBeLessThan(3.1);
  expect(forecastGrowth(busyFor(3))?.percentPerHour).toBeCloseTo(6, 9);
});

test('6.9: retention’s falls are no growth, and never negative growth', () => {
  const sawtooth = samples(70, 0, 24, 5).map(({ atMs }) => ({ atMs, value: 60 + ((atMs / hourMs) % 4) * 5 }));
  expect(forecastGrowth(sawtooth)?.percentPerHour).toBeCloseTo(5, 6);
  expect(forecastGrowth(samples(20, -2, 24, 5))).toMatchObject({ percentPerHour: 0 });
});

test.each([
  ['nothing', []],
  ['one point', samples(80, 1, 0, 5)],
  ['less than six hours', samples(80, 1, 5.9, 5)],
  ['a day with holes that hide most of it', samples(80, 1, 24, 5).filter((_, index) => index % 50 < 6)],
])('%s is unknown growth, not zero', (_name, points) => {
  expect(forecastGrowth(points)).toBeUndefined();
});

test('a gap of a quarter of an hour is bridged', () => {
  const gapped = samples(80, 2, 24, 5).filter(({ atMs }) => (atMs - noonMs) % (2 * hourMs) !== 0);
  expect(forecastGrowth(gapped)?.percentPerHour).toBeCloseTo(2, 9);
});

test('six hours are history enough, and a rate says over how long it was seen', () => {
  expect(forecastGrowth(samples(80, 1, 6, 5))).toEqual({ percentPerHour: expect.closeTo(1, 9), seenHours: 6 });
});

/** A day of points that come ten at once, a millisecond apart, of a disk that rises by 4 points an hour. */
const inBursts = (everyMinutes: number) =>
  Array.from({ length: Math.floor((24 * 60) / everyMinutes) }, (_, burst) =>
    Array.from({ length: 10 }, (_point, index) => {
      const atMs = noonMs + burst * everyMinutes * minuteMs + index;
      return { atMs, value: 4 * ((atMs - noonMs) / hourMs) };
    }),
  ).flat();

test.each([
  [75, 4],
  [76, undefined],
])('a rise over an hour is measured over %i min at most: every so often gives %d points an hour', (minutes, rate) => {
  expect(forecastGrowth(inBursts(minutes))?.percentPerHour).toEqual(
    rate === undefined ? undefined : expect.closeTo(rate, 6),
  );
});

test('a day of which half of the points came is known, and one of which fewer came is not', () => {
  /** Whole hours of points and whole hours without. */
  const everySecondHour = (shownHours: number) =>
    samples(80, 1, 24, 5).filter(({ atMs }) => ((noonMs - atMs) / hourMs) % 4 < shownHours);
  expect(forecastGrowth(everySecondHour(3))).toBeDefined();
  expect(forecastGrowth(everySecondHour(2))).toBeUndefined();
});

test('the pace is measured since the last fall', () => {
  const before = samples(85, 0, 1, 1).filter(({ atMs }) => atMs < noonMs - 10 * minuteMs);
  const after = samples(60, 30, 1, 1).filter(({ atMs }) => atMs >= noonMs - 10 * minuteMs);
  expect(forecastPace([...before, ...after])).toMatchObject({
    percentPerHour: expect.closeTo(30, 6),
    seenHours: expect.closeTo(1 / 6, 6),
  });
});

test('a pace over less than two minutes is none', () => {
  expect(forecastPace(samples(80, 60, 1 / 60, 1))).toBeUndefined();
  expect(forecastPace([])).toBeUndefined();
  expect(forecastPace(samples(80, 60, 2 / 60, 1))).toEqual({
    percentPerHour: expect.closeTo(60, 6),
    seenHours: expect.closeTo(1 / 30, 9),
  });
});

test.each([
  ['a fall of one point is no fall: the pace is of the whole hour', 81, 0, 1],
  ['a fall of more is one: the pace is of what came after', 81.01, 0, 0.5],
])('%s', (_name, before, percentPerHour, seenHours) => {
  const hour = samples(80, 0, 1, 1).map((one) => (one.atMs < noonMs - hourMs / 2 ? { ...one, value: before } : one));
  expect(forecastPace(hour)).toEqual({ percentPerHour, seenHours });
});

test('a fall just now leaves nothing to measure: unknown, not a pace of nothing', () => {
  const hour = samples(85, 1, 1, 1).map((one) => (one.atMs === noonMs ? { ...one, value: 60 } : one));
  expect(forecastPace(hour)).toBeUndefined();
});

test('a disk that empties has a pace of nothing, never less', () => {
  expect(forecastPace(samples(50, -0.5, 1, 1))).toEqual({ percentPerHour: 0, seenHours: 1 });
});

const at = (percentPerHour: number) => forecastHoursToFull(80, [{ percentPerHour, seenHours: 1 }]);

test('C1: a disk that is full within a year is told, beyond it nobody asks', () => {
  expect(at(20 / (365 * 24))?.hoursToFull).toBeCloseTo(365 * 24, 6);
  expect(at(20 / (365 * 24 + 1))).toBeUndefined();
});

test('hours to full carry the rate that they were worked out from, and a disk beyond full has none left', () => {
  const rate = { percentPerHour: 5, seenHours: 24 };
  expect(forecastHoursToFull(80, [undefined, rate])).toEqual({ hoursToFull: 4, ...rate });
  expect(forecastHoursToFull(101, [rate])).toEqual({ hoursToFull: 0, ...rate });
});

test.each([
  ['nothing known', [undefined, undefined], undefined],
  ['no rise', [{ percentPerHour: 0, seenHours: 1 }], undefined],
  [
    'the faster of two',
    [
      { percentPerHour: 2, seenHours: 24 },
      { percentPerHour: 5, seenHours: 1 },
    ],
    4,
  ],
])('hours to full: %s', (_name, rates, hoursToFull) => {
  expect(forecastHoursToFull(80, rates)?.hoursToFull).toBe(hoursToFull);
});
