import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import type { Durable } from '../../../../../shared/durable/durable.ts';
import { noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, refusedUpdate, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

const input = { version: 1, cluster: 'orders', episode: 7, openedAtMs: noonMs, openedBy: 'alarm disk' } as const;

/** Every key of every evidence in it named anew: to code that looks for one it is gone. */
const renamed = <Value>(value: Value): Value => {
  if (value === undefined) return value;
  const rename = (key: string, item: object): object =>
    key === 'evidence' ? Object.fromEntries(Object.entries(item).map(([name, one]) => [`_${name}`, one])) : item;
  return JSON.parse(JSON.stringify(value, rename));
};

/** What the run's steps gave back, with other evidence than its flows know. */
const withOtherEvidence = (durable: Durable): Durable => ({
  ...durable,
  step: async (name, run) => renamed(await durable.step(name, run)),
});

/** All that a run did and said, but for the evidence that it showed. */
const deedsOf = async (open: () => StorageWorld, change: (durable: Durable) => Durable) => {
  const storage = open();
  const result = await scaleStorage(input, change(storage.run.durable), storage.ports);
  const { world, run } = storage;
  return {
    result,
    operations: run.operations,
    endedAtMs: run.nowMs(),
    updates: world.updates,
    acts: storage.switches.told.map(({ cause, target, end }) => [cause, target, end?.decision]),
    told: world.told.map(({ kind, severity, headline, findings }) => [
      kind,
      severity,
      headline,
      findings.map(({ check, subject, reason, message }) => [check, subject, reason, message]),
    ]),
    ended: world.ended,
    planCount: world.plans.length,
  };
};

const fills = (giBPerHour: number) => (atMs: number) => Math.min(500, 425 + ((atMs - noonMs) / hourMs) * giBPerHour);

const worlds: readonly (readonly [string, () => StorageWorld])[] = [
  ['an enlargement, watched and verified', () => openStorageWorld()],
  ['mode plan', () => openStorageWorld({ mode: 'plan' })],
  [
    'an alarm that hangs after the change',
    () => {
      const storage = openStorageWorld();
      storage.world.isAlarmStuck = true;
      return storage;
    },
  ],
  [
    'an alarm that hangs over a calm disk',
    () => {
      const storage = openStorageWorld();
      Object.assign(storage.world, { isAlarmStuck: true, usedGiB: () => 200 });
      return storage;
    },
  ],
  [
    'the maximum, told again as the time to full shrinks',
    () => {
      const storage = openStorageWorld({ maxVolumeGiB: 500 });
      storage.world.usedGiB = fills(5);
      return storage;
    },
  ],
  [
    'a lock while the disk fills',
    () => {
      const storage = openStorageWorld();
      storage.world.operations.push(storageOperation(1));
      storage.world.usedGiB = fills(4);
      return storage;
    },
  ],
  [
    'the kill switch',
    () => {
      const storage = openStorageWorld();
      storage.switches.killSwitch = 'on';
      storage.world.usedGiB = fills(5);
      return storage;
    },
  ],
  [
    'auto scaling',
    () => {
      const storage = openStorageWorld();
      storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
      return storage;
    },
  ],
  [
    'a refusal of MSK',
    () => {
      const storage = openStorageWorld();
      storage.world.failing.set('applyStorage', refusedUpdate('other'));
      return storage;
    },
  ],
  [
    'a change that fails',
    () => {
      const storage = openStorageWorld();
      storage.world.willFail = true;
      return storage;
    },
  ],
];

describe('evidence is for people: a run decides the same without a key of it', () => {
  test.each(worlds)('%s', async (_what, open) => {
    const plain = await deedsOf(open, (durable) => durable);
    expect(await deedsOf(open, withOtherEvidence)).toEqual(plain);
    expect(plain.operations.length).toBeGreaterThan(1);
  });
});
