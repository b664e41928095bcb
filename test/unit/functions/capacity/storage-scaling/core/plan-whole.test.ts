import { describe, expect, test } from 'vitest';
import { evaluateIncident } from '../../../../../../functions/capacity/storage-scaling/core/incident.ts';
import type { StorageObservation } from '../../../../../../functions/capacity/storage-scaling/core/observation.ts';
import { judgeStorage } from '../../../../../../functions/capacity/storage-scaling/core/plan.ts';
import { planStep } from '../../../../../../functions/capacity/storage-scaling/core/step.ts';
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

/** Whole plans, field by field: what the audit, the bus and people get of each kind of answer. */
const policy = { scaling: { diskUsedPercent: { warning: 80 } }, storage: { stepGiB: 100, maxVolumeGiB: 1000 } };
const judge = (more: Partial<StorageObservation>, used = policy) =>
  judgeStorage(storageObservation(more), used, noonMs);
const plan = (more: Partial<StorageObservation>, used = policy) => judge(more, used).plan;

const disksAt = (percent: number, percentPerHour = 0) =>
  known([brokerDisk(1, 50), brokerDisk(2, percent, percentPerHour), brokerDisk(3, 40)]);
const numbers = { volumeGiB: 500, fullestBroker: 2, usedPercent: 85, thresholdPercent: 80 };
const stillWords =
  'How soon it is full is unknown: it does not fill now, or not within a year, or there is too little history.';

describe('a plan, whole', () => {
  test('room: the numbers, and that the alarm is over', () => {
    expect(plan({ disks: disksAt(61.2345) })).toEqual({
      action: 'none',
      reason: 'under-threshold',
      message: 'The fullest data disk, broker 2, is 61.2 % full, within 80 %.',
      evidence: { ...numbers, usedPercent: 61.23, lock: 'free', isAlarmOver: true },
      isAlarmOver: true,
    });
  });

  test('room that somebody else made', () => {
    expect(plan({ disks: disksAt(60), memory: { holdCount: 0, firstVolumeGiB: 400 } })).toMatchObject({
      reason: 'volume-raised',
      message: expect.stringContaining('raised from 400 to 500 GiB'),
    });
    expect(plan({ disks: disksAt(60), memory: { holdCount: 0, firstVolumeGiB: 500 } }).reason).toBe('under-threshold');
  });

  test.each([
    [undefined, 1],
    [3, 8],
    [5, 30],
  ])('room while its alarm fires, %d looks in a row: it is looked at again in %i min', (calmCount, minutes) => {
    const memory = { holdCount: 9, ...(calmCount !== undefined && { calmCount }) };
    expect(plan({ disks: disksAt(60), alarmsFiring: known(['disk-warning']), memory })).toMatchObject({
      action: 'hold',
      reason: 'alarm-not-over',
      message: expect.stringMatching(/But disk-warning still fires: it is looked at again\.$/),
      lookAgainAtMs: noonMs + minutes * minuteMs,
      evidence: { ...numbers, usedPercent: 60 },
    });
  });

  test('room while its alarm hangs, or cannot be read, says that it wakes nobody', () => {
    const memory = { holdCount: 9, calmCount: 6 };
    expect(plan({ disks: disksAt(60), alarmsFiring: known(['a', 'b']), memory })).toMatchObject({
      action: 'none',
      message: expect.stringMatching(/But a, b still fires, and wakes nobody before it was OK: look why\.$/),
      evidence: { isAlarmOver: false },
    });
    expect(plan({ disks: disksAt(60), alarmsFiring: notKnown('denied'), memory })).toMatchObject({
      message: expect.stringContaining('Whether its alarm still fires is unknown (denied)'),
    });
  });

  test.each([
    [30, 0, 5],
    [3, 0, 3],
    [3, 3, 8],
  ])('over for less than %i min: looked at again', (forMinutes, holdCount, minutes) => {
    const patient = { ...policy, scaling: { diskUsedPercent: { warning: 80, warningForMinutes: forMinutes } } };
    const burst = samples(85, 0, 1, 1).map((one) => (one.atMs < noonMs - minuteMs ? { ...one, value: 50 } : one));
    const disks = known([1, 2, 3].map((id) => ({ ...brokerDisk(id, 50), lastHour: burst })));
    expect(plan({ disks, memory: { holdCount } }, patient)).toEqual({
      action: 'hold',
      reason: 'not-long-enough',
      message: `Broker 1's data disk is over 80 %, but not for ${forMinutes} min yet.`,
      evidence: expect.objectContaining({ thresholdPercent: 80, forMinutes }),
      lookAgainAtMs: noonMs + minutes * minuteMs,
    });
  });

  const { endedAtMs: _ended, ...running } = storageOperation(0, { state: 'UPDATE_IN_PROGRESS' });
  test.each<[string, Partial<StorageObservation>, string, string, string]>([
    [
      'a state',
      { cluster: known(clusterStorage({ state: 'HEALING' })) },
      'not-active',
      'HEALING with state HEALING',
      '',
    ],
    [
      'an operation in the history',
      { operations: known([running]) },
      'operation-running',
      'ACTIVE with INCREASE_BROKER_STORAGE',
      'INCREASE_BROKER_STORAGE',
    ],
    [
      'an operation that the history does not show',
      { cluster: known(clusterStorage({ activeOperationArn: 'arn:x' })) },
      'operation-running',
      'ACTIVE with an operation under way',
      '',
    ],
  ])('busy by %s', (_name, more, reason, words, operation) => {
    const state = reason === 'not-active' ? 'HEALING' : 'ACTIVE';
    expect(plan({ ...more, disks: disksAt(85), memory: { holdCount: 2 } })).toEqual({
      action: 'hold',
      reason,
      message: `The cluster is ${words}: MSK accepts no storage change now. ${stillWords}`,
      evidence: { ...numbers, lock: 'free', state, operation },
      lookAgainAtMs: noonMs + 4 * minuteMs,
    });
  });

  test('locked: until when, for certain and perhaps', () => {
    expect(plan({ disks: disksAt(85), operations: known([storageOperation(2), storageOperation(30)]) })).toEqual({
      action: 'hold',
      reason: 'storage-locked',
      message: `Storage was changed lately: MSK refuses another change until 2026-01-14 16:00 UTC at least, and perhaps until 2026-01-15 10:00 UTC. ${stillWords}`,
      evidence: {
        ...numbers,
        lock: 'held',
        lockHeldUntilMs: noonMs + 4 * hourMs,
        lockUncertainUntilMs: noonMs + 22 * hourMs,
      },
      lookAgainAtMs: noonMs + 30 * minuteMs,
    });
  });

  test.each([
    [1, 0, 30],
    [2, 29, 30],
    [2, 45, 15],
    [3, 100, 20],
  ])('MSK refused %i times, %i min ago: tried again in %i min at most', (count, ago, minutes) => {
    const memory = { holdCount: 0, optimizing: { count, lastAtMs: noonMs - ago * minuteMs } };
    expect(plan({ disks: disksAt(85), memory })).toMatchObject({
      action: 'hold',
      reason: 'storage-optimizing',
      evidence: { ...numbers, lock: 'free', refusals: count },
      lookAgainAtMs: noonMs + minutes * minuteMs,
    });
  });

  test('at the maximum: no refusal, looked at again', () => {
    expect(
      plan({ cluster: known(clusterStorage({ volumeGiB: 1000 })), disks: disksAt(85), memory: { holdCount: 1 } }),
    ).toEqual({
      action: 'hold',
      reason: 'at-maximum',
      message:
        "Broker 2's data disk is 85 % full, over 80 %, and volumes of 1000 GiB are at the maximum that the policy or MSK allows.",
      evidence: { ...numbers, volumeGiB: 1000, lock: 'free' },
      lookAgainAtMs: noonMs + 2 * minuteMs,
    });
  });

  test('a step that lasts, with the pace that it was measured by', () => {
    expect(plan({ disks: disksAt(85, 0.5), operations: known([storageOperation(7)]) })).toEqual({
      action: 'expand',
      reason: 'above-threshold',
      message:
        "Broker 2's data disk is 85 % full, over 80 %: volumes grow from 500 to 625 GiB. That covers 30 h of growth at its 95th percentile. At its present pace broker 2's disk is full in 30 h.",
      fromGiB: 500,
      toGiB: 625,
      currentVersion: 'KTVPDKIKX0DER',
      covers: 'yes',
      thresholdPercent: 80,
      evidence: {
        ...numbers,
        fullFirstBroker: 2,
        hoursToFull: 30,
        paceGiBPerHour: 2.5,
        paceSeenHours: expect.any(Number),
        lock: 'uncertain',
        lockUncertainUntilMs: noonMs + 17 * hourMs,
        toGiB: 625,
        ceilingGiB: 1000,
        covers: 'yes',
        neededGiB: 625,
        growthGiBPerHour: 2.5,
      },
    });
  });

  test('a step that does not last, and one of which nobody knows', () => {
    expect(plan({ disks: disksAt(85, 5) })).toMatchObject({
      reason: 'above-threshold-not-covered',
      toGiB: 1000,
      covers: 'no',
      message: expect.stringMatching(
        /That does not cover 30 h of growth: 1469 GiB would keep the disk within 80 %, and 1000 GiB is the maximum\. At its present pace broker \d's disk is full in /,
      ),
    });
    const young = plan({ disks: known([1, 2, 3].map((id) => youngDisk(id, 85))) });
    expect(young).toMatchObject({ reason: 'above-threshold', covers: 'unknown', evidence: { covers: 'unknown' } });
    expect(young.evidence).not.toHaveProperty('neededGiB');
    expect(young.evidence).not.toHaveProperty('growthGiBPerHour');
  });

  test.each<[string, Partial<StorageObservation>, string]>([
    ['the cluster', { cluster: notKnown('denied') }, 'the state of the cluster: denied'],
    ['auto scaling', { autoScaling: notKnown('denied') }, 'whether auto scaling is set up: denied'],
    ['the operations', { operations: notKnown('denied') }, 'the operations of the cluster: denied'],
    ['the disks', { disks: notKnown('denied') }, 'how full the disks are: denied'],
    [
      'two silent brokers',
      { disks: known([brokerDisk(1, 50), ...[2, 3].map((id) => ({ ...brokerDisk(id, 50), lastHour: [] }))]) },
      'how full broker 2, 3 is: no usable datapoint of the last 10 min',
    ],
    [
      'a broker that is not listed',
      { disks: known([brokerDisk(1, 50)]) },
      'how full every broker is: 1 of 3 are listed',
    ],
  ])('nobody knows %s', (_name, more, unknown) => {
    expect(plan({ ...more, memory: { holdCount: 3 } })).toEqual({
      action: 'hold',
      reason: 'unknown',
      message: `Storage is left alone, since nobody knows ${unknown}.`,
      evidence: { unknown },
      lookAgainAtMs: noonMs + 8 * minuteMs,
    });
  });

  test.each<[string, Partial<StorageObservation>, object]>([
    ['Express', { cluster: known(clusterStorage({ kind: 'express' })) }, { kind: 'express' }],
    ['Serverless', { cluster: known(clusterStorage({ kind: 'serverless' })) }, { kind: 'serverless' }],
    [
      'auto scaling',
      { autoScaling: known({ targetCount: 1, policyNames: ['grow', 'more'] }) },
      { targetCount: 1, policies: 'grow, more' },
    ],
  ])('refused for %s', (_name, more, evidence) => {
    expect(plan(more)).toMatchObject({ action: 'refuse', evidence });
    expect(plan(more).message).toContain(_name === 'auto scaling' ? '(policy grow, more)' : _name);
  });

  test('refused for a scalable target that has no policy yet', () => {
    expect(plan({ autoScaling: known({ targetCount: 1, policyNames: [] }) })).toMatchObject({
      message: expect.stringContaining('already scales these volumes (a scalable target)'),
      evidence: { targetCount: 1, policies: '' },
    });
  });
});

describe('the edges of what is known', () => {
  test.each([
    [10 * minuteMs, 'none'],
    [10 * minuteMs + 1, 'hold'],
  ])('a point %i ms old: %s', (ageMs, action) => {
    const lastHour = [{ atMs: noonMs - ageMs, value: 50 }];
    expect(plan({ disks: known([1, 2, 3].map((id) => ({ ...brokerDisk(id, 50), lastHour }))) }).action).toBe(action);
  });

  test.each([
    [-0.001, 'hold'],
    [0, 'none'],
    [100, 'expand'],
    [100.001, 'hold'],
  ])('%d percent: %s', (value, action) => {
    const lastHour = [{ atMs: noonMs, value }];
    expect(plan({ disks: known([1, 2, 3].map((id) => ({ ...brokerDisk(id, 50), lastHour }))) }).action).toBe(action);
  });

  test('a day with a point that is no percentage is no history', () => {
    const lastDay = [{ atMs: noonMs - hourMs, value: 101 }, ...brokerDisk(1, 50).lastDay];
    expect(plan({ disks: known([1, 2, 3].map((id) => ({ ...brokerDisk(id, 50), lastDay }))) }).action).toBe('hold');
  });

  test.each([
    [6 * hourMs - 1, 'held'],
    [6 * hourMs, 'uncertain'],
    [24 * hourMs - 1, 'uncertain'],
    [24 * hourMs, 'free'],
  ])('%i ms after the last storage change the lock is %s', (agoMs, lock) => {
    const operations = known([storageOperation(0, { endedAtMs: noonMs - agoMs }), storageOperation(40)]);
    expect(plan({ operations }).evidence.lock).toBe(lock);
  });

  test('a change that ended without its time counts from its beginning', () => {
    const { endedAtMs: _ended, ...ended } = storageOperation(0, { startedAtMs: noonMs - 5 * hourMs });
    expect(plan({ operations: known([ended]) })).toMatchObject({
      reason: 'storage-locked',
      evidence: { lockHeldUntilMs: noonMs + hourMs },
    });
  });

  test.each([
    ['the day’s growth', 2, 0, 7.5],
    ['the present pace', 0, 2, 7.5],
    ['the faster of the two', 1, 3, 5],
  ])('hours to full go by %s', (_name, byDay, byHour, hoursToFull) => {
    const disks = [1, 2, 3].map((id) => ({ ...brokerDisk(id, 85, byDay), lastHour: samples(85, byHour, 1, 1) }));
    expect(plan({ disks: known(disks) }).evidence).toMatchObject({ hoursToFull });
  });

  test('the broker that is full first is told, though another is fuller', () => {
    const disks = known([brokerDisk(1, 90, 0.1), brokerDisk(2, 70, 9), brokerDisk(3, 85, 1)]);
    const judged = judge({ disks, operations: known([storageOperation(2)]) });
    expect(judged.plan.evidence).toMatchObject({ fullestBroker: 1, fullFirstBroker: 2, hoursToFull: 3.33 });
    expect(evaluateIncident(judged, noonMs)).toMatchObject({
      finding: { subject: 'broker 2', sources: ['cloudwatch', 'msk'] },
      // Broker 2 holds 350 of the 400 GiB that it may, and 45 GiB more each hour until storage is surely unlocked in 22 h.
      space: { brokerId: 2, usedGiB: 350, wantedGiB: 350 + 22 * 45 - 500 },
    });
  });
});

describe('an incident', () => {
  const filling = (percentPerHour: number) => known([1, 2, 3].map((id) => brokerDisk(id, 85, percentPerHour)));

  test.each([
    [2.5, undefined, undefined],
    [2.51, 'full-before-help', 6],
  ])('busy, and filling by %d points an hour: %s', (percentPerHour, reason, hoursUntilHelp) => {
    const judged = judge({ cluster: known(clusterStorage({ state: 'HEALING' })), disks: filling(percentPerHour) });
    const found = evaluateIncident(judged, noonMs);
    // Full in 6 h exactly is as late as help.
    expect(found?.finding.reason).toBe(percentPerHour === 2.5 ? 'full-before-help' : reason);
    expect(found?.finding.evidence.hoursUntilHelp).toBe(hoursUntilHelp ?? 6);
  });

  test('after MSK’s own refusal the lock’s surest end is the help, and without a lock nobody knows better than 6 h', () => {
    const memory = { holdCount: 0, optimizing: { count: 1, lastAtMs: noonMs } };
    const uncertain = judge({ disks: filling(1), operations: known([storageOperation(7)]), memory });
    expect(evaluateIncident(uncertain, noonMs)?.finding).toMatchObject({
      reason: 'full-before-help',
      evidence: { hoursUntilHelp: 17, hoursToFull: 15 },
    });
    const free = judge({ disks: filling(1), memory });
    expect(evaluateIncident(free, noonMs)).toBeUndefined();
  });

  test('a lock that may still be held is no reason to wait for longer than for what holds the step now', () => {
    const busy = { cluster: known(clusterStorage({ state: 'HEALING' })), operations: known([storageOperation(7)]) };
    expect(evaluateIncident(judge({ ...busy, disks: filling(1) }), noonMs)).toBeUndefined();
    expect(evaluateIncident(judge({ ...busy, disks: filling(2.5) }), noonMs)?.finding.evidence.hoursUntilHelp).toBe(6);
  });

  test('the door that stops the step is named, and gives it 6 hours', () => {
    const slow = judge({ disks: filling(1) });
    expect(evaluateIncident(slow, noonMs, 'kill-switch')).toBeUndefined();
    const roomy = { ...policy, storage: { stepGiB: 100, maxVolumeGiB: 4000 } };
    const fast = judge({ disks: filling(3) }, roomy);
    expect(evaluateIncident(fast, noonMs)).toBeUndefined();
    expect(evaluateIncident(fast, noonMs, 'kill-switch')?.finding).toMatchObject({
      reason: 'full-before-help',
      severity: 'critical',
      message: expect.stringMatching(/But the last attempt was stopped \(kill-switch\)\.$/),
      evidence: { hoursUntilHelp: 6 },
    });
  });
});

describe('a step at the edges', () => {
  const disk = (usedPercent: number, percentPerHour = 0) => ({
    brokerId: 1,
    usedPercent,
    lastHour: [],
    growth: { percentPerHour, seenHours: 24 },
  });
  const step = (volumeGiB: number, stepGiB: number, maxVolumeGiB: number, used = 81) =>
    planStep({ volumeGiB, disks: [disk(used)] }, { storage: { stepGiB, maxVolumeGiB } }, 80)?.toGiB;

  test.each([
    ['the least step is 10 GiB', step(95, 1, 1000, 1), 105],
    ['the least target is 101 GiB', step(90, 1, 1000, 1), 101],
    ['the ceiling leaves 10 GiB', step(990, 100, 1000), 1000],
    ['the ceiling leaves less', step(990.5, 100, 1000), undefined],
    ['the ceiling is MSK’s least target', step(50, 1, 101), 101],
    ['the ceiling is below it', step(50, 1, 100), undefined],
    ['a part of a GiB is rounded up', step(1001, 1, 2000, 1), 1102],
  ])('%s', (_name, toGiB, expected) => {
    expect(toGiB).toBe(expected);
  });

  test('a threshold of nothing can never be kept', () => {
    expect(planStep({ volumeGiB: 500, disks: [disk(1)] }, {}, 0)).toEqual({
      toGiB: 1000,
      ceilingGiB: 1000,
      covers: 'no',
      growthGiBPerHour: 0,
    });
  });
});
