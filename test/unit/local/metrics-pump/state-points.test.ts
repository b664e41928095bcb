import { describe, expect, it } from 'vitest';
import { statePoints } from '../../../../local/metrics-pump/state-points.ts';
import { broker, partition, silent, valuesOf, view } from './views.ts';

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
