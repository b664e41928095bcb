import { describe, expect, test } from 'vitest';
import { diskChart } from '../../../../local/drill/chart.ts';
import type { Moment } from '../../../../local/drill/timeline.ts';
import { drawTimeline } from '../../../../local/drill/timeline-picture.ts';
import { type DiskSample, diskSamplesOf } from '../../../../local/world/disk-samples.ts';

const sample = (told: Partial<DiskSample>): DiskSample => ({
  clockMs: 0,
  brokerId: 1,
  usedPercent: 10,
  volumeGiB: 100,
  ...told,
});

describe('disk samples', () => {
  test('are what CloudWatch got of each broker, with the volume they were reckoned by', () => {
    const points = [
      { name: 'KafkaDataLogsDiskUsed', dimensions: { 'Cluster Name': 'demo', 'Broker ID': '2' }, value: 42 },
      { name: 'KafkaDataLogsDiskUsed', dimensions: { 'Cluster Name': 'demo' }, value: 42 },
      { name: 'CpuUser', dimensions: { 'Cluster Name': 'demo', 'Broker ID': '2' }, value: 12 },
    ] as const;
    expect(diskSamplesOf(points, 5, 300)).toEqual([{ clockMs: 5, brokerId: 2, usedPercent: 42, volumeGiB: 300 }]);
    expect(diskSamplesOf(points, 5, undefined)).toEqual([]);
  });
});

describe("a disk's chart", () => {
  test('has a line for each broker, in their order, and leaves out what an earlier scenario measured', () => {
    const chart = diskChart(
      [
        sample({ clockMs: 10, usedPercent: 99 }),
        sample({ clockMs: 20, brokerId: 10, usedPercent: 5 }),
        sample({ clockMs: 20, brokerId: 2 }),
        sample({ clockMs: 30, brokerId: 2, usedPercent: 7.25, volumeGiB: 200 }),
      ],
      20,
      [],
    );
    expect(chart.series.map(({ name, points }) => [name, points.map(({ label }) => label)])).toEqual([
      ['broker 2', ['10.0 % of 100 GiB', '7.3 % of 200 GiB']],
      ['broker 10', ['5.0 % of 100 GiB']],
    ]);
  });

  test("is drawn under the rows by the world's clock, full at the top, with its limits named", () => {
    const moments: readonly Moment[] = [
      { atMs: 0, clockMs: 100_000, lane: 'brokers', subject: 'broker 1', label: 'broker 1 serves', tone: 'good' },
    ];
    const chart = diskChart(
      [sample({ clockMs: 100_000, usedPercent: 0 }), sample({ clockMs: 200_000, usedPercent: 100 })],
      0,
      [{ label: 'enlarged over 80 %', value: 80 }],
    );
    // Ten seconds of real time are 200 of the clock's: the second point stands in the middle.
    const picture = drawTimeline(moments, 10_000, 20, [chart]);
    const [, from, foot, to, top] = /points="([\d.]+),([\d.]+) ([\d.]+),([\d.]+)"/.exec(picture)?.map(Number) ?? [];
    expect([from, to]).toEqual([380, 770]);
    expect((foot ?? 0) - (top ?? 0)).toBe(150);
    expect(picture).toContain('enlarged over 80 %');
    expect(picture).toContain('<title>broker 1: 100.0 % of 100 GiB</title>');
    const height = Number(/viewBox="0 0 \d+ (\d+)"/.exec(picture)?.[1]);
    expect(height).toBeGreaterThan(foot ?? 0);
    expect(drawTimeline(moments, 10_000, 20)).not.toContain('polyline');
  });
});
