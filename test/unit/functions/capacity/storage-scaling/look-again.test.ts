import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LastRun, lookAgainAtMs } from '../../../../../functions/capacity/storage-scaling/core/look-again.ts';
import { outcomes, type StorageScalingResult } from '../../../../../functions/capacity/storage-scaling/core/model.ts';
import type { Spoken } from '../../../../../functions/capacity/storage-scaling/core/spoken.ts';
import { takeIn } from '../../../../../functions/capacity/storage-scaling/intake.ts';
import type { IntakePorts } from '../../../../../functions/capacity/storage-scaling/intake-ports.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { type EpisodeDocument, episodeInput } from '../../../../../shared/durable/episode.ts';
import { configurationNameOf } from '../../../../../shared/durable/own-configuration.ts';
import { proveByName } from '../../../../support/durable/proof.ts';
import { input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

const watch = { kind: 'schedule', scope: 'watch' } as const;
const alarm = 'mskeeper/orders/storage-scaling/disk/warning';
type Last = NonNullable<Awaited<ReturnType<IntakePorts['fetchLastRun']>>>;

/** An intake beside a world: each run that it starts is played to its end, and is the last one then. */
function openIntake(storage: StorageWorld, last?: Last) {
  const started: string[] = [];
  const seen = {
    ...{ last, nowMs: noonMs, beats: 0, changedAtMs: noonMs - hourMs },
    state: 'ALARM' as 'ALARM' | 'OK',
    spoken: [] as Spoken[],
  };
  let document: EpisodeDocument | undefined = last && {
    version: 1,
    episode: last.episode,
    openedAtMs: noonMs - 2 * hourMs,
    openedBy: alarm,
  };
  const ports: IntakePorts = {
    cluster: 'orders',
    clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/6f8a2c1e-0000-4000-8000-000000000000-2',
    configuration: configurationNameOf(storage.ports.configuration.configuration),
    nowMs: () => seen.nowMs,
    fetchEpisode: async () => document && { value: document, etag: 'a' },
    applyEpisode: async (next) => {
      document = next;
    },
    fetchRunStatus: async () => (seen.last?.isRunning === true ? 'running' : 'ended'),
    fetchNewestRun: async () => undefined,
    killSwitch: '/mskeeper/kill-switch',
    fetchSwitchVersions: async () => [],
    fetchExecution: async () => undefined,
    proveCaller: proveByName,
    fetchAlarms: async () => [{ name: alarm, state: seen.state, changedAtMs: seen.changedAtMs }],
    fetchLastRun: async () => seen.last,
    noteScheduledRun: () => {
      seen.beats += 1;
    },
    applyStart: async (name, payload) => {
      started.push(name);
      const input = episodeInput.parse(JSON.parse(payload));
      storage.run.advance(Math.max(0, seen.nowMs - storage.run.nowMs()));
      const durable = { ...storage.run.durable, executionName: name };
      const result = await scaleStorage(input, durable, { ...storage.ports, fetchEpisode: async () => document });
      const { outcome, quiet } = result;
      const heard = quiet && { quiet: { sinceMs: quiet.sinceMs, names: [...quiet.names] } };
      seen.last = { episode: input.episode, isRunning: false, endedAtMs: storage.run.nowMs(), outcome, ...heard };
      return 'accepted';
    },
    publish: async (spoken) => void seen.spoken.push(...spoken),
  };
  return { ports, started, seen };
}

const lastOf = (outcome?: StorageScalingResult['outcome'], more: Partial<Last> = {}): Last => ({
  episode: 4,
  isRunning: false,
  endedAtMs: noonMs - 10 * minuteMs,
  ...(outcome !== undefined && { outcome }),
  ...more,
});

describe('an hour’s wake-up', () => {
  test('of an alarm in ALARM whose event was lost opens an episode in its name, and leaves its heartbeat', async () => {
    const { ports, started, seen } = openIntake(openStorageWorld({ mode: 'plan' }));
    expect(await takeIn(watch, ports)).toMatchObject({ event: 'schedule', outcome: 'started', openedBy: alarm });
    expect(started).toEqual(['orders-storage-scaling-1']);
    expect(seen.beats).toBe(1);
  });

  test('of alarms that are over starts nothing, and leaves its heartbeat', async () => {
    const { ports, started, seen } = openIntake(openStorageWorld());
    seen.state = 'OK';
    expect(await takeIn(watch, ports)).toEqual({ event: 'schedule', outcome: 'noted' });
    expect([started, seen.beats]).toEqual([[], 1]);
  });

  test('beside a run under way starts nothing, whatever configuration that began with', async () => {
    const { ports, started } = openIntake(openStorageWorld(), lastOf(undefined, { isRunning: true }));
    expect(await takeIn(watch, { ...ports, configuration: 'reviewed-2' })).toMatchObject({ outcome: 'noted' });
    expect(started).toEqual([]);
  });

  test('of alarms that cannot be read, or of which nobody can say how they stand, fails and leaves no heartbeat', async () => {
    const { ports, seen } = openIntake(openStorageWorld());
    const fetchAlarms = async () => Promise.reject(new DependencyError('cloudwatch:DescribeAlarms', 'denied', 'no'));
    await expect(takeIn(watch, { ...ports, fetchAlarms })).rejects.toThrow('cloudwatch:DescribeAlarms');
    const unknown = async () => [{ name: alarm, state: 'unknown' as const }];
    await expect(takeIn(watch, { ...ports, fetchAlarms: unknown })).rejects.toThrow('no state that is known');
    expect(seen.beats).toBe(0);
  });

  test('after the alarm went into ALARM once more looks at once, however short ago a run ended', async () => {
    const { ports, started, seen } = openIntake(openStorageWorld({ mode: 'plan' }), lastOf('would-act'));
    expect(await takeIn(watch, ports)).toMatchObject({ outcome: 'noted' });
    seen.changedAtMs = noonMs - 5 * minuteMs;
    seen.state = 'OK';
    expect(await takeIn(watch, ports)).toMatchObject({ outcome: 'noted' });
    seen.state = 'ALARM';
    expect(await takeIn(watch, ports)).toMatchObject({ outcome: 'started' });
    expect(started).toEqual(['orders-storage-scaling-5']);
  });

  test('after a deploy looks at once: what stood against it may be gone', async () => {
    const { ports, started } = openIntake(openStorageWorld({ mode: 'plan' }), lastOf('would-act'));
    expect(await takeIn(watch, ports)).toMatchObject({ outcome: 'noted' });
    const document = await ports.fetchEpisode();
    const fetchEpisode = async () =>
      document && { ...document, value: { ...document.value, configuration: 'reviewed-0' } };
    expect(await takeIn(watch, { ...ports, fetchEpisode })).toMatchObject({ outcome: 'started' });
    expect(started).toEqual(['orders-storage-scaling-5']);
  });
});

describe('when it looks again', () => {
  test.each<[string, LastRun | undefined, number | undefined]>([
    ['at once where nothing ran yet', undefined, 0],
    ['not while a run is under way', { isRunning: true }, undefined],
    ['at once where the last run’s end is not known', { isRunning: false, outcome: 'refused' }, 0],
    ...outcomes.map((outcome): [string, LastRun, number] => [
      `after a run that ended ${outcome}`,
      { isRunning: false, endedAtMs: noonMs, outcome },
      noonMs + (['nothing-to-do', 'refused', 'other-configuration'].includes(outcome) ? 30 * minuteMs : dayMs),
    ]),
    ['a day after one that ended badly', { isRunning: false, endedAtMs: noonMs }, noonMs + dayMs],
  ])('%s', (_what, last, atMs) => {
    expect(lookAgainAtMs(last, [noonMs - hourMs], noonMs)).toBe(atMs);
    expect(lookAgainAtMs(last, [], noonMs)).toBe(atMs);
  });

  test('at once for an alarm that changed after the last run ended, whatever came of that', () => {
    for (const outcome of outcomes) {
      expect(lookAgainAtMs({ isRunning: false, endedAtMs: noonMs, outcome }, [noonMs + 1], noonMs)).toBe(0);
    }
  });
});

describe('a time that is still to come', () => {
  const far = [noonMs + 3 * minuteMs, noonMs + 365 * dayMs, Date.UTC(9999, 0)];

  test('of a run’s end keeps nobody from looking', () => {
    for (const endedAtMs of far) expect(lookAgainAtMs({ isRunning: false, endedAtMs }, [], noonMs)).toBe(0);
  });

  test('of an alarm’s change opens nothing by itself, and hides no other alarm’s', () => {
    const last: LastRun = { isRunning: false, endedAtMs: noonMs - hourMs, outcome: 'would-act' };
    for (const changedAtMs of far) {
      expect(lookAgainAtMs(last, [changedAtMs], noonMs)).toBe(noonMs - hourMs + dayMs);
      expect(lookAgainAtMs(last, [changedAtMs, noonMs - minuteMs], noonMs)).toBe(0);
    }
  });

  test('of the quiet is none: people hear all that the next run says, and are quiet about it then', async () => {
    for (const sinceMs of far) {
      const storage = openStorageWorld();
      storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
      const quiet = { sinceMs, names: ['notify refuse auto-scaled', 'event refuse auto-scaled'] };
      const { ports, seen } = openIntake(storage, lastOf('refused', { endedAtMs: noonMs - hourMs, quiet }));
      expect(await takeIn(watch, ports)).toMatchObject({ outcome: 'started' });
      expect(storage.world.told).toHaveLength(1);
      expect(seen.last?.quiet?.sinceMs).toBe(noonMs);
      // Nor does the run itself believe it, though its episode's document says the same.
      storage.world.opened = { ...storage.world.opened, quiet };
      const run = await scaleStorage({ ...input, quiet }, storage.run.durable, storage.ports);
      expect(run).toMatchObject({ outcome: 'refused', quiet: { sinceMs: noonMs } });
      expect(storage.world.told).toHaveLength(2);
    }
  });
});

describe('an alarm that stays in ALARM for days', () => {
  const hourly = async (storage: StorageWorld, hours: number) => {
    const { ports, started, seen } = openIntake(storage);
    for (let hour = 0; hour < hours; hour += 1) {
      seen.nowMs = Math.max(noonMs + hour * hourMs, storage.run.nowMs());
      await takeIn(watch, ports);
    }
    return { started, told: storage.world.told, seen };
  };

  test('that must not be acted on is looked at hourly, and told at most daily', async () => {
    const storage = openStorageWorld();
    storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
    const { started, told } = await hourly(storage, 50);
    expect(started.length).toBeGreaterThan(40);
    expect(told.map(({ findings }) => findings[0]?.reason)).toEqual(['auto-scaled', 'auto-scaled', 'auto-scaled']);
    const times = told.map(({ atMs }) => atMs);
    expect(times.slice(1).every((atMs, index) => atMs - (times[index] ?? 0) >= dayMs)).toBe(true);
  });

  test('in mode plan is planned once a day', async () => {
    const { started, told } = await hourly(openStorageWorld({ mode: 'plan' }), 50);
    expect(started).toHaveLength(3);
    expect(told).toHaveLength(3);
  });

  test('is told at once when it gets worse, though the rest was told before', async () => {
    const storage = openStorageWorld();
    storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
    storage.world.usedGiB = (atMs) =>
      atMs < noonMs + 3 * hourMs ? 425 : Math.min(499, 425 + (20 * (atMs - noonMs - 3 * hourMs)) / hourMs);
    const { told } = await hourly(storage, 8);
    expect(told.map(({ severity, findings }) => [severity, findings[0]?.reason])).toEqual(
      expect.arrayContaining([
        ['warning', 'auto-scaled'],
        ['critical', 'full-before-help'],
      ]),
    );
    expect(told.filter(({ findings }) => findings[0]?.reason === 'auto-scaled')).toHaveLength(1);
  });

  test('whatever came of the last run, no two words of one kind are nearer than a day', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 20, max: 60 }),
        async (isScaled, isPlan, hours) => {
          const storage = openStorageWorld({ mode: isPlan ? 'plan' : 'act' });
          if (isScaled) storage.world.autoScaling = { targetCount: 1, policyNames: [] };
          else if (!isPlan) Object.assign(storage.world, { isAlarmStuck: true, usedGiB: () => 200 });
          const { told } = await hourly(storage, hours);
          const byReason = Map.groupBy(told, ({ findings }) => findings[0]?.reason ?? '');
          for (const words of byReason.values()) {
            const times = words.map(({ atMs }) => atMs);
            expect(times.slice(1).every((atMs, index) => atMs - (times[index] ?? 0) >= dayMs)).toBe(true);
          }
          expect(told.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 10 },
    );
  });
});
