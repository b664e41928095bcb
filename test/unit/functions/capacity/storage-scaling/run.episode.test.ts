import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import { input, scale } from '../../../../support/storage-scaling/scale.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

describe('a newer episode', () => {
  test('ends the run at its next look, whatever it waits for, without a word', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs > noonMs + hourMs) Object.assign(storage.world, { episode: input.episode + 1 });
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'superseded' });
    expect(storage.world.told).toHaveLength(1);
    expect(storage.run.nowMs()).toBeLessThan(noonMs + 3 * hourMs);
  });

  test('between the look and the act lets nothing happen', async () => {
    const storage = openStorageWorld();
    const { act } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      act: (request) => {
        storage.world.episode = input.episode + 1;
        return act(request);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'superseded' });
    expect(storage.world.updates).toEqual([]);
  });

  test('that cannot be read lets nothing happen either, and one that is this one or older is none', async () => {
    const unread = openStorageWorld();
    unread.world.failing.set('fetchEpisode', new DependencyError('s3:GetObject', 'denied', 'denied'));
    expect(await scale(unread)).toMatchObject({ outcome: 'unfinished' });
    expect(unread.world.updates).toEqual([]);
    for (const episode of [input.episode, 1]) {
      const storage = openStorageWorld();
      storage.world.episode = episode;
      expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    }
  });
});

test('an episode of another cluster is refused', async () => {
  const { run, ports } = openStorageWorld();
  await expect(scaleStorage({ ...input, cluster: 'other' }, run.durable, ports)).rejects.toThrow(/serves orders/);
});
