import { describe, expect, test } from 'vitest';
import {
  brokersOfMetrics,
  countSeries,
  freshSamples,
  newestValue,
  planMetricRange,
  sumOverBrokers,
} from '../../../../../../functions/health/cluster-health/core/metrics.ts';
import type { MetricSeries } from '../../../../../../functions/health/cluster-health/core/observation.ts';
import {
  failed,
  healthExpectation,
  healthObservation,
  known,
  minuteMs,
  noonMs,
} from '../../../../../support/health/builders.ts';

/** Points of broker `brokerId`, or of the cluster, by the minutes of their age. */
const series = (brokerId: number | undefined, valueByAge: Readonly<Record<number, number>>): MetricSeries => ({
  metric: 'UnderReplicatedPartitions',
  ...(brokerId !== undefined && { brokerId }),
  points: Object.entries(valueByAge)
    .map(([age, value]) => ({ atMs: noonMs - Number(age) * minuteMs, value }))
    .toSorted((left, right) => left.atMs - right.atMs),
});
const seen = (...all: readonly MetricSeries[]) => healthObservation({ metrics: known(all), nodes: known([1, 2]) });
const sum = (...all: readonly MetricSeries[]) => sumOverBrokers(seen(...all), 'UnderReplicatedPartitions');

describe('a sum over brokers', () => {
  test('is of the same minutes, oldest first', () => {
    expect(sum(series(1, { 3: 1, 2: 2 }), series(2, { 2: 20, 3: 10 }))).toEqual({
      samples: [
        { atMs: noonMs - 3 * minuteMs, value: 11 },
        { atMs: noonMs - 2 * minuteMs, value: 22 },
      ],
      isComplete: true,
    });
  });

  test('leaves out a minute that one of them does not have', () => {
    expect(sum(series(1, { 3: 1, 2: 2 }), series(2, { 3: 10 }))).toEqual({
      samples: [{ atMs: noonMs - 3 * minuteMs, value: 11 }],
      isComplete: true,
    });
  });

  test.each([
    ['says nothing', series(2, {})],
    ['said its last word long ago', series(2, { 11: 10 })],
  ])('is a lower bound where a broker %s', (_name, silent) => {
    expect(sum(series(1, { 2: 2 }), silent)).toEqual({
      samples: [{ atMs: noonMs - 2 * minuteMs, value: 2 }],
      isComplete: false,
    });
  });

  test('of nobody is not complete, and not zero', () => {
    expect(sum()).toEqual({ samples: [], isComplete: false });
    expect(sum(series(1, {}))).toEqual({ samples: [], isComplete: false });
    const lost = healthObservation({ metrics: failed('cloudwatch:GetMetricData') });
    expect(sumOverBrokers(lost, 'UnderReplicatedPartitions')).toEqual({ samples: [], isComplete: false });
  });

  test('is not told of another metric', () => {
    expect(sumOverBrokers(seen(series(1, { 2: 2 })), 'UnderMinIsrPartitionCount').isComplete).toBe(false);
  });
});

describe('the newest value', () => {
  test.each([
    [10, 7],
    [10.001, undefined],
    [-2, 7],
    [-2.001, undefined],
    [-525_600, undefined],
  ])('of %d minutes ago is %s', (age, value) => {
    expect(newestValue(seen(series(2, { [age]: 7 })), 'UnderReplicatedPartitions', 2)).toBe(value);
  });

  test('is that of the broker, of the cluster, or of nobody', () => {
    const all = seen(series(1, { 2: 1 }), series(undefined, { 2: 5 }));
    expect(newestValue(all, 'UnderReplicatedPartitions', 1)).toBe(1);
    expect(newestValue(all, 'UnderReplicatedPartitions')).toBe(5);
    expect(newestValue(all, 'UnderReplicatedPartitions', 3)).toBeUndefined();
  });

  test('is the newest, in whatever order the points came', () => {
    const { points, ...rest } = series(1, { 4: 4, 3: 3, 2: 2 });
    const shuffled = { ...rest, points: points.toReversed() };
    expect(newestValue(seen(shuffled), 'UnderReplicatedPartitions', 1)).toBe(2);
    expect(freshSamples(seen(shuffled), 'UnderReplicatedPartitions', 1).map(({ value }) => value)).toEqual([4, 3, 2]);
  });
});

test('the brokers of a run are those whose series were asked, by number and once each', () => {
  const all = [series(10, {}), series(undefined, { 1: 1 }), series(2, { 1: 1 }), series(2, { 1: 1 })];
  expect(brokersOfMetrics(seen(...all))).toEqual([2, 10]);
  expect(brokersOfMetrics(healthObservation({ metrics: failed('cloudwatch:GetMetricData') }))).toEqual([]);
});

test('a quiet run asks as many series as its scope needs, a light one more at the first of each half hour', () => {
  const context = {
    cluster: healthExpectation(),
    configuration: { policy: { limits: {}, floors: {} } },
  };
  const [light, full, halfHour] = [4 + 3, 4 + 15 * 3, 4 + 12 * 3];
  expect(countSeries('full', context, 30)).toBe(full);
  // As often as half hours come: each run is the first of its half hour.
  expect(countSeries('light', context, 1_440)).toBe(halfHour);
  expect(countSeries('light', context, 720)).toBe(halfHour);
  expect(countSeries('light', context, 2 * 1_440)).toBe(light + (halfHour - light) / 2);
});

test('the running minute is not asked for, since it is incomplete', () => {
  expect(planMetricRange(noonMs + 59_999, 0)).toEqual({ fromMs: noonMs - 60 * minuteMs, toMs: noonMs });
});

test('a duration of 50 minutes is the last that an hour holds', () => {
  expect(planMetricRange(noonMs, 50).fromMs).toBe(noonMs - 60 * minuteMs);
  expect(planMetricRange(noonMs, 50.5).fromMs).toBe(noonMs - 61 * minuteMs);
});
