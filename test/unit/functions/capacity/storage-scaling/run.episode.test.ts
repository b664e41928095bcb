import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findForgery } from '../../../../../functions/capacity/storage-scaling/core/superseded.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

describe('a newer episode', () => {
  test('ends the run at its next look, whatever it waits for, and is told once, to people and the bus', async () => {
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
    expect(storage.world.told.map(({ kind, severity, findings }) => [kind, severity, findings[0]?.reason])).toEqual([
      ['fault', 'critical', 'at-maximum'],
      ['notice', 'notice', 'superseded'],
    ]);
    expect(storage.world.told.at(-1)?.headline).toMatch(/^Episode 8 of storage scaling took the place of episode 7/);
    expect(storage.world.told.at(-1)).toMatchObject({
      findings: [{ check: 'episode', reason: 'superseded', evidence: { episode: 7, newestEpisode: 8 } }],
    });
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

describe('a newer episode that no intake can have opened', () => {
  const superseded = async (episode: number, newest: object) => {
    const storage = openStorageWorld();
    Object.assign(storage.world, { episode, newest });
    expect(await scale(storage)).toMatchObject({ outcome: 'superseded' });
    expect(storage.world.updates).toEqual([]);
    return storage;
  };

  test.each<[string, number, object, string]>([
    ['jumps', 999, {}, 'its number jumps from 7 to 999'],
    ['is of the future', 8, { openedAtMs: noonMs + dayMs }, 'it was opened in the future (2026-01-15 12:00 UTC)'],
    [
      'is older than the one before',
      8,
      { openedAtMs: noonMs - hourMs },
      'it was opened before the one that it follows',
    ],
    ['has no run', 8, { isStarted: false }, 'no run of its name was started'],
  ])('since it %s: people hear at once that it looks forged', async (_why, episode, newest, words) => {
    const { world } = await superseded(episode, newest);
    expect(world.told).toMatchObject([{ kind: 'fault', severity: 'critical', findings: [{ reason: 'looks-forged' }] }]);
    expect(world.told[0]?.headline).toContain(`that looks forged: ${words}`);
  });

  test('is not told so of one whose run Lambda only shows after some minutes', async () => {
    const storage = openStorageWorld();
    const { fetchNewest } = storage.ports;
    storage.world.episode = 8;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchNewest: async (arn) => {
        const newest = await fetchNewest(arn);
        return newest && { ...newest, isStarted: storage.run.nowMs() > noonMs + 5 * minuteMs };
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'superseded' });
    expect(storage.world.told).toMatchObject([{ findings: [{ reason: 'superseded' }] }]);
  });

  test.each([
    ['is gone a moment later', undefined],
    ['cannot be read a moment later', new DependencyError('s3:GetObject', 'bad-answer', 'damaged')],
  ])('or whose document %s', async (_what, failure) => {
    const storage = openStorageWorld();
    storage.world.episode = 8;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchNewest: async () => {
        if (failure !== undefined) throw failure;
        return undefined;
      },
    };
    await scaleStorage(input, storage.run.durable, ports);
    expect(storage.world.told).toMatchObject([{ findings: [{ reason: 'looks-forged' }] }]);
  });

  test.each(['denied', 'timed-out'] as const)(
    'is not told so of one that could not be read (%s): the call is named, and nobody is paged',
    async (failure) => {
      const storage = openStorageWorld();
      storage.world.episode = 8;
      const fetchNewest = async () => {
        throw new DependencyError('lambda:ListDurableExecutionsByFunction', failure, failure);
      };
      await scaleStorage(input, storage.run.durable, { ...storage.ports, fetchNewest });
      expect(storage.world.told).toMatchObject([{ severity: 'warning', findings: [{ reason: 'superseded-unread' }] }]);
      expect(storage.world.told[0]?.headline).toContain(`lambda:ListDurableExecutionsByFunction: ${failure}`);
    },
  );

  test('is every one whose number or times are odd, and none that an intake counted', () => {
    const own = { episode: 7, openedAtMs: noonMs };
    const newest = fc.record({
      episode: fc.integer({ min: 8, max: 2_000_000_000 }),
      openedAtMs: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
      isStarted: fc.boolean(),
    });
    fc.assert(
      fc.property(newest, fc.integer({ min: 0, max: 8 * dayMs }), (one, laterMs) => {
        const nowMs = noonMs + laterMs;
        const isSound =
          one.isStarted &&
          one.episode <= 17 &&
          one.openedAtMs >= noonMs - 2 * minuteMs &&
          one.openedAtMs <= nowMs + 2 * minuteMs;
        expect(findForgery(own, one, nowMs).length === 0).toBe(isSound);
      }),
    );
  });
});

test('an episode of another cluster is refused', async () => {
  const { run, ports } = openStorageWorld();
  await expect(scaleStorage({ ...input, cluster: 'other' }, run.durable, ports)).rejects.toThrow(/serves orders/);
});
