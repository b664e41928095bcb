import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../local/clock.ts';
import type { MetricPoint } from '../../../../local/metrics-pump/metric-point.ts';
import { startMetricsPump } from '../../../../local/metrics-pump/metrics-pump.ts';
import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import { broker, partition, view } from './views.ts';

const start = (
  look: () => Promise<ClusterView>,
  level: 'DEFAULT' | 'PER_BROKER' = 'DEFAULT',
  volumeGiB: () => number | undefined = () => 100,
) => {
  const clock = manualClock(1_000_000);
  const put: { atMs: number; points: readonly MetricPoint[] }[] = [];
  const failures: unknown[] = [];
  const pump = startMetricsPump({
    clusterName: 'demo',
    traits: { brokerKind: 'standard', metadataMode: 'kraft', monitoringLevel: level },
    volumeGiB,
    look,
    putMetricData: async (points, atMs) => void put.push({ points, atMs }),
    clock,
    intervalMs: 60_000,
    onFailure: (failure) => failures.push(failure),
  });
  return { clock, put, failures, pump };
};
const healthy = async () => view({ partitions: [partition(0, 1, [1, 2, 3], 5n)] });

describe('the metrics pump', () => {
  it('publishes at once and then at every interval, stamped by the clock', async () => {
    const { clock, put, failures } = start(healthy);
    await clock.advanceTo(1_125_000);
    expect(put.map(({ atMs }) => atMs)).toEqual([1_000_000, 1_060_000, 1_120_000]);
    expect(failures).toEqual([]);
  });

  it('publishes only what the cluster emits at its monitoring level', async () => {
    const namesAt = async (level: 'DEFAULT' | 'PER_BROKER') => {
      const { clock, put } = start(healthy, level);
      await clock.advanceTo(1_000_001);
      return put.flatMap(({ points }) => points.map(({ name }) => name));
    };
    expect(await namesAt('DEFAULT')).not.toContain('RequestHandlerAvgIdlePercent');
    expect(await namesAt('PER_BROKER')).toContain('RequestHandlerAvgIdlePercent');
  });

  it('reckons disks by the volume of the moment: a larger one lowers the share, and without one there is none', async () => {
    let volumeGiB: number | undefined = 100;
    const usedBytes = 60 * 1024 * 1024;
    const look = async () => view({ brokers: [broker(1, usedBytes)] });
    const { clock, put } = start(look, 'DEFAULT', () => volumeGiB);
    await clock.advanceTo(1_000_000);
    volumeGiB = 200;
    await clock.advanceTo(1_060_000);
    volumeGiB = undefined;
    await clock.advanceTo(1_120_000);
    const disks = put.map(({ points }) => points.find(({ name }) => name === 'KafkaDataLogsDiskUsed')?.value);
    expect(disks).toEqual([60, 30, undefined]);
  });

  it('tells a failed look and goes on', async () => {
    let looks = 0;
    const { clock, put, failures } = start(async () => {
      looks += 1;
      if (looks === 1) throw new Error('nobody there');
      return healthy();
    });
    await clock.advanceTo(1_060_000);
    expect(failures).toEqual([new Error('nobody there')]);
    expect(put).toHaveLength(1);
  });

  it('publishes nothing after it was stopped, not even what was being looked at', async () => {
    const { promise, resolve } = Promise.withResolvers<ClusterView>();
    const { clock, put, pump } = start(() => promise);
    const advancing = clock.advanceTo(1_000_000);
    const stopping = pump.stop();
    resolve(await healthy());
    await Promise.all([advancing, stopping]);
    await clock.advanceTo(2_000_000);
    expect(put).toEqual([]);
  });

  it('publishes what is pretended from the next time on', async () => {
    const { clock, put, pump } = start(healthy);
    await clock.advanceTo(1_000_000);
    pump.pretend({ all: { CpuUser: 95 } });
    await clock.advanceTo(1_060_000);
    const cpu = put.map(({ points }) => points.find(({ name }) => name === 'CpuUser')?.value);
    expect(cpu).toEqual([12, 95]);
  });
});
