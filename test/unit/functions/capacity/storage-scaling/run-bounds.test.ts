import { expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

const input = { version: 1, cluster: 'orders', episode: 7, openedAtMs: noonMs, openedBy: 'alarm disk' } as const;

/** Lambda allows 3,000 durable operations an execution. */
const mostOperations = 3_000;

/** Worlds in which nothing ever comes to an end. */
const endless: readonly (readonly [string, (storage: StorageWorld) => void])[] = [
  ['the cluster heals for ever', ({ world }) => Object.assign(world, { state: 'HEALING' })],
  ['storage optimizes for ever', ({ world }) => Object.assign(world, { lockedUntilMs: Number.POSITIVE_INFINITY })],
  ['the kill switch stays on', ({ switches }) => Object.assign(switches, { killSwitch: 'on' })],
  ['every change fails', ({ world }) => Object.assign(world, { willFail: true })],
  ['an operation never ends', ({ world }) => Object.assign(world, { operationMs: 30 * dayMs })],
  [
    'the disk fills as fast as the volumes grow',
    ({ world }) => Object.assign(world, { usedGiB: () => world.volumeGiB * 0.95 }),
  ],
  [
    'the disks are unknown every other time',
    (storage) => {
      const { fetchDisks } = storage.ports;
      let looks = 0;
      Object.assign(storage.ports, {
        fetchDisks: async (atMs: number, forMinutes: number) => {
          looks += 1;
          if (looks % 2 === 0) throw new DependencyError('cloudwatch:GetMetricData', 'throttled', 'throttled');
          return fetchDisks(atMs, forMinutes);
        },
      });
      Object.assign(storage.world, { state: 'HEALING' });
    },
  ],
];

test.each(endless)('%s: the run ends within seven days and Lambda’s operations', async (_name, arrange) => {
  const storage = openStorageWorld({ maxVolumeGiB: 16_384 });
  arrange(storage);
  const result = await scaleStorage(input, storage.run.durable, storage.ports);
  expect(['unfinished', 'refused']).toContain(result.outcome);
  expect(storage.run.nowMs() - noonMs).toBeLessThanOrEqual(7 * dayMs + 2 * hourMs);
  // A wait, a step and a poll are one each.
  expect(storage.run.operations.length).toBeLessThan(mostOperations / 2);
  expect(storage.world.told.filter(({ severity }) => severity === 'critical').length).toBeGreaterThan(0);
});

test('a look is small, whatever it saw: the history keeps judgements, no series', async () => {
  const storage = openStorageWorld({ mode: 'plan' });
  const kept: string[] = [];
  const { durable } = storage.run;
  const spying = {
    ...durable,
    step: async <Value>(name: string, run: () => Promise<Value>) => {
      const value = await durable.step(name, run);
      kept.push(JSON.stringify(value) ?? '');
      return value;
    },
  };
  await scaleStorage(input, spying, storage.ports);
  expect(Math.max(...kept.map(({ length }) => length))).toBeLessThan(4_000);
});

test('the same world gives the same run, step by step', async () => {
  const names: string[][] = [];
  for (const _time of [1, 2]) {
    const storage = openStorageWorld();
    storage.world.lockedUntilMs = noonMs + 90 * minuteMs;
    await scaleStorage(input, storage.run.durable, storage.ports);
    names.push([...storage.run.operations]);
  }
  expect(names[0]).toEqual(names[1]);
});
