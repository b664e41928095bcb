import { describe, expect, it } from 'vitest';
import { ratePoints } from '../../../../local/metrics-pump/rate-points.ts';
import { broker, partition, silent, valuesOf, view } from './views.ts';

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
