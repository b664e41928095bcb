import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateIncident } from '../../../../../../functions/capacity/storage-scaling/core/incident.ts';
import type { StorageObservation } from '../../../../../../functions/capacity/storage-scaling/core/observation.ts';
import { judgeStorage } from '../../../../../../functions/capacity/storage-scaling/core/plan.ts';
import { known, notKnown } from '../../../../../../shared/core/known.ts';
import { cases } from '../../../../../support/depth.ts';
import {
  brokerDisk,
  clusterStorage,
  noonMs,
  samples,
  storageObservation,
  storageOperation,
  youngDisk,
} from '../../../../../support/storage-scaling/storage-scaling.ts';

const policy = { scaling: { diskUsedPercent: { warning: 80 } }, storage: { stepGiB: 100, maxVolumeGiB: 1000 } };
const incident = (more: Partial<StorageObservation>) =>
  evaluateIncident(judgeStorage(storageObservation(more), policy, noonMs), noonMs);

const filling = (percentPerHour: number) => known([1, 2, 3].map((id) => brokerDisk(id, 85, percentPerHour)));
const atMaximum = { cluster: known(clusterStorage({ volumeGiB: 1000 })) };
const locked = { operations: known([storageOperation(2)]) };

test.each<[string, Partial<StorageObservation>, string | undefined]>([
  [
    '6.8: the maximum is an incident, not silence',
    { cluster: known(clusterStorage({ volumeGiB: 1000 })) },
    'at-maximum',
  ],
  ['filling before the lock’s surest end (22 h) is one', { ...locked, disks: filling(1) }, 'full-before-help'],
  ['filling after it is none', { ...locked, disks: filling(0.5) }, undefined],
  ['locked and not filling is none', locked, undefined],
  ['a step that is clamped and does not last is one', { disks: filling(3) }, 'step-does-not-last'],
  ['a step that lasts is none', { disks: filling(0.2) }, undefined],
  ['a disk within the threshold is none', { disks: known([1, 2, 3].map((id) => brokerDisk(id, 50, 9))) }, undefined],
  [
    'a cluster that MSK heals while the disk fills within 6 h is one',
    { cluster: known(clusterStorage({ state: 'HEALING' })), disks: filling(3) },
    'full-before-help',
  ],
  [
    'room while its alarm still fires is none, however fast the disk fills',
    { disks: known([1, 2, 3].map((id) => brokerDisk(id, 60, 9))), alarmsFiring: known(['disk']) },
    undefined,
  ],
  [
    'a disk that fills within 6 h although auto scaling holds it is one',
    { autoScaling: known({ targetCount: 1, policyNames: ['grow'] }), disks: filling(3) },
    'full-before-help',
  ],
  [
    'a disk that auto scaling has time for is none',
    { autoScaling: known({ targetCount: 1, policyNames: ['grow'] }), disks: filling(1) },
    undefined,
  ],
  [
    'a disk within the threshold that auto scaling holds is none',
    {
      autoScaling: known({ targetCount: 1, policyNames: ['grow'] }),
      disks: known([1, 2, 3].map((id) => brokerDisk(id, 60, 9))),
    },
    undefined,
  ],
  [
    'a silent broker holds the step, and the others fill within 6 h all the same',
    { disks: known([brokerDisk(1, 85, 3), brokerDisk(2, 85, 3), { ...brokerDisk(3, 85), lastHour: [] }]) },
    'full-before-help',
  ],
  [
    'a silent broker beside disks with room is none',
    { disks: known([brokerDisk(1, 50, 9), brokerDisk(2, 50), { ...brokerDisk(3, 85), lastHour: [] }]) },
    undefined,
  ],
  ['what is unknown is none: it is told as unknown', { disks: known([]) }, undefined],
])('%s', (_name, more, reason) => {
  expect(incident(more)?.finding.reason).toBe(reason);
});

test('it is critical, with hours to full, the lock’s end and what must be freed', () => {
  expect(incident({ ...locked, disks: filling(3) })).toEqual({
    finding: expect.objectContaining({
      check: 'storage-capacity',
      subject: 'broker 1',
      severity: 'critical',
      message: expect.stringMatching(/full in 5 h.*2026-01-14 16:00 UTC at least/),
      evidence: expect.objectContaining({ hoursToFull: 5, hoursUntilHelp: 22, lock: 'held' }),
    }),
    hoursToFull: 5,
    // 15 GiB an hour for 22 h.
    space: { brokerId: 1, usedGiB: 425, wantedGiB: 425 + 22 * 15 - 500 },
  });
});

test('a step that does not last is told whole, and a stop is told only where there was one', () => {
  expect(incident({ disks: filling(3) })?.finding.message).toBe(
    "Broker 1's data disk is 85 % full. At its present pace broker 1's disk is full in 5 h. Broker 1's data disk is 85 % full, over 80 %: volumes grow from 500 to 1000 GiB. That does not cover 30 h of growth: 1094 GiB would keep the disk within 80 %, and 1000 GiB is the maximum.",
  );
});

test('a burst that fills the disk within the hour is none where a step that lasts is taken now', () => {
  const burst = known([1, 2, 3].map((id) => ({ ...brokerDisk(id, 85), lastHour: samples(85, 30, 1, 1) })));
  const judged = judgeStorage(storageObservation({ disks: burst }), policy, noonMs);
  expect(judged.plan).toMatchObject({ action: 'expand', covers: 'yes', evidence: { hoursToFull: 0.5 } });
  expect(evaluateIncident(judged, noonMs)).toBeUndefined();
  expect(evaluateIncident(judged, noonMs, 'kill-switch')?.finding.reason).toBe('full-before-help');
});

test('beside a silent broker it says who fills, and who is silent', () => {
  const disks = known([brokerDisk(1, 85, 3), brokerDisk(2, 60), { ...brokerDisk(3, 85), lastHour: [] }]);
  const seen = storageObservation({ disks });
  expect(judgeStorage(seen, policy, noonMs).plan).toMatchObject({ action: 'hold', reason: 'unknown' });
  expect(incident({ disks })?.finding.message).toMatch(
    /broker 1's disk is full in 5 h.*nobody knows how full broker 3 is/,
  );
});

/** A change that has ended, and of which MSK does not say when. */
const timeless = () => {
  const { startedAtMs: _started, endedAtMs: _ended, ...rest } = storageOperation(1);
  return rest;
};

test.each<[string, Partial<StorageObservation>, RegExp]>([
  [
    'operations are denied',
    { operations: notKnown('kafka:ListClusterOperationsV2: denied') },
    /full in 5 h.*nobody knows the operations of the cluster: kafka:ListClusterOperationsV2: denied/,
  ],
  [
    'one entry of the history is odd',
    { operations: known([timeless()]) },
    /full in 5 h.*nobody knows until when storage is locked: MSK does not say when INCREASE_BROKER_STORAGE/,
  ],
  [
    'one broker’s series failed',
    {
      disks: known([
        brokerDisk(1, 85, 3),
        brokerDisk(2, 60),
        { brokerId: 3, lastHour: [], lastDay: [], unread: 'failed series of broker 3' },
      ]),
    },
    /full in 5 h.*nobody knows how full broker 3 is: failed series of broker 3/,
  ],
])('where %s nothing is enlarged, and the disk that fills is told all the same', (_name, more, said) => {
  const seen = storageObservation({ disks: filling(3), ...more });
  expect(judgeStorage(seen, policy, noonMs).plan).toMatchObject({ action: 'hold', reason: 'unknown' });
  expect(evaluateIncident(judgeStorage(seen, policy, noonMs), noonMs)?.finding).toMatchObject({
    reason: 'full-before-help',
    message: expect.stringMatching(said),
  });
});

test.each([
  ['in five hours is none, since it grows in twenty minutes', 9, 3, undefined],
  ['in ten minutes is one', 9, 90, 'full-before-help'],
])('a burst by which the disk is full %s', (_name, minutesOver, percentPerHour, reason) => {
  const patient = { ...policy, scaling: { diskUsedPercent: { warning: 80, warningForMinutes: 30 } } };
  const burst = [1, 2, 3].map((id) => ({
    ...youngDisk(id, 85),
    lastHour: samples(85, percentPerHour, 0.5, 1).map((one) =>
      one.atMs < noonMs - minutesOver * 60_000 ? { ...one, value: Math.min(79, one.value) } : one,
    ),
  }));
  const judged = judgeStorage(storageObservation({ disks: known(burst) }), patient, noonMs);
  expect(judged.plan.reason).toBe('not-long-enough');
  expect(evaluateIncident(judged, noonMs)?.finding.reason).toBe(reason);
});

test.each([
  [0.0001, 'How soon it is full is unknown'],
  [0.125, 'full in 5 days'],
])('a rise of %d percent points an hour is said in words that can be read: %s', (percentPerHour, words) => {
  const slow = incident({ cluster: known(clusterStorage({ volumeGiB: 1000 })), disks: filling(percentPerHour) });
  expect(slow?.finding.message).toContain(words);
});

test('a short history still tells hours to full, by the pace of its minutes', () => {
  const young = [1, 2, 3].map((id) => ({ ...youngDisk(id, 85), lastHour: samples(85, 60, 4 / 60, 1) }));
  expect(incident({ ...locked, disks: known(young) })?.finding.evidence).toMatchObject({ hoursToFull: 0.25 });
});

test('at the maximum without growth, hours to full are said to be unknown', () => {
  const still = incident({ cluster: known(clusterStorage({ volumeGiB: 1000 })) });
  expect(still?.finding.message).toContain('How soon it is full is unknown');
  expect(still?.finding.evidence).not.toHaveProperty('hoursUntilHelp');
});

test.each<[string, Partial<StorageObservation>, string | undefined, number]>([
  [
    'locked, by what is written until the lock’s surest end',
    { ...locked, disks: filling(2) },
    undefined,
    425 + 220 - 500,
  ],
  ['stopped, by what is written in 6 h', { disks: filling(4) }, 'kill-switch', 425 + 120 - 500],
  ['at the maximum, by what is written in 30 h', { ...atMaximum, disks: filling(1) }, undefined, 850 + 300 - 1000],
  ['at the maximum and not filling, by the threshold', { ...atMaximum }, undefined, 50],
  ['a step that does not last holds more than is there, so by the threshold', { disks: filling(3) }, undefined, 25],
  ['a step that does not last and is full within 30 h', { disks: filling(6) }, undefined, 425 + 900 - 1000],
])('what must be freed is told: %s', (_name, more, stoppedBy, wantedGiB) => {
  const judged = judgeStorage(storageObservation(more), policy, noonMs);
  expect(evaluateIncident(judged, noonMs, stoppedBy)?.space.wantedGiB).toBeCloseTo(wantedGiB);
});

test('where the disk is full before help, the space that is wanted is more than none and is enough until then', () => {
  const disk = fc.record({
    usedPercent: fc.double({ min: 50, max: 100, noNaN: true }),
    percentPerHour: fc.double({ min: 0, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.tuple(disk, disk, disk), fc.integer({ min: 0, max: 23 }), (disks, lockedHoursAgo) => {
      const seen = storageObservation({
        disks: known(disks.map((one, index) => brokerDisk(index + 1, one.usedPercent, one.percentPerHour))),
        operations: known([storageOperation(lockedHoursAgo)]),
      });
      const judged = judgeStorage(seen, policy, noonMs);
      const found = evaluateIncident(judged, noonMs);
      if (found?.finding.reason !== 'full-before-help') return;
      const { brokerId, usedGiB, wantedGiB } = found.space;
      const percentPerHour = judged.facts?.disks.find((one) => one.brokerId === brokerId)?.filling?.percentPerHour ?? 0;
      const writtenGiB = 5 * percentPerHour * Number(found.finding.evidence.hoursUntilHelp);
      expect(usedGiB - wantedGiB + writtenGiB).toBeLessThanOrEqual(500 + 1);
      if (usedGiB + writtenGiB > 500 + 1) expect(wantedGiB).toBeGreaterThan(0);
    }),
    cases(200, 5_000),
  );
});
