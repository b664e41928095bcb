import type { MetricPoint } from '../metrics-pump/metric-point.ts';

/** What one broker's disk was said to be at one moment of the world's clock, as CloudWatch got it. */
export type DiskSample = {
  readonly clockMs: number;
  readonly brokerId: number;
  readonly usedPercent: number;
  /** The volume by which it was reckoned. */
  readonly volumeGiB: number;
};

/** Disks among the points of one moment; none where there is no volume. */
export const diskSamplesOf = (
  points: readonly MetricPoint[],
  clockMs: number,
  volumeGiB: number | undefined,
): readonly DiskSample[] =>
  points.flatMap(({ name, dimensions, value }) => {
    const brokerId = dimensions['Broker ID'];
    if (name !== 'KafkaDataLogsDiskUsed' || brokerId === undefined || volumeGiB === undefined) return [];
    return [{ clockMs, brokerId: Number(brokerId), usedPercent: value, volumeGiB }];
  });
