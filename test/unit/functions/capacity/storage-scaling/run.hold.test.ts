import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { headlines, scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

describe('a hold', () => {
  test('for the lock waits it out, tells once, and then acts', async () => {
    const storage = openStorageWorld();
    storage.world.operations.push(storageOperation(1));
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded', attempts: 1 });
    expect(storage.world.updates.map(({ atMs }) => (atMs - noonMs) / hourMs)).toEqual([5]);
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual([
      'storage-locked',
      'accepted',
      'expanded',
    ]);
    expect(storage.world.plans).toMatchObject([{ reason: 'storage-locked' }]);
  });

  test('that MSK asks for ("storage is optimizing") is retried with growing pauses, one cause each', async () => {
    const storage = openStorageWorld();
    storage.world.lockedUntilMs = noonMs + 3 * hourMs;
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded', attempts: 4 });
    expect(storage.world.updates.map(({ atMs }) => (atMs - noonMs) / minuteMs)).toEqual([0, 30, 90, 210]);
    expect(storage.causes()).toHaveLength(4);
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual([
      'storage-optimizing',
      'accepted',
      'expanded',
    ]);
  });

  test('for a running operation ends with it', async () => {
    const storage = openStorageWorld();
    const { endedAtMs: _ended, ...underWay } = storageOperation(0, { type: 'UPDATE_BROKER_TYPE' });
    storage.world.operations.push({ ...underWay, state: 'UPDATE_IN_PROGRESS', startedAtMs: noonMs });
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.updates).toMatchObject([{ currentVersion: 'V2' }]);
  });

  test.each(['fetchCluster', 'fetchOperations', 'fetchAutoScaling', 'fetchDisks'] as const)(
    'for %s that fails lasts as long as the failure, and nothing is called',
    async (port) => {
      const storage = openStorageWorld();
      storage.world.failing.set(port, new DependencyError(port, 'denied', 'denied'));
      expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'unknown' });
      expect(storage.world.updates).toEqual([]);
      // At the first look, and once a day.
      expect(storage.world.told.map(({ severity }) => severity)).toEqual([
        ...Array<string>(7).fill('warning'),
        'critical',
      ]);
      expect(storage.world.told[0]?.atMs).toBe(noonMs);
      expect(storage.run.nowMs()).toBe(noonMs + 6 * dayMs);
      expect(storage.run.operations.length).toBeLessThan(1_000);
    },
  );

  test('for a source that is silent for a minute is no news', async () => {
    const storage = openStorageWorld();
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs < noonMs + minuteMs) throw new DependencyError('cloudwatch:GetMetricData', 'throttled', 'throttled');
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded', looks: 2 });
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['accepted', 'expanded']);
  });

  test('that a page tells already is told to subscribers alone', async () => {
    const storage = openStorageWorld();
    storage.world.operations.push(storageOperation(1));
    storage.world.usedGiB = (atMs) => 425 + ((atMs - noonMs) / hourMs) * 4;
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.told.map(({ kind, findings }) => [kind, findings[0]?.reason])).toEqual([
      ['fault', 'full-before-help'],
      ['notice', 'accepted'],
      ['notice', 'expanded'],
    ]);
    expect(storage.world.plans.map(({ reason }) => reason)).toContain('storage-locked');
  });

  test('for the kill switch is told once, and ends when it is off', async () => {
    const storage = openStorageWorld();
    storage.switches.killSwitch = 'on';
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs > noonMs + 2 * hourMs) storage.switches.killSwitch = 'off';
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.updates).toHaveLength(1);
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual([
      'kill-switch',
      'accepted',
      'expanded',
    ]);
  });

  test('for the alarm that woke it, whose datapoint the run does not see yet, ends when it does', async () => {
    const storage = openStorageWorld();
    storage.world.metricDelayMs = 3 * minuteMs;
    storage.world.usedGiB = (atMs) => (atMs >= noonMs ? 401 : 399);
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded', looks: 3 });
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['accepted', 'expanded']);
  });

  test('for the kill switch is a page once the disk fills within hours, and says what stands in the way', async () => {
    const storage = openStorageWorld();
    storage.switches.killSwitch = 'on';
    storage.world.usedGiB = (atMs) => Math.min(500, 425 + ((atMs - noonMs) / hourMs) * 5);
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished' });
    expect(storage.world.updates).toEqual([]);
    const pages = storage.world.told.filter(({ findings }) => findings[0]?.reason === 'full-before-help');
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]).toMatchObject({
      kind: 'fault',
      severity: 'critical',
      headline: expect.stringContaining('stopped (kill-switch)'),
    });
    expect((pages[0]?.atMs ?? 0) - noonMs).toBeGreaterThan(8 * hourMs);
  });

  test('for a burst that has not lasted yet is told to subscribers alone, and nobody hears that it is over', async () => {
    const storage = openStorageWorld();
    const { configuration } = storage.ports.configuration;
    const scaling = { diskUsedPercent: { warning: 80, warningForMinutes: 30 } };
    const policy = { ...configuration.policy, scaling };
    const ports: typeof storage.ports = {
      ...storage.ports,
      configuration: { ...storage.ports.configuration, configuration: { ...configuration, policy } },
    };
    storage.world.usedGiB = (atMs) => (Math.abs(atMs - noonMs) <= 8 * minuteMs ? 402 : 399);
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({
      outcome: 'nothing-to-do',
      reason: 'under-threshold',
    });
    expect(storage.world.told).toEqual([]);
    expect(storage.world.plans.map(({ reason }) => reason)).toEqual(['not-long-enough', 'under-threshold']);
  });

  test('that ends by itself is told to be over, to those who heard of it', async () => {
    const storage = openStorageWorld();
    storage.world.operations.push(storageOperation(1));
    storage.world.usedGiB = (atMs) => (atMs > noonMs + hourMs ? 200 : 425);
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', reason: 'under-threshold' });
    expect(headlines(storage)).toEqual([
      expect.stringContaining('Storage was changed lately'),
      expect.stringMatching(/^over: /),
    ]);
  });

  test('a disk that is within the threshold at the first look is told to nobody but subscribers', async () => {
    const storage = openStorageWorld();
    storage.world.usedGiB = () => 200;
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', looks: 1 });
    expect(storage.world.told).toEqual([]);
    expect(storage.world.plans).toMatchObject([{ action: 'none' }]);
  });
});
