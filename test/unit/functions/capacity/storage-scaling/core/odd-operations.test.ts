import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClusterStorage } from '../../../../../../functions/capacity/storage-scaling/core/observation.ts';
import { planStorageScaling } from '../../../../../../functions/capacity/storage-scaling/core/plan.ts';
import { known } from '../../../../../../shared/core/known.ts';
import type { MskOperation } from '../../../../../../shared/core/msk-model.ts';
import { hourMs } from '../../../../../../shared/core/units.ts';
import { cases } from '../../../../../support/depth.ts';
import {
  brokerDisk,
  clusterStorage,
  noonMs,
  storageObservation,
  storageOperation,
} from '../../../../../support/storage-scaling/storage-scaling.ts';

const policy = { scaling: { diskUsedPercent: { warning: 80 } }, storage: { stepGiB: 100, maxVolumeGiB: 1000 } };
const plan = (operations: readonly MskOperation[], cluster: Partial<ClusterStorage> = {}) =>
  planStorageScaling(
    storageObservation({ operations: known(operations), cluster: known(clusterStorage(cluster)) }),
    policy,
    noonMs,
  );

/** One that MSK tells nothing good of, begun so many hours ago. */
const strange = (hoursAgo: number, more: Partial<MskOperation> = {}): MskOperation => ({
  arn: 'arn:op:1',
  type: 'SECURITY_PATCHING',
  state: 'PARKED',
  startedAtMs: noonMs - hoursAgo * hourMs,
  ...more,
});

test('an operation in a state that nobody knows holds, and its state is told', () => {
  expect(plan([strange(2)])).toMatchObject({
    action: 'hold',
    reason: 'operation-running',
    message: expect.stringMatching(/SECURITY_PATCHING \(arn:op:1\) is in state PARKED, which mskeeper does not know/),
  });
});

test('after a day it holds no more while MSK calls the cluster idle, and the plan says what was odd', () => {
  expect(plan([strange(25)])).toMatchObject({
    action: 'expand',
    message: expect.stringMatching(/Odd: SECURITY_PATCHING .* PARKED.* taken for over/),
  });
  expect(plan([strange(25)], { activeOperationArn: 'arn:op:1' })).toMatchObject({ action: 'hold' });
  expect(plan([strange(25)], { state: 'UPDATING' })).toMatchObject({ action: 'hold', reason: 'not-active' });
});

test.each([
  [1, /ACTIVE\.(?! The same)/],
  [3, /ACTIVE\. The same of 2 more\./],
])('of %d that are taken for over the first is told, and how many more there are', (count, end) => {
  const operations = Array.from({ length: count }, (_, index) => strange(25, { arn: `arn:op:${index}` }));
  expect(plan(operations)).toMatchObject({ action: 'expand', message: expect.stringMatching(end) });
});

test('one that MSK calls running holds however old it is', () => {
  expect(plan([strange(500, { state: 'UPDATE_IN_PROGRESS' })])).toMatchObject({ reason: 'operation-running' });
});

test('one of which MSK tells neither state nor time holds, and is named by what is known', () => {
  expect(plan([{}])).toMatchObject({
    action: 'hold',
    message: expect.stringContaining('an operation of no type (without an ARN) is in no state'),
  });
});

test('one of no type may have been of storage: it locks like one', () => {
  const { type: _untold, ...ended } = storageOperation(2);
  expect(plan([ended])).toMatchObject({ action: 'hold', reason: 'storage-locked' });
  const { endedAtMs: _end, startedAtMs: _start, ...timeless } = ended;
  expect(plan([timeless])).toMatchObject({ action: 'hold', reason: 'unknown' });
});

test('an empty operation of the cluster would be none, and a cluster without a version takes no update', () => {
  const { currentVersion: _none, ...unversioned } = clusterStorage();
  const seen = storageObservation({ cluster: known(unversioned) });
  expect(planStorageScaling(seen, policy, noonMs)).toMatchObject({
    action: 'hold',
    reason: 'unknown',
    message: expect.stringContaining('version'),
  });
});

test('a broker that MSK lists without its id is a disk that nobody knows, however many others there are', () => {
  const named = [1, 2, 3].map((id) => brokerDisk(id, 85));
  const seen = storageObservation({ disks: known([...named, { lastHour: [], lastDay: [] }]) });
  expect(planStorageScaling(seen, policy, noonMs)).toMatchObject({
    action: 'hold',
    reason: 'unknown',
    message: expect.stringContaining('broker without an id'),
  });
});

test('no entry of the history, however odd, lets a plan through that its readable form would hold back', () => {
  const word = fc.option(fc.constantFrom('UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'PENDING', 'PARKED'), {
    nil: undefined,
  });
  const hoursAgo = fc.option(fc.integer({ min: -2, max: 60 }), { nil: undefined });
  const odd = fc.record({
    type: fc.constantFrom(undefined, 'BROKER_UPDATE', 'INCREASE_BROKER_STORAGE'),
    state: word,
    began: hoursAgo,
    ended: hoursAgo,
  });
  fc.assert(
    fc.property(odd, ({ type, state, began, ended }) => {
      const operation: MskOperation = {
        ...(type !== undefined && { type }),
        ...(state !== undefined && { state }),
        ...(began !== undefined && { startedAtMs: noonMs - began * hourMs }),
        ...(ended !== undefined && { endedAtMs: noonMs - ended * hourMs }),
      };
      if (plan([operation]).action !== 'expand') return;
      const isEnded = ended !== undefined || state === 'UPDATE_COMPLETE';
      // Taken for over without an end only where MSK calls it by no word that means running, for more than a day.
      if (!isEnded) expect([state === 'PARKED' || state === undefined, (began ?? 0) > 24]).toEqual([true, true]);
      if (isEnded && type !== 'BROKER_UPDATE') expect(ended ?? began).toBeGreaterThanOrEqual(6);
    }),
    cases(2_000, 50_000),
  );
});
