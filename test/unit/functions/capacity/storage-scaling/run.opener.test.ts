import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ports } from '../../../../../functions/capacity/storage-scaling/ports.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import type { EpisodeInput } from '../../../../../shared/durable/episode.ts';
import { cases } from '../../../../support/depth.ts';
import type { Said } from '../../../../support/durable/proof.ts';
import { input, noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import { approverAda, onCall, openStorageWorld } from '../../../../support/storage-scaling/world.ts';

const approval = { isRequired: true, timeoutMinutes: 30, mayInitiatorApprove: false };
const mallory = onCall('mallory');
const yes = (by: string): Said => ({ decision: 'approved', by });

/** A run that somebody started, of which mallory alone says yes, as often as she is asked. */
async function invoke(
  claimed: EpisodeInput,
  executionName: string,
  change: (storage: ReturnType<typeof openStorageWorld>) => Partial<Ports> | undefined = () => undefined,
  answer: () => Said = () => yes(mallory),
) {
  const storage = openStorageWorld({ approval, run: { executionName, answer } });
  const ports = { ...storage.ports, ...change(storage) };
  const result = await scaleStorage(claimed, storage.run.durable, ports);
  return { ...storage, result };
}

describe('whoever may invoke the run', () => {
  const own = 'orders-storage-scaling-7';

  test('that an intake started needs one yes, of whom its document says that he did not open it', async () => {
    expect((await invoke(input, own)).result).toMatchObject({ outcome: 'expanded' });
  });

  test.each<[string, EpisodeInput, string, Parameters<typeof invoke>[2]?]>([
    ['says that an alarm opened another episode', { ...input, episode: 8 }, 'orders-storage-scaling-8'],
    ['says that it was opened at another time', { ...input, openedAtMs: noonMs - 1 }, own],
    ['says that another alarm opened it', { ...input, openedBy: 'alarm disks' }, own],
    ['takes the input of the episode for a run of his own', input, 'by-hand'],
    ['comes when the document is gone', input, own, ({ world }) => void Object.assign(world, { episode: undefined })],
    [
      'says that it was proven, and the document does not',
      input,
      own,
      ({ world }) => void Object.assign(world, { opened: { ...world.opened, isOpenerProven: undefined } }),
    ],
  ])('and %s cannot be the one who approves it', async (_what, claimed, name, change) => {
    const { result, world, run } = await invoke(claimed, name, change);
    expect(result).toMatchObject({ outcome: 'not-approved', reason: 'unproven' });
    expect(world.updates).toEqual([]);
    expect(run.requests[0]).toMatchObject({ isInitiatorProven: false, yesesNeeded: 2 });
    expect(world.told[0]?.headline).toMatch(/Nobody knows who set it going, since .* 2 different people have to/);
  });

  test('with a claim of his own needs two other people, and then it acts once', async () => {
    const answers = [yes(mallory), yes(mallory), yes(onCall('carol'))];
    const { result, world } = await invoke(input, 'by-hand', undefined, () => answers.shift() ?? yes(mallory));
    expect(result).toMatchObject({ outcome: 'expanded' });
    expect(world.updates).toHaveLength(1);
  });

  test('is told of by the name of his run, which has requests of its own', async () => {
    const { run, world } = await invoke(input, 'By_Hand');
    expect(run.requests[0]?.id).toMatch(/^orders-storage-scaling-7-[0-9a-f]{12}-1$/);
    expect(world.told[0]?.headline).toContain('the run is called By_Hand, and no intake starts one');
    expect(world.told[0]?.headline).toContain(`approve orders ${run.requests[0]?.id} and`);
  });
});

describe('a document that cannot be read', () => {
  const failure = (kind: 'denied' | 'bad-answer' | 'throttled') => new DependencyError('s3:GetObject', kind, kind);
  const unreadOnce = (times: number, kind: Parameters<typeof failure>[0]) => {
    let asked = 0;
    return ({ ports, run }: ReturnType<typeof openStorageWorld>): Partial<Ports> => ({
      fetchEpisode: async () => {
        if (!run.operations.at(-1)?.startsWith('step own episode')) return ports.fetchEpisode();
        asked += 1;
        if (asked <= times) throw failure(kind);
        return ports.fetchEpisode();
      },
    });
  };

  test('for a moment is read again, and one yes is enough', async () => {
    const { result, run } = await invoke(input, 'orders-storage-scaling-7', unreadOnce(3, 'throttled'));
    expect(result).toMatchObject({ outcome: 'expanded' });
    expect(run.requests).toMatchObject([{ isInitiatorProven: true, yesesNeeded: 1 }]);
  });

  test.each(['denied', 'bad-answer'] as const)('(%s) vouches for nobody, and the call is named', async (kind) => {
    const { result, world } = await invoke(input, 'orders-storage-scaling-7', unreadOnce(100, kind));
    expect(result).toMatchObject({ outcome: 'not-approved' });
    expect(world.updates).toEqual([]);
    expect(world.told[0]?.headline).toContain(`could not be read (s3:GetObject: ${kind})`);
  });

  test('is asked for at the next request, and what was said by then counts', async () => {
    const { result, run } = await invoke(input, 'orders-storage-scaling-7', unreadOnce(1, 'denied'));
    expect(result).toMatchObject({ outcome: 'expanded' });
    expect(run.requests).toMatchObject([{ yesesNeeded: 2 }]);
  });
});

test('what people heard before is not said again where the document says that they did, and else it is', async () => {
  const quiet = { sinceMs: noonMs - hourMs, names: ['notify hold storage-locked'] };
  const told = async (executionName: string) => {
    const { world } = await invoke({ ...input, quiet }, executionName, (storage) => {
      storage.world.operations.push(storageOperation(5));
      Object.assign(storage.world.opened, { quiet });
      return {};
    });
    return world.told.map(({ findings }) => findings[0]?.reason);
  };
  expect(await told('orders-storage-scaling-7')).not.toContain('storage-locked');
  expect(await told('by-hand')).toContain('storage-locked');
});

const claims = fc.record({
  version: fc.constant(1 as const),
  cluster: fc.constant('orders'),
  episode: fc.constantFrom(1, 6, 7, 8, 999),
  openedAtMs: fc.constantFrom(noonMs, noonMs - 1, noonMs + 1, noonMs - minuteMs),
  openedBy: fc.constantFrom('alarm disk', 'forecast', 'alarm', approverAda, mallory),
  isOpenerProven: fc.constant(true as const),
});
const names = fc.constantFrom('by-hand', ...[1, 6, 7, 8, 999].map((episode) => `orders-storage-scaling-${episode}`));
const openers = fc.record({
  episode: fc.constantFrom(undefined, 6, 7, 8),
  openedBy: fc.constantFrom('alarm disk', 'forecast', mallory, approverAda),
  isOpenerProven: fc.constantFrom(true as const, undefined),
});

test('whatever the input claims, no single person who invoked the run both opens and approves', async () => {
  await fc.assert(
    fc.asyncProperty(claims, names, openers, async (claimed, name, { episode, openedBy, isOpenerProven }) => {
      // The intake's own run is there, or was: its name with its bytes joins it, and starts none.
      const isTheIntakes =
        name === `orders-storage-scaling-${episode}` &&
        claimed.episode === episode &&
        claimed.openedAtMs === noonMs &&
        claimed.openedBy === openedBy &&
        isOpenerProven === true;
      const { world } = await invoke(claimed, name, (storage) => {
        const opened = { openedAtMs: noonMs, openedBy, ...(isOpenerProven && { isOpenerProven }) };
        return void Object.assign(storage.world, { episode, opened });
      });
      const mayBeOne = isTheIntakes && openedBy !== mallory;
      expect(world.updates.length === 0 || mayBeOne).toBe(true);
    }),
    cases(150, 10_000),
  );
});
