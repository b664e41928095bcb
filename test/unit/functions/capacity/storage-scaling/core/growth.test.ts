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
