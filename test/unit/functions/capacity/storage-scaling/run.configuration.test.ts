import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import {
  type EpisodeDocument,
  type EpisodePorts,
  episodeInput,
  startEpisode,
} from '../../../../../shared/durable/episode.ts';
import { configurationNameOf, isOfOtherConfiguration } from '../../../../../shared/durable/own-configuration.ts';
import { cases } from '../../../../support/depth.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

const own = ({ ports }: StorageWorld): string => configurationNameOf(ports.configuration.configuration);
const openFor = (storage: StorageWorld, configuration: string | undefined) =>
  Object.assign(storage.world.opened, { configuration });

describe('a run whose episode was opened for another configuration than its own', () => {
  test('ends at its first look, has asked MSK for nothing, and says to people what to do', async () => {
    const storage = openStorageWorld();
    openFor(storage, 'f'.repeat(64));
    expect(await scale(storage)).toMatchObject({ outcome: 'other-configuration', looks: 1, attempts: 0 });
    expect(storage.world.updates).toEqual([]);
    expect(storage.run.requests).toEqual([]);
    const finding = { check: 'episode', severity: 'warning', reason: 'other-configuration' };
    expect(storage.world.told).toMatchObject([{ kind: 'notice', findings: [finding] }]);
    expect(storage.world.told[0]?.headline).toContain('npm run mskeeper -- wake orders storage-scaling');
  });

  test('never acts, whatever the two are: only its own, or none that is known, lets it', async () => {
    const anyName = fc.oneof(fc.stringMatching(/^[0-9a-f]{1,64}$/), fc.constant('own'), fc.constant(undefined));
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        const storage = openStorageWorld();
        openFor(storage, name === 'own' ? own(storage) : name);
        const { outcome } = await scale(storage);
        const mayAct = name === 'own' || name === undefined;
        expect([outcome, storage.world.updates.length]).toEqual(mayAct ? ['expanded', 1] : ['other-configuration', 0]);
      }),
      cases(60, 2_000),
    );
  });

  test('is held back by the door, too, where the looks could not read the document', async () => {
    const storage = openStorageWorld();
    openFor(storage, 'f'.repeat(64));
    let isActing = false;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchEpisode: async () => {
        if (isActing) return storage.ports.fetchEpisode();
        throw new DependencyError('s3:GetObject', 'throttled', 'throttled');
      },
      act: async (request) => {
        isActing = true;
        return storage.ports.act(request);
      },
    };
    expect(await scale(storage, ports)).toMatchObject({ outcome: 'other-configuration', looks: 2 });
    expect(storage.world.updates).toEqual([]);
  });

  test('is told apart by every setting that a run acts by', () => {
    const { configuration } = openStorageWorld().ports.configuration;
    const document = { episode: 7, configuration: configurationNameOf(configuration) };
    const changed = [
      { ...configuration, modes: { ...configuration.modes, 'storage-scaling': 'plan' as const } },
      { ...configuration, approverPrincipals: [] },
      { ...configuration, actionBudget: { actsPerHour: 1 } },
    ];
    for (const other of changed) {
      expect(isOfOtherConfiguration(document, 7, other)).toBe(true);
      expect(isOfOtherConfiguration(document, 6, other)).toBe(false);
    }
    expect(isOfOtherConfiguration(document, 7, structuredClone(configuration))).toBe(false);
    expect(isOfOtherConfiguration(undefined, 7, configuration)).toBe(false);
  });
});

test('a deploy whose alias still names the version before: its run ends by itself, and the next wake gets one of the new one', async () => {
  const [before, after] = [openStorageWorld({ mode: 'act' }), openStorageWorld({ mode: 'plan' })];
  expect(own(before)).not.toBe(own(after));
  let document: EpisodeDocument | undefined;
  let alias = before;
  let nowMs = noonMs;
  const runs = new Map<
    string,
    { readonly version: StorageWorld; readonly payload: string; status: 'running' | 'ended' }
  >();
  const intake: EpisodePorts = {
    configuration: own(after),
    nowMs: () => nowMs,
    fetchEpisode: async () => document && { value: document, etag: JSON.stringify(document) },
    applyEpisode: async (next) => {
      document = next;
    },
    fetchRunStatus: async (name) => runs.get(name)?.status ?? 'unknown',
    fetchNewestRun: async () => undefined,
    applyStart: async (name, payload) => {
      if (!runs.has(name)) runs.set(name, { version: alias, payload, status: 'running' });
      return 'accepted';
    },
  };
  const wake = () => startEpisode('orders', 'storage-scaling', { openedBy: 'ann', isProven: true }, intake);
  const run = async (name: string) => {
    const one = runs.get(name);
    if (one === undefined) throw new Error(`${name} was not started`);
    const { version, payload } = one;
    const ports = { ...version.ports, fetchEpisode: async () => document };
    const durable = { ...version.run.durable, executionName: name };
    const result = await scaleStorage(episodeInput.parse(JSON.parse(payload)), durable, ports);
    one.status = 'ended';
    return result.outcome;
  };
  const first = await wake();
  expect(first.outcome).toBe('started');
  expect(await run(first.executionName)).toBe('other-configuration');
  alias = after;
  nowMs += hourMs;
  const second = await wake();
  expect(second).toMatchObject({ outcome: 'started', episode: 2 });
  expect(await run(second.executionName)).toBe('would-act');
  expect([before, after].map(({ world }) => world.updates)).toEqual([[], []]);
});
