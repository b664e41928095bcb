import { describe, expect, test } from 'vitest';
import { sampleOfValues } from '../../../../../../local/aws/services/cloudwatch/metric-store.ts';
import {
  aggregate,
  aggregateByPeriod,
  parseStatistic,
} from '../../../../../../local/aws/services/cloudwatch/statistics.ts';

const statistic = (text: string) => {
  const parsed = parseStatistic(text);
  if (parsed === undefined) throw new Error(`${text} is no statistic`);
  return parsed;
};
const one = (atMs: number, value: number, count = 1) => sampleOfValues(atMs, [{ value, count }]);

describe('statistics of one period', () => {
  const samples = [one(0, 10, 98), one(1, 50), one(2, 1000)];
  test.each([
    ['SampleCount', 100],
    ['Sum', 2030],
    ['Average', 20.3],
    ['Minimum', 10],
    ['Maximum', 1000],
    ['p50', 10],
    ['p99', 50],
    ['p99.5', 1000],
    ['p100', 1000],
  ])('%s is %d', (text, expected) => {
    expect(aggregate(samples, statistic(text))).toBeCloseTo(expected, 9);
  });

  test('a statistic set has no percentile unless all its values are the same', () => {
    const set = { atMs: 0, unit: 'None', sampleCount: 2, sum: 5, minimum: 1, maximum: 4, values: undefined };
    expect(aggregate([set], statistic('p90'))).toBeUndefined();
    expect(aggregate([{ ...set, sum: 8, minimum: 4 }], statistic('p90'))).toBe(4);
    expect(aggregate([set], statistic('Average'))).toBe(2.5);
  });

  test('nothing has no statistic, and unknown statistics are not guessed', () => {
    expect(aggregate([], statistic('Sum'))).toBeUndefined();
    expect(parseStatistic('tm90')).toBeUndefined();
    expect(parseStatistic('p101')).toBeUndefined();
  });
});

test('samples fall into periods that count from the start, and an empty period has no entry', () => {
  const samples = [one(30_000, 1), one(89_999, 2), one(90_000, 3), one(210_000, 4)];
  expect([...aggregateByPeriod(samples, 30_000, 60_000, statistic('Sum'))]).toEqual([
    [30_000, 3],
    [90_000, 3],
    [210_000, 4],
  ]);
});
