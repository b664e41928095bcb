import { describe, expect, it } from 'vitest';
import { lagPoints } from '../../../../local/metrics-pump/lag-points.ts';
import type { MetricPoint } from '../../../../local/metrics-pump/metric-point.ts';
import { ratePoints } from '../../../../local/metrics-pump/rate-points.ts';
import { statePoints } from '../../../../local/metrics-pump/state-points.ts';
import { synthesisedMetrics, synthesisedPoints } from '../../../../local/metrics-pump/synthesised-points.ts';
import { broker, group, partition, silent, view } from './views.ts';

const valuesOf = (points: readonly MetricPoint[], name: string) =>
  points.flatMap((point) => (point.name === name ? [[point.dimensions['Broker ID'], point.value]] : []));
const mebibyte = 1024 * 1024;

describe('what one look tells', () => {
  const degraded = view({
    brokers: [broker(1, 50 * mebibyte), broker(2, 0, silent), broker(3, 80 * mebibyte)],
    partitions: [
      partition(0, 1, [1, 3]),
      partition(1, 1, [1]),
      partition(2, 3, [1, 2, 3]),
      partition(3, undefined, [2]),
      partition(4, 3, [3]),
    ],
  });
  const points = statePoints('demo', degraded, 100);

  it('is published by no broker that is down, not even as 0', () => {
    expect(points.filter(({ dimensions }) => dimensions['Broker ID'] === '2')).toEqual([]);
  });

  it.each([
    [
      'UnderReplicatedPartitions',
      [
        ['1', 2],
        ['3', 1],
      ],
    ],
    [
      'UnderMinIsrPartitionCount',
      [
        ['1', 1],
        ['3', 1],
      ],
    ],
    [
      'PartitionCount',
      [
        ['1', 5],
        ['3', 5],
      ],
    ],
    [
      'LeaderCount',
      [
        ['1', 2],
        ['3', 2],
      ],
    ],
    [
      'ActiveControllerCount',
      [
        [undefined, 1],
        [undefined, 0],
      ],
    ],
    [
      'OfflinePartitionsCount',
      [
        [undefined, 1],
        [undefined, 0],
      ],
    ],
    [
      'GlobalPartitionCount',
      [
        [undefined, 5],
        [undefined, 0],
      ],
    ],
    [
      'GlobalTopicCount',
      [
        [undefined, 1],
        [undefined, 0],
      ],
    ],
    [
      'KafkaDataLogsDiskUsed',
      [
        ['1', 50],
        [undefined, 50],
        ['3', 80],
        [undefined, 80],
      ],
    ],
  ])('counts %s at the leader, the holder or the controller', (name, expected) => {
    expect(valuesOf(points, name)).toEqual(expected);
  });

  it('has no active controller where the one that is named does not answer', () => {
    const headless = view({ ...degraded, controller: { brokerId: 2, toldBy: 'quorum' } });
    expect(valuesOf(statePoints('demo', headless, 100), 'ActiveControllerCount')).toEqual([
      [undefined, 0],
      [undefined, 0],
    ]);
  });

  it('has no disk figure of a directory that did not tell', () => {
    const unread = view({ brokers: [broker(1, 0, { logDirectories: [{ path: '/d', problem: silent.problem }] })] });
    expect(valuesOf(statePoints('demo', unread, 100), 'KafkaDataLogsDiskUsed')).toEqual([]);
  });
});

describe('rates between two looks', () => {
  const before = view({
    partitions: [partition(0, 1, [1, 2, 3], 100n), partition(1, 2, [1, 2, 3], 10n)],
  });
  const later = (usedBytes: number) =>
    view({
      takenAtMs: 10_000,
      brokers: [broker(1, usedBytes), broker(2, usedBytes), broker(3, usedBytes)],
      partitions: [partition(0, 1, [1, 2, 3], 400n), partition(1, 2, [1, 2, 3], 110n)],
    });

  it('are counted at the leader: records by offsets, bytes by what a stored record takes', () => {
    const points = ratePoints('demo', before, later(40_000));
    expect(valuesOf(points, 'MessagesInPerSec')).toEqual([
      ['1', 30],
      ['2', 10],
      ['3', 0],
    ]);
    expect(valuesOf(points, 'BytesInPerSec')).toEqual([
      ['1', 3_000],
      ['2', 1_000],
      ['3', 0],
    ]);
  });

  it('have no bytes where a broker went away, or retention deleted', () => {
    const fewer = { ...later(40_000), brokers: [broker(1, 40_000), broker(2, 0, silent), broker(3, 40_000)] };
    expect(valuesOf(ratePoints('demo', before, fewer), 'BytesInPerSec')).toEqual([]);
    const fuller = { ...before, brokers: later(50_000).brokers };
    expect(valuesOf(ratePoints('demo', fuller, later(40_000)), 'BytesInPerSec')).toEqual([]);
  });

  it('are never negative, and none at all within the same moment', () => {
    expect(
      valuesOf(ratePoints('demo', { ...later(0), takenAtMs: 0 }, { ...before, takenAtMs: 5_000 }), 'MessagesInPerSec'),
    ).toEqual([
      ['1', 0],
      ['2', 0],
      ['3', 0],
    ]);
    expect(ratePoints('demo', before, before)).toEqual([]);
  });
});

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

describe('what is invented', () => {
  const brokers = [broker(1), broker(2, 0, silent)];

  it('is named, and published by brokers that answer', () => {
    const points = synthesisedPoints('demo', view({ brokers }));
    expect(new Set(points.map(({ name }) => name))).toEqual(new Set(synthesisedMetrics));
    expect(new Set(points.map(({ dimensions }) => dimensions['Broker ID']))).toEqual(new Set(['1']));
    expect(synthesisedMetrics).not.toContain('KafkaDataLogsDiskUsed');
  });

  it("can be pretended, the broker's own figure before everybody's", () => {
    const pretended = { all: { CpuUser: 50, CpuSystem: 9 }, 1: { CpuUser: 91 } };
    const points = synthesisedPoints('demo', view({ brokers }), pretended);
    expect(valuesOf(points, 'CpuUser')).toEqual([['1', 91]]);
    expect(valuesOf(points, 'CpuSystem')).toEqual([['1', 9]]);
  });
});
