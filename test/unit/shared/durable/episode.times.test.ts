import { describe, expect, test } from 'vitest';
import { InvalidEventError } from '../../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../../shared/core/units.ts';
import {
  type EpisodeDocument,
  episodeInput,
  type RunStatus,
  startEpisode,
} from '../../../../shared/durable/episode.ts';

const noonMs = Date.UTC(2026, 0, 14, 12);
const far = [noonMs + 2 * minuteMs + 1, noonMs + 3 * minuteMs, noonMs + 365 * dayMs, Date.UTC(9999, 0)];
const before: EpisodeDocument = {
  version: 1,
  episode: 7,
  openedAtMs: noonMs - hourMs,
  openedBy: 'alarm disk',
  configuration: 'reviewed-1',
};

/** An account in which one run's name stands as `status` says, and every other is unknown. */
function openAccount(document: EpisodeDocument, status: RunStatus) {
  const account = { document, nowMs: noonMs, status, started: [] as { name: string; input: unknown }[] };
  const wake = (wakeId?: string) =>
    startEpisode(
      'orders',
      'storage-scaling',
      { openedBy: 'ada', isProven: true, ...(wakeId !== undefined && { wakeId }) },
      {
        configuration: 'reviewed-1',
        nowMs: () => account.nowMs,
        fetchEpisode: async () => ({ value: account.document, etag: 'e' }),
        applyEpisode: async (next) => {
          account.document = next;
        },
        fetchRunStatus: async (name) => (name === 'orders-storage-scaling-7' ? account.status : 'ended'),
        fetchNewestRun: async () => undefined,
        applyStart: async (name, payload) => {
          account.started.push({ name, input: episodeInput.parse(JSON.parse(payload)) });
          return 'accepted';
        },
      },
    );
  return { account, wake };
}

describe('an episode that was opened at a time that is still to come', () => {
  test('is not started again under its own name: the next one is opened now, and it is said', async () => {
    for (const openedAtMs of far) {
      const { account, wake } = openAccount({ ...before, openedAtMs }, 'unknown');
      expect(await wake()).toEqual({
        outcome: 'started',
        executionName: 'orders-storage-scaling-8',
        episode: 8,
        wasOpenedAtMs: openedAtMs,
      });
      expect(account.started).toMatchObject([{ name: 'orders-storage-scaling-8', input: { openedAtMs: noonMs } }]);
      expect(account.document).toMatchObject({ episode: 8, openedAtMs: noonMs });
    }
  });

  test('is joined as long as Lambda says that it runs, and no longer', async () => {
    const { account, wake } = openAccount({ ...before, openedAtMs: Date.UTC(9999, 0) }, 'running');
    expect(await wake('w-1')).toMatchObject({ outcome: 'joined', episode: 7 });
    account.status = 'ended';
    expect(await wake('w-2')).toMatchObject({ outcome: 'started', episode: 8, wasOpenedAtMs: Date.UTC(9999, 0) });
  });

  test('by another clock, within two minutes, is as any other that is still to start', async () => {
    const { account, wake } = openAccount({ ...before, openedAtMs: noonMs + 2 * minuteMs }, 'unknown');
    expect(await wake()).toEqual({ outcome: 'started', executionName: 'orders-storage-scaling-7', episode: 7 });
    expect(account.document.episode).toBe(7);
  });
});

describe('signed wakes that counted at a time that is still to come', () => {
  const openersOf = (started: readonly { input: unknown }[]) =>
    started.map(({ input }) => episodeInput.parse(input).isOpenerProven === true);

  test('prove nobody for an hour from now, since nobody knows what counted, and then all is as ever', async () => {
    for (const atMs of far) {
      for (const odd of [{ wakes: [{ id: 'used', atMs }] }, { wakesLostAtMs: atMs }]) {
        const { account, wake } = openAccount({ ...before, ...odd }, 'ended');
        expect(await wake('used')).toMatchObject({ outcome: 'started', episode: 8 });
        expect(account.document).toMatchObject({ wakesLostAtMs: noonMs, wakes: [{ id: 'used', atMs: noonMs }] });
        await expect(wake('used')).rejects.toThrow(InvalidEventError);
        account.nowMs = noonMs + hourMs - 1;
        expect(await wake('new')).toMatchObject({ episode: 9 });
        account.nowMs = noonMs + hourMs;
        expect(await wake('newer')).toMatchObject({ episode: 10 });
        expect(openersOf(account.started)).toEqual([false, false, true]);
        expect(account.document).not.toHaveProperty('wakesLostAtMs');
      }
    }
  });

  test('keep nobody out, however many they are', async () => {
    const wakes = Array.from({ length: 100 }, (_, index) => ({ id: `forged ${index}`, atMs: Date.UTC(9999, 0) }));
    const { account, wake } = openAccount({ ...before, wakes }, 'running');
    expect(await wake('ada')).toMatchObject({ outcome: 'joined' });
    expect(account.document).toMatchObject({ wakes: [{ id: 'ada' }], wakesLostAtMs: noonMs });
  });
});
