import type { DiskSample } from '../world/disk-samples.ts';

/** Figures over time, drawn under the timeline on the same axis. */
export type Chart = {
  /** Short: it stands where a lane's name stands. */
  readonly name: string;
  readonly unit: string;
  /** Top of the axis; its foot is 0. */
  readonly most: number;
  readonly limits: readonly { readonly label: string; readonly value: number }[];
  readonly series: readonly {
    readonly name: string;
    /** Oldest first, by the world's clock. `label` says more than the number. */
    readonly points: readonly { readonly clockMs: number; readonly value: number; readonly label: string }[];
  }[];
};

/**
 * Disks of all brokers, in percent of the volume that each had at the time.
 *
 * @param sinceMs by the world's clock: what was measured before belongs to an earlier scenario
 */
export const diskChart = (samples: readonly DiskSample[], sinceMs: number, limits: Chart['limits']): Chart => {
  const byBroker = Map.groupBy(
    samples.filter(({ clockMs }) => clockMs >= sinceMs),
    ({ brokerId }) => brokerId,
  );
  const series = [...byBroker.entries()]
    .toSorted(([left], [right]) => left - right)
    .map(([brokerId, own]) => ({
      name: `broker ${brokerId}`,
      points: own.map(({ clockMs, usedPercent, volumeGiB }) => ({
        clockMs,
        value: usedPercent,
        label: `${usedPercent.toFixed(1)} % of ${volumeGiB} GiB`,
      })),
    }));
  return { name: 'disk used', unit: '%', most: 100, limits, series };
};
