import { expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import { planNotice } from '../../../../../shared/telling/notice.ts';
import { input, scale } from '../../../../support/storage-scaling/scale.ts';
import { noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

test('people who could not be told of a hold are told at the next look', async () => {
  const storage = openStorageWorld();
  storage.world.operations.push(storageOperation(1));
  storage.world.failing.set('notify', new DependencyError('sns:Publish', 'denied', 'denied'));
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: (atMs, forMinutes) => {
      if (atMs > noonMs + hourMs) storage.world.failing.delete('notify');
      return fetchDisks(atMs, forMinutes);
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
  expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['storage-locked', 'expanded']);
  expect(storage.run.transitions.map(({ to }) => to)).toContain('not-told');
});

test('people who cannot be told do not stop the act, but fail the run at its end', async () => {
  const storage = openStorageWorld();
  storage.world.failing.set('notify', new DependencyError('sns:Publish', 'denied', 'denied'));
  await expect(scale(storage)).rejects.toMatchObject({ message: expect.stringContaining('sns:Publish') });
  expect(storage.world.volumeGiB).toBe(600);
});

test.each<[string, (storage: StorageWorld) => unknown]>([
  ['an approval', ({ world }) => world],
  ['a retention cut', ({ world }) => Object.assign(world, { usedGiB: () => 490 })],
  ['a lock', ({ world }) => world.operations.push(storageOperation(1))],
  ['a refusal', ({ world }) => Object.assign(world, { autoScaling: { targetCount: 1, policyNames: ['grow'] } })],
])('what people read and type after %s reaches them as it was written', async (_name, arrange) => {
  const approval = { isRequired: true, timeoutMinutes: 30, mayInitiatorApprove: false };
  const storage = openStorageWorld({ approval, maxVolumeGiB: 530 });
  arrange(storage);
  await scale(storage);
  for (const told of storage.world.told) {
    const frame = { cluster: 'orders', procedure: 'storage-scaling', runId: 'run', runbook: 'docs', contacts: [] };
    const { message } = planNotice({ ...told, ...frame });
    expect(JSON.parse(message).email).toContain(told.headline);
    expect(JSON.parse(message).email).not.toContain('\\u{');
  }
  expect(storage.world.told.length).toBeGreaterThan(0);
});
