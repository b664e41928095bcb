import { expect, test } from 'vitest';
import type { StorageObservation } from '../../../../../../functions/capacity/storage-scaling/core/observation.ts';
import { planStorageScaling } from '../../../../../../functions/capacity/storage-scaling/core/plan.ts';
import { known, notKnown } from '../../../../../../shared/core/known.ts';
import { hourMs, minuteMs } from '../../../../../../shared/core/units.ts';
import {
  brokerDisk,
  clusterStorage,
  noonMs,
  samples,
  storageObservation,
  storageOperation,
  youngDisk,
} from '../../../../../support/storage-scaling/storage-scaling.ts';

/** System A: at 80 %, +100 GB, 1 TB (C5). */
const policy = { scaling: { diskUsedPercent: { warning: 80 } }, storage: { stepGiB: 100, maxVolumeGiB: 1000 } };
const plan = (more: Partial<StorageObservation>, with_ = policy) =>
  planStorageScaling(storageObservation(more), with_, noonMs);

const disks = (...percents: number[]) => known(percents.map((percent, index) => brokerDisk(index + 1, percent)));
/** Full, by a newest point that is an hour ahead. */
const diskAhead = (brokerId: number) => {
  const disk = brokerDisk(brokerId, 85);
  return { ...disk, lastHour: disk.lastHour.map(({ atMs, value }) => ({ atMs: atMs + hourMs, value })) };
};
const running = storageOperation(0, { state: 'UPDATE_IN_PROGRESS' });
const { endedAtMs: _ended, ...underWay } = running;

test.each<[string, Partial<StorageObservation>, string, string]>([
  ['C5: the fullest broker over 80 % expands', {}, 'expand', 'above-threshold'],
  ['C5: at 80 % exactly it does not', { disks: disks(60, 80, 70) }, 'none', 'under-threshold'],
  ['C5: just over 80 % it does', { disks: disks(60, 80.01, 70) }, 'expand', 'above-threshold'],
  ['an unknown cluster is left alone', { cluster: notKnown('denied') }, 'hold', 'unknown'],
  ['unknown auto scaling is left alone', { autoScaling: notKnown('denied') }, 'hold', 'unknown'],
  ['unknown operations are left alone', { operations: notKnown('throttled') }, 'hold', 'unknown'],
  ['unknown disks are left alone', { disks: notKnown('timed-out') }, 'hold', 'unknown'],
  ['a volume that MSK does not name is left alone', { cluster: known(omitVolume()) }, 'hold', 'unknown'],
  [
    'one silent broker makes the disks unknown, however full the others are',
    { disks: known([brokerDisk(1, 95), brokerDisk(2, 95), { brokerId: 3, lastHour: [], lastDay: [] }]) },
    'hold',
    'unknown',
  ],
  [
    'a datapoint older than 10 minutes says nothing of now',
    { disks: known([1, 2, 3].map((id) => ({ ...brokerDisk(id, 90), lastHour: aged(11) }))) },
    'hold',
    'unknown',
  ],
  [
    'a value that is no percentage is unknown',
    {
      disks: known([1, 2, 3].map((id) => ({ ...brokerDisk(id, 90), lastHour: [{ atMs: noonMs, value: Number.NaN }] }))),
    },
    'hold',
    'unknown',
  ],
  ['a broker that is not listed is unknown', { disks: disks(85, 85) }, 'hold', 'unknown'],
  ['Express is refused', { cluster: known(clusterStorage({ kind: 'express' })) }, 'refuse', 'is-express'],
  ['Serverless is refused', { cluster: known(clusterStorage({ kind: 'serverless' })) }, 'refuse', 'is-serverless'],
  [
    'Serverless is refused even where nothing else is known',
    { cluster: known(clusterStorage({ kind: 'serverless' })), disks: notKnown('x'), operations: notKnown('x') },
    'refuse',
    'is-serverless',
  ],
  ['an auto scaling policy is stood back from', autoScaled(1, ['grow']), 'refuse', 'auto-scaled'],
  ['a scalable target without a policy is stood back from', autoScaled(1, []), 'refuse', 'auto-scaled'],
  ['a policy without a target is stood back from', autoScaled(0, ['grow']), 'refuse', 'auto-scaled'],
  ...['HEALING', 'MAINTENANCE', 'REBOOTING_BROKER', 'UPDATING', 'CREATING', 'DELETING', 'FAILED', 'NEW_STATE'].map(
    (state): [string, Partial<StorageObservation>, string, string] => [
      `a cluster that is ${state} accepts no update`,
      { cluster: known(clusterStorage({ state })) },
      'hold',
      'not-active',
    ],
  ),
  ['a running operation in the history holds', { operations: known([underWay]) }, 'hold', 'operation-running'],
  [
    'a state of an operation that is new to us has not ended',
    { operations: known([{ ...underWay, state: 'UPDATE_THINKING' }]) },
    'hold',
    'operation-running',
  ],
  [
    'an active operation that the history does not show yet holds',
    { cluster: known(clusterStorage({ activeOperationArn: 'arn:x' })) },
    'hold',
    'operation-running',
  ],
  ['6.8: 5 h 59 min after a storage change it is locked', locked(5.98), 'hold', 'storage-locked'],
  ['6.8: 6 h after it may be tried', locked(6), 'expand', 'above-threshold'],
  ['6.8: until 24 h it may be tried', locked(23.9), 'expand', 'above-threshold'],
  ['6.8: after 24 h it is free', locked(24), 'expand', 'above-threshold'],
  [
    'a failed storage change locks like one that succeeded',
    { operations: known([storageOperation(1, { state: 'UPDATE_FAILED' })]) },
    'hold',
    'storage-locked',
  ],
  [
    'an operation of another kind locks nothing',
    { operations: known([storageOperation(1, { type: 'UPDATE_BROKER_TYPE' })]) },
    'expand',
    'above-threshold',
  ],
  ['a storage change of which MSK gives no time is unknown', { operations: known([timeless()]) }, 'hold', 'unknown'],
  [
    'a disk that fell under the threshold needs nothing, locked or not',
    { disks: disks(60, 60, 60), operations: known([storageOperation(1)]) },
    'none',
    'under-threshold',
  ],
  [
    'a disk within the threshold is looked at again while its own alarm, whose newest point may be newer, still fires',
    { disks: disks(60, 60, 60), alarmsFiring: known(['disk']) },
    'hold',
    'alarm-not-over',
  ],
  [
    'alarms that cannot be read are not over',
    { disks: disks(60, 60, 60), alarmsFiring: notKnown('denied') },
    'hold',
    'alarm-not-over',
  ],
  [
    'an alarm that still fires after an hour of room is no reason to wait any longer',
    { disks: disks(60, 60, 60), alarmsFiring: known(['disk']), memory: { holdCount: 9, calmCount: 6 } },
    'none',
    'under-threshold',
  ],
  [
    'a volume that somebody else raised meanwhile is said',
    { disks: disks(60, 60, 60), memory: { holdCount: 0, firstVolumeGiB: 400 } },
    'none',
    'volume-raised',
  ],
  [
    'a disk that is still too full after somebody else raised it is locked',
    { operations: known([storageOperation(0.1)]), memory: { holdCount: 0, firstVolumeGiB: 400 } },
    'hold',
    'storage-locked',
  ],
  ['MSK’s refusal "storage is optimizing" holds', refused(1, 29), 'hold', 'storage-optimizing'],
  ['half an hour after the first refusal it is tried again', refused(1, 30), 'expand', 'above-threshold'],
  ['after the second it is an hour', refused(2, 59), 'hold', 'storage-optimizing'],
  ['four hours are the longest pause', refused(20, 239), 'hold', 'storage-optimizing'],
  ['and then it is tried again', refused(20, 240), 'expand', 'above-threshold'],
  ['a refusal that is still to come holds nothing: MSK says it again', refused(1, -3), 'expand', 'above-threshold'],
  ['a storage change that ended two minutes ahead is of MSK’s clock', locked(-1 / 30), 'hold', 'storage-locked'],
  ['one that ends in an hour, or in a year, is unknown', locked(-1), 'hold', 'unknown'],
  ['and so is one of the year 9999', locked(-(Date.UTC(9999, 0) - noonMs) / hourMs), 'hold', 'unknown'],
  [
    'a datapoint that is still to come says nothing of now',
    { disks: known([1, 2, 3].map(diskAhead)) },
    'hold',
    'unknown',
  ],
  ['C5: at 1 TB a broker nothing grows', { cluster: volume(1000) }, 'hold', 'at-maximum'],
  ['a step below MSK’s 10 GiB is the maximum, too', { cluster: volume(991) }, 'hold', 'at-maximum'],
  ['C5: the last step ends at the maximum', { cluster: volume(950) }, 'expand', 'above-threshold-not-covered'],
])('%s', (_name, more, action, reason) => {
  const planned = plan(more);
  expect(planned).toMatchObject({ action, reason });
  expect(planned.message.length).toBeGreaterThan(20);
});

test('the unknown is named', () => {
  expect(plan({ operations: notKnown('kafka:ListClusterOperationsV2: denied') })).toMatchObject({
    message: expect.stringContaining('kafka:ListClusterOperationsV2: denied'),
    evidence: { unknown: expect.stringContaining('operations') },
  });
});

test('a hold for the unknown backs off from one minute to thirty', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 6, 500].map((holdCount) => {
    const planned = plan({ disks: notKnown('x'), memory: { holdCount } });
    return planned.action === 'hold' ? (planned.lookAgainAtMs - noonMs) / minuteMs : undefined;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
});

test('a lock is looked at again at its end, and every half hour until then', () => {
  expect(plan(locked(5.9))).toMatchObject({ lookAgainAtMs: noonMs + 0.1 * hourMs });
  expect(plan(locked(1))).toMatchObject({ lookAgainAtMs: noonMs + 30 * minuteMs });
});

test('a held lock says how long it will surely last and perhaps', () => {
  expect(plan(locked(2))).toMatchObject({
    message: expect.stringMatching(/2026-01-14 16:00 UTC at least, and perhaps until 2026-01-15 10:00 UTC/),
    evidence: { lock: 'held', usedPercent: 85, volumeGiB: 500, fullestBroker: 2 },
  });
});

test('the act carries sizes and the version it was planned from', () => {
  expect(plan({})).toMatchObject({
    action: 'expand',
    fromGiB: 500,
    toGiB: 600,
    currentVersion: 'KTVPDKIKX0DER',
    covers: 'yes',
    evidence: { usedPercent: 85, thresholdPercent: 80, toGiB: 600, neededGiB: 532, growthGiBPerHour: 0 },
  });
});

test('without six hours of history growth is unknown, and that is said', () => {
  expect(plan({ disks: known([1, 2, 3].map((id) => youngDisk(id, 85))) })).toMatchObject({
    action: 'expand',
    covers: 'unknown',
    message: expect.stringContaining('unknown'),
  });
});

test('C: 75 % counts after 30 minutes, however it was woken', () => {
  const c = { ...policy, scaling: { diskUsedPercent: { warning: 75, warningForMinutes: 30 } } };
  const rising = (minutesOver: number) =>
    known(
      [1, 2, 3].map((id) => ({
        ...brokerDisk(id, 76),
        lastHour: samples(76, 0, 1, 1).map((one) =>
          one.atMs < noonMs - minutesOver * minuteMs ? { ...one, value: 74 } : one,
        ),
      })),
    );
  expect(plan({ disks: rising(29) }, c)).toMatchObject({ action: 'hold', reason: 'not-long-enough' });
  expect(plan({ disks: rising(30) }, c)).toMatchObject({ action: 'expand' });
});

test('B names no share at which storage grows: refused, and said which key to set', () => {
  expect(planStorageScaling(storageObservation(), { scaling: {} }, noonMs)).toMatchObject({
    action: 'refuse',
    reason: 'no-threshold',
    message: expect.stringContaining('policy.scaling.diskUsedPercent'),
  });
});

test('D grows at 70 %, its milder number', () => {
  const d = { scaling: { diskUsedPercent: { warning: 70, critical: 80 } } };
  expect(planStorageScaling(storageObservation({ disks: disks(60, 71, 60) }), d, noonMs)).toMatchObject({
    action: 'expand',
    evidence: { thresholdPercent: 70 },
  });
});

function volume(volumeGiB: number) {
  return known(clusterStorage({ volumeGiB }));
}
function omitVolume() {
  const { volumeGiB: _volume, ...rest } = clusterStorage();
  return rest;
}
function aged(minutes: number) {
  return samples(90, 0, 1, 1).map(({ atMs, value }) => ({ atMs: atMs - minutes * minuteMs, value }));
}
function autoScaled(targetCount: number, policyNames: string[]): Partial<StorageObservation> {
  return { autoScaling: known({ targetCount, policyNames }) };
}
function locked(endedHoursAgo: number): Partial<StorageObservation> {
  return { operations: known([storageOperation(endedHoursAgo)]) };
}
function timeless() {
  const { startedAtMs: _started, endedAtMs: _ended, ...rest } = storageOperation(1);
  return rest;
}
function refused(count: number, minutesAgo: number): Partial<StorageObservation> {
  return { memory: { holdCount: 0, optimizing: { count, lastAtMs: noonMs - minutesAgo * minuteMs } } };
}
