import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import { headlines, scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, refusedUpdate } from '../../../../support/storage-scaling/world.ts';

describe('a refusal', () => {
  test('for auto scaling stands back, tells and ends', async () => {
    const storage = openStorageWorld();
    storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
    expect(await scale(storage)).toMatchObject({ outcome: 'refused', reason: 'auto-scaled' });
    expect(headlines(storage)).toEqual([expect.stringMatching(/stands back.*wake storage-scaling by hand/)]);
  });

  test('at the maximum pages, with hours to full and the retention cut', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    storage.world.usedGiB = (atMs) => (atMs > noonMs + 5 * hourMs ? 300 : 425 + ((atMs - noonMs) / hourMs) * 5);
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do' });
    const [page] = storage.world.told;
    expect(page).toMatchObject({
      kind: 'fault',
      severity: 'critical',
      headline: expect.stringMatching(/full in 15 h/),
    });
    expect(
      page?.findings
        .slice(1)
        .map(({ message }) => message)
        .join(' '),
    ).toMatch(/never applied by mskeeper.*logs: retention\.ms 604800000 → 302400000/s);
  });

  test('at the maximum is told again as the time to full shrinks, and at the end that it is over', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    storage.world.usedGiB = (atMs) => (atMs > noonMs + 14.8 * hourMs ? 200 : 425 + ((atMs - noonMs) / hourMs) * 5);
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', reason: 'under-threshold' });
    const pages = storage.world.told.filter(({ severity }) => severity === 'critical');
    const hours = pages.map(({ findings }) => Number(findings[0]?.evidence.hoursToFull));
    expect(hours).toEqual([15, expect.closeTo(6, 0), expect.closeTo(2, 0), expect.closeTo(0.5, 0)]);
    expect(pages.map(({ change }) => change)).toEqual(['opened', 'worse', 'worse', 'worse']);
    expect(storage.world.ended).toEqual(['storage-capacity|broker 1', 'retention-cut|broker 1']);
    expect(storage.world.told.at(-1)).toEqual(pages.at(-1));
  });

  test('at the maximum waits for six days, and ends with what to do', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'at-maximum' });
    // Once a day, since what people read a day ago is still so.
    const reasons = storage.world.told.map(({ severity, findings }) => [severity, findings[0]?.reason]);
    expect(reasons).toEqual([...Array<string[]>(7).fill(['critical', 'at-maximum']), ['critical', 'unfinished']]);
    expect(storage.run.operations.length).toBeLessThan(1_000);
  });

  test('of the brokers to be looked at leaves the page without a proposal, and says so', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    storage.world.failing.set('fetchView', new DependencyError('kafka/read', 'denied', 'denied'));
    await scale(storage);
    expect(storage.world.told[0]?.findings[1]?.message).toContain('No retention cut can be proposed');
  });

  test('of MSK for a reason of its own is told three times at most, and then a person must see why', async () => {
    const storage = openStorageWorld();
    storage.world.failing.set('applyStorage', refusedUpdate('other'));
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'api-refused', attempts: 3 });
    expect(storage.world.told.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'critical']);
    expect(headlines(storage).map((headline) => headline.includes('gives up'))).toEqual([false, false, true]);
    expect(headlines(storage).at(-1)).toContain('wake storage-scaling by hand');
  });

  test('of MSK in words that nobody knows is no reason to give up while the cluster is seen to be busy', async () => {
    const storage = openStorageWorld();
    const { applyStorage } = storage.ports;
    const busyUntilMs = noonMs + 3 * hourMs;
    const ports: typeof storage.ports = {
      ...storage.ports,
      // Whatever began just before the call.
      applyStorage: async (currentVersion, volumeGiB) => {
        if (storage.run.nowMs() >= busyUntilMs) return applyStorage(currentVersion, volumeGiB);
        storage.world.state = 'SOMETHING_NEW';
        throw refusedUpdate('other');
      },
      fetchDisks: async (atMs, forMinutes) => {
        if (storage.run.nowMs() >= busyUntilMs) storage.world.state = 'ACTIVE';
        return storage.ports.fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.told.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });

  test('of MSK in words that nobody knows while storage may be locked is waited for as its lock, and told', async () => {
    const storage = openStorageWorld();
    storage.world.operations = [
      {
        arn: 'arn:before',
        type: 'INCREASE_BROKER_STORAGE',
        state: 'UPDATE_COMPLETE',
        startedAtMs: noonMs - 8 * hourMs,
        endedAtMs: noonMs - 7 * hourMs,
      },
    ];
    storage.world.failing.set('applyStorage', refusedUpdate('other'));
    const { fetchAutoScaling } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchAutoScaling: async () => {
        if (storage.run.nowMs() > noonMs + 4 * hourMs) storage.world.failing.delete('applyStorage');
        return fetchAutoScaling();
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
    const [first] = storage.world.told;
    expect(first).toMatchObject({ severity: 'warning', headline: expect.stringContaining('The API refused the call') });
    expect(storage.world.told.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });

  test('of MSK that names a state which nobody sees is told after the third, and tried on', async () => {
    const storage = openStorageWorld();
    storage.world.failing.set('applyStorage', refusedUpdate('not-updatable'));
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished' });
    expect(storage.world.told.map(({ severity, findings }) => [severity, findings[0]?.reason])).toContainEqual([
      'critical',
      'api-refused',
    ]);
    expect(storage.world.told.filter(({ findings }) => findings[0]?.reason === 'api-refused')).toHaveLength(1);
  });
});

test('an auto scaling policy that appears between the look and the act is stood back from', async () => {
  const storage = openStorageWorld();
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: async (atMs, forMinutes) => {
      const disks = await fetchDisks(atMs, forMinutes);
      storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
      return disks;
    },
    // The look's own answer came before.
    fetchAutoScaling: async () => {
      const seen = storage.world.autoScaling;
      return seen;
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({
    outcome: 'refused',
    reason: 'auto-scaled',
  });
  expect(storage.world.updates).toEqual([]);
});
