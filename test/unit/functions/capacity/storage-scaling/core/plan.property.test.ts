import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateIncident } from '../../../../../../functions/capacity/storage-scaling/core/incident.ts';
import type {
  BrokerDisk,
  StorageObservation,
} from '../../../../../../functions/capacity/storage-scaling/core/observation.ts';
import { judgeStorage, planStorageScaling } from '../../../../../../functions/capacity/storage-scaling/core/plan.ts';
import { known, notKnown } from '../../../../../../shared/core/known.ts';
import { hourMs, minuteMs } from '../../../../../../shared/core/units.ts';
import { cases } from '../../../../../support/depth.ts';
import { noonMs, samples, storageOperation } from '../../../../../support/storage-scaling/storage-scaling.ts';

const orUnknown = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(
    { weight: 9, arbitrary: value.map(known) },
    { weight: 1, arbitrary: fc.constant(notKnown('as the test has it')) },
  );

const disk = (brokerId: number): fc.Arbitrary<BrokerDisk> =>
  fc
    .record({
      percent: fc.double({ min: 50, max: 100, noNaN: true }),
      percentPerHour: fc.oneof(fc.constant(0), fc.double({ min: -2, max: 3, noNaN: true })),
      dayHours: fc.constantFrom(0, 5, 7, 24, 24, 24, 24, 24),
      hourHours: fc.constantFrom(0.5, 1),
      isSilent: fc.nat(20).map((one) => one === 0),
    })
    .map(({ percent, percentPerHour, dayHours, hourHours, isSilent }) => {
      const clamp = (points: ReturnType<typeof samples>) =>
        points.map(({ atMs, value }) => ({ atMs, value: Math.min(100, value) }));
      return {
        brokerId,
        lastHour: isSilent ? [] : clamp(samples(percent, percentPerHour, hourHours, 1)),
        lastDay: isSilent ? [] : clamp(samples(percent, percentPerHour, dayHours, 5)),
      };
    });

const operation = fc
  .record({
    hoursAgo: fc.double({ min: 0, max: 48, noNaN: true }),
    type: fc.constantFrom('INCREASE_BROKER_STORAGE', 'UPDATE_STORAGE', 'UPDATE_BROKER_TYPE'),
    state: fc.constantFrom('UPDATE_COMPLETE', 'UPDATE_FAILED', 'UPDATE_IN_PROGRESS', 'PENDING'),
    isEnded: fc.boolean(),
  })
  .map(({ hoursAgo, type, state, isEnded }) => {
    const { endedAtMs, ...rest } = storageOperation(hoursAgo, { type, state });
    return isEnded && endedAtMs !== undefined ? { ...rest, endedAtMs } : rest;
  });

const observation: fc.Arbitrary<StorageObservation> = fc.record({
  cluster: orUnknown(
    fc
      .record({
        state: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'HEALING', 'UPDATING'),
        kind: fc.constantFrom('standard', 'standard', 'standard', 'express', 'serverless'),
        currentVersion: fc.constant('V1'),
        brokerCount: fc.constant(3),
        volumeGiB: fc.oneof(fc.integer({ min: 1, max: 16_384 }), fc.integer({ min: 100, max: 1200 })),
        hasActive: fc.constantFrom(false, false, false, true),
      })
      .map(({ hasActive, ...cluster }) => (hasActive ? { ...cluster, activeOperationArn: 'arn:x' } : cluster)),
  ),
  autoScaling: orUnknown(
    fc.constantFrom(
      { targetCount: 0, policyNames: [] },
      { targetCount: 0, policyNames: [] },
      { targetCount: 1, policyNames: ['grow'] },
    ),
  ),
  operations: orUnknown(fc.oneof(fc.constant([]), fc.array(operation, { maxLength: 3 }))),
  disks: orUnknown(fc.tuple(disk(1), disk(2), disk(3))),
  alarmsFiring: orUnknown(fc.constantFrom<readonly string[]>([], ['disk'])),
  memory: fc.record({ holdCount: fc.nat(2000) }),
});

const policies = fc.record({
  scaling: fc.record({ diskUsedPercent: fc.record({ warning: fc.integer({ min: 1, max: 99 }) }) }),
  storage: fc.record({ stepGiB: fc.integer({ min: 1, max: 500 }), maxVolumeGiB: fc.integer({ min: 50, max: 16_384 }) }),
});

test('whatever is seen: never smaller, never above either maximum, never on the unknown, the locked or the wrong', () => {
  let expansions = 0;
  fc.assert(
    fc.property(observation, policies, (seen, policy) => {
      const plan = planStorageScaling(seen, policy, noonMs);
      if (plan.action === 'hold') expect(plan.lookAgainAtMs).toBeGreaterThan(noonMs);
      if (plan.action === 'hold') expect(plan.lookAgainAtMs - noonMs).toBeLessThanOrEqual(30 * minuteMs);
      if (plan.action !== 'expand') return;
      expansions += 1;
      const { cluster, autoScaling, operations, disks } = seen;
      if (!cluster.isKnown || !autoScaling.isKnown || !operations.isKnown || !disks.isKnown) throw new Error('unknown');
      const { volumeGiB = Number.NaN, state, kind, activeOperationArn, currentVersion } = cluster.value;
      expect({ state, kind, activeOperationArn }).toEqual({
        state: 'ACTIVE',
        kind: 'standard',
        activeOperationArn: undefined,
      });
      expect(plan.currentVersion).toBe(currentVersion);
      expect(plan.fromGiB).toBe(volumeGiB);
      expect(plan.toGiB).toBeGreaterThanOrEqual(volumeGiB + 10);
      expect(plan.toGiB).toBeLessThanOrEqual(Math.min(policy.storage.maxVolumeGiB, 16_384));
      expect(Number.isInteger(plan.toGiB)).toBe(true);
      expect(autoScaling.value).toEqual({ targetCount: 0, policyNames: [] });
      for (const { type = '', state: operationState = '', startedAtMs, endedAtMs } of operations.value) {
        expect(endedAtMs !== undefined || /COMPLETE|FAILED/.test(operationState)).toBe(true);
        const sinceMs = noonMs - (endedAtMs ?? startedAtMs ?? noonMs);
        if (/STORAGE/.test(type)) expect(sinceMs).toBeGreaterThanOrEqual(6 * hourMs - 1);
      }
      const used = disks.value.map(({ lastHour }) => lastHour.at(-1)?.value ?? Number.NaN);
      expect(Math.max(...used)).toBeGreaterThan(policy.scaling.diskUsedPercent.warning);
    }),
    cases(3_000, 30_000),
  );
  expect(expansions).toBeGreaterThan(50);
});

test('whether it is an incident, and which, is never read out of the plan’s evidence or message', () => {
  let incidents = 0;
  fc.assert(
    fc.property(observation, policies, fc.constantFrom(undefined, 'kill-switch'), (seen, policy, stoppedBy) => {
      const limit = { diskUsedPercent: { ...policy.scaling.diskUsedPercent, warningForMinutes: 10 } };
      const judgement = judgeStorage(seen, { ...policy, scaling: limit }, noonMs);
      const bare = { ...judgement, plan: { ...judgement.plan, evidence: {}, message: '' } };
      const incident = evaluateIncident(judgement, noonMs, stoppedBy);
      const again = evaluateIncident(bare, noonMs, stoppedBy);
      const factsOf = (one: typeof incident) => one && { ...one, finding: { ...one.finding, evidence: {} } };
      expect(factsOf(again)).toEqual(factsOf(incident));
      if (incident !== undefined) incidents += 1;
    }),
    cases(5_000, 30_000),
  );
  expect(incidents).toBeGreaterThan(50);
});

test('a step covers 30 hours of growth on every broker, or says that it does not, or that nobody knows', () => {
  const seen = { yes: 0, no: 0, unknown: 0 };
  const ready = observation.map((one) => ({
    ...one,
    operations: known([]),
    autoScaling: known({ targetCount: 0, policyNames: [] }),
  }));
  fc.assert(
    fc.property(ready, policies, (one, policy) => {
      const plan = planStorageScaling(one, policy, noonMs);
      if (plan.action !== 'expand' || !one.disks.isKnown) return;
      seen[plan.covers] += 1;
      const days = one.disks.value.map(({ lastDay }) => lastDay);
      const isKnown = days.every((day) => day.length > 6 * 12);
      expect(plan.covers === 'unknown').toBe(!isKnown);
      if (!isKnown) return;
      // Every test disk rises steadily, so its rate is what its last hour shows.
      const then = days.map((day) => {
        const now = day.at(-1)?.value ?? Number.NaN;
        const rise = Math.max(0, ...day.slice(12).map(({ value }, index) => value - (day[index]?.value ?? value)));
        return ((now + rise * 30) * plan.fromGiB) / plan.toGiB;
      });
      const isWithin = Math.max(...then) <= policy.scaling.diskUsedPercent.warning + 1e-6;
      if (plan.covers === 'yes') expect(isWithin).toBe(true);
      if (plan.covers === 'no') expect(plan.toGiB).toBe(policy.storage.maxVolumeGiB);
    }),
    cases(3_000, 30_000),
  );
  expect(Math.min(seen.yes, seen.no, seen.unknown)).toBeGreaterThan(10);
});
