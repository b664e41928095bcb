import { describe, expect, it } from 'vitest';
import { lagPoints } from '../../../../local/metrics-pump/lag-points.ts';
import type { MetricPoint } from '../../../../local/metrics-pump/metric-point.ts';
import { group, partition, view } from './views.ts';

describe('lag', () => {
  const ends = [partition(0, 1, [1], 100n), partition(1, 1, [1], 50n)];
  const at = (takenAtMs: number, state: string, committed: readonly (bigint | undefined)[], groupId = 'billing') =>
    view({ takenAtMs, partitions: ends, groups: [group(groupId, state, committed)] });
  const lagOf = (points: readonly MetricPoint[]) => Object.fromEntries(points.map(({ name, value }) => [name, value]));

  it('has the dimensions of MSK, and counts only what was committed', () => {
    const points = lagPoints('demo', undefined, at(0, 'Stable', [40n, undefined]));
    expect(points).toEqual([
      {
        name: 'MaxOffsetLag',
        dimensions: { 'Cluster Name': 'demo', 'Consumer Group': 'billing', Topic: 'orders' },
        value: 60,
      },
      {
        name: 'SumOffsetLag',
        dimensions: { 'Cluster Name': 'demo', 'Consumer Group': 'billing', Topic: 'orders' },
        value: 60,
      },
    ]);
  });

  it.each([
    ['Empty', 'billing', 2],
    ['STABLE', 'billing', 2],
    ['PreparingRebalance', 'billing', 0],
    ['Dead', 'billing', 0],
    ['Stable', 'with:colon', 0],
    ['Stable', 'müller', 0],
  ])('of a group that is %s and named %s has %i datapoints', (state, groupId, count) => {
    expect(lagPoints('demo', undefined, at(0, state, [40n, 50n], groupId))).toHaveLength(count);
  });

  it('in seconds is the time to drain the longest queue at the speed of reading', () => {
    const points = lagPoints('demo', at(0, 'Stable', [20n, 0n]), at(10_000, 'Stable', [40n, 50n]));
    expect(lagOf(points)).toEqual({ MaxOffsetLag: 60, SumOffsetLag: 60, EstimatedMaxTimeLag: 30 });
  });

  it('in seconds is 0 at the end, and not known where nothing moves', () => {
    expect(lagOf(lagPoints('demo', undefined, at(0, 'Stable', [100n, 50n]))).EstimatedMaxTimeLag).toBe(0);
    const still = lagPoints('demo', at(0, 'Empty', [40n, 50n]), at(10_000, 'Empty', [40n, 50n]));
    expect(lagOf(still)).toEqual({ MaxOffsetLag: 60, SumOffsetLag: 60 });
  });

  it('of a stopped group is told by the speed of what comes in', () => {
    const before = view({ partitions: [partition(0, 1, [1], 80n)], groups: [group('billing', 'Empty', [40n])] });
    const after = view({ takenAtMs: 10_000, partitions: ends, groups: [group('billing', 'Empty', [40n])] });
    expect(lagOf(lagPoints('demo', before, after)).EstimatedMaxTimeLag).toBe(30);
  });

  it('is not summed over a part of the partitions', () => {
    const blind = view({
      partitions: [partition(0, 1, [1], 100n), partition(1, undefined, [], -1n)],
      groups: [group('billing', 'Stable', [40n, 10n])],
    });
    expect(lagPoints('demo', undefined, blind)).toEqual([]);
  });
});
