import { expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { input, scale } from '../../../../support/storage-scaling/scale.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

test('an act whose answer is lost is found by its operation, and not made again', async () => {
  const storage = openStorageWorld();
  const { applyStorage } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    applyStorage: async (version: string, volumeGiB: number) => {
      await applyStorage(version, volumeGiB);
      throw new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer');
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded', toGiB: 600 });
  expect(storage.world.updates).toHaveLength(1);
});

test('a plan that waited for a quarter of an hour, for an audit that could not be read, is made anew', async () => {
  const storage = openStorageWorld();
  const { act } = storage.ports;
  let asked = 0;
  const ports: typeof storage.ports = {
    ...storage.ports,
    act: async (request) => {
      asked += 1;
      if (storage.run.nowMs() < noonMs + 20 * minuteMs) {
        return { decision: 'stopped', reason: 'audit-unknown', message: 'The audit of the cause cannot be read.' };
      }
      storage.world.usedGiB = () => 200;
      return act(request);
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'nothing-to-do' });
  expect(asked).toBeGreaterThan(3);
  expect(storage.world.updates).toEqual([]);
});

test('an act of which nobody can say whether it happened is asked about for hours, then a person is paged', async () => {
  const storage = openStorageWorld();
  storage.world.failing.set('applyStorage', new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer'));
  expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'outcome-unknown' });
  const [hours = 0] = [(storage.run.nowMs() - noonMs) / hourMs];
  expect([hours > 3, hours < 24]).toEqual([true, true]);
  // Where the world is looked at anew, nothing of the plan before it can be under way any more.
  const calls = storage.world.updates.map(({ atMs }) => atMs);
  const pauses = calls.slice(1).map((atMs, index) => atMs - (calls[index] ?? 0));
  expect(pauses.filter((pauseMs) => pauseMs >= 18 * minuteMs)).toHaveLength(storage.causes().length - 1);
  expect(storage.world.told.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
});
