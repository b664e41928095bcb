import { describe, expect, it } from 'vitest';
import { synthesisedMetrics, synthesisedPoints } from '../../../../local/metrics-pump/synthesised-points.ts';
import { broker, silent, valuesOf, view } from './views.ts';

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
