import type { ExpandPlan } from '../../../functions/capacity/storage-scaling/core/model.ts';
import type {
  BrokerDisk,
  ClusterStorage,
  StorageObservation,
} from '../../../functions/capacity/storage-scaling/core/observation.ts';
import { known } from '../../../shared/core/known.ts';
import type { MskOperation } from '../../../shared/core/msk-model.ts';
import type { Sample } from '../../../shared/core/policy.ts';
import { hourMs, minuteMs } from '../../../shared/core/units.ts';

/** Wednesday 2026-01-14, 12:00 UTC. */
export const noonMs = Date.UTC(2026, 0, 14, 12);

/** The episode that the tests of a run begin with. */
export const input = {
  version: 1,
  cluster: 'orders',
  episode: 7,
  openedAtMs: noonMs,
  openedBy: 'alarm disk',
  isOpenerProven: true,
} as const;

export const clusterStorage = (more: Partial<ClusterStorage> = {}): ClusterStorage => ({
  state: 'ACTIVE',
  kind: 'standard',
  currentVersion: 'KTVPDKIKX0DER',
  brokerCount: 3,
  volumeGiB: 500,
  ...more,
});

/** The step that most tests take: from 500 to 600 GiB. */
export const expandPlan = (evidence: ExpandPlan['evidence'] = { toGiB: 600 }): ExpandPlan => ({
  action: 'expand',
  reason: 'above-threshold',
  message: 'Volumes grow.',
  fromGiB: 500,
  toGiB: 600,
  currentVersion: 'V1',
  covers: 'yes',
  thresholdPercent: 80,
  evidence,
});

/** Points up to now, one every `everyMinutes`, of a disk that rises by `percentPerHour` to `percent`. */
export const samples = (percent: number, percentPerHour: number, hours: number, everyMinutes: number): Sample[] => {
  const count = Math.round((hours * 60) / everyMinutes) + 1;
  return Array.from({ length: count }, (_, index) => {
    const agoMs = (count - 1 - index) * everyMinutes * minuteMs;
    return { atMs: noonMs - agoMs, value: Math.max(0, percent - (percentPerHour * agoMs) / hourMs) };
  });
};

/** A disk with a whole day of history. */
export const brokerDisk = (brokerId: number, percent: number, percentPerHour = 0): BrokerDisk => ({
  brokerId,
  lastHour: samples(percent, percentPerHour, 1, 1),
  lastDay: samples(percent, percentPerHour, 24, 5),
});

/** A disk of which nobody knows the day. */
export const youngDisk = (brokerId: number, percent: number): BrokerDisk => ({
  brokerId,
  lastHour: samples(percent, 0, 0.5, 1),
  lastDay: samples(percent, 0, 0.5, 5),
});

export const storageOperation = (endedHoursAgo: number, more: Partial<MskOperation> = {}): MskOperation => ({
  arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster-operation/orders/00000000-0000-4000-8000-000000000000-1/1',
  type: 'INCREASE_BROKER_STORAGE',
  state: 'UPDATE_COMPLETE',
  startedAtMs: noonMs - endedHoursAgo * hourMs - 10 * minuteMs,
  endedAtMs: noonMs - endedHoursAgo * hourMs,
  ...more,
});

/** Three disks at 85 %, not growing, on a cluster that MSK would let change. */
export const storageObservation = (more: Partial<StorageObservation> = {}): StorageObservation => ({
  cluster: known(clusterStorage()),
  autoScaling: known({ targetCount: 0, policyNames: [] }),
  operations: known([]),
  disks: known([brokerDisk(1, 60), brokerDisk(2, 85), brokerDisk(3, 70)]),
  alarmsFiring: known([]),
  memory: { holdCount: 0 },
  ...more,
});
