import { describe, expect, test } from 'vitest';
import { scaleStorage, summaryOf } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { heardIn } from '../../../../support/storage-scaling/heard.ts';
import { headlines, scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

describe('over the threshold', () => {
  test('volumes are raised once, watched, verified and told with the size for the user’s code', async () => {
    const storage = openStorageWorld();
    expect(await scale(storage)).toEqual({
      outcome: 'expanded',
      reason: 'above-threshold',
      looks: 1,
      attempts: 1,
      fromGiB: 500,
      toGiB: 600,
      operationArn: 'arn:operation:1',
    });
    expect(storage.world.updates).toEqual([{ currentVersion: 'V1', volumeGiB: 600, atMs: noonMs }]);
    expect(storage.causes()).toEqual(['orders-storage-scaling-7-2026-01-14t1200-1']);
    expect(storage.run.transitions.map(({ to }) => to)).toEqual(['acting', 'watching', 'expanded']);
    expect(headlines(storage)).toEqual([
      expect.stringMatching(/^MSK accepted: .*from 500 to 600 GiB .*operation arn:operation:1, request request-1\./),
      expect.stringContaining('from 500 to 600 GiB'),
    ]);
    expect(storage.world.told[1]?.findings[1]?.message).toMatch(
      /Terraform .*volume_size = 600; CloudFormation .*: 600/,
    );
    expect(storage.run.nowMs() - noonMs).toBeLessThan(20 * minuteMs);
  });

  test('mode plan keeps what it would do, tells it, and calls nothing', async () => {
    const storage = openStorageWorld({ mode: 'plan' });
    expect(await scale(storage)).toMatchObject({ outcome: 'would-act', fromGiB: 500, toGiB: 600 });
    expect(storage.world.updates).toEqual([]);
    expect(storage.causes()).toEqual(['orders-storage-scaling-7-2026-01-14t1200-1']);
    expect(headlines(storage)).toEqual([
      expect.stringMatching(/Would act \(mode plan\).*storage-scaling: act .*deploy, and wake storage-scaling by hand/),
    ]);
  });

  test('what it would do in mode plan is a word to people, and the door’s event', async () => {
    const storage = openStorageWorld({ mode: 'plan' });
    await scale(storage);
    expect(storage.switches.told.map(({ end }) => end?.decision)).toEqual(['would-act']);
    expect(storage.world.plans).toEqual([]);
  });

  test('an episode whose number began anew is not answered by the record of the old one', async () => {
    const storage = openStorageWorld({ mode: 'plan' });
    await scale(storage);
    await scaleStorage({ ...input, openedAtMs: noonMs - minuteMs }, storage.run.durable, storage.ports);
    expect(new Set(storage.causes()).size).toBe(2);
  });

  test('mode off does not even look', async () => {
    const storage = openStorageWorld({ mode: 'off' });
    expect(await scale(storage)).toMatchObject({ outcome: 'off', looks: 0 });
    expect(storage.run.operations).toEqual(['transition off']);
  });

  test('a change that MSK fails is told, held for the lock, and tried again', async () => {
    const storage = openStorageWorld();
    storage.world.willFail = true;
    const { publish } = storage.ports;
    const ports = {
      ...storage.ports,
      publish: async (...told: Parameters<typeof publish>) => {
        if (heardIn(told[0])[0]?.findings[0]?.reason === 'operation-failed') storage.world.willFail = false;
        await publish(...told);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded', attempts: 2 });
    expect(storage.causes()).toEqual([
      'orders-storage-scaling-7-2026-01-14t1200-1',
      'orders-storage-scaling-7-2026-01-14t1200-2',
    ]);
    expect(storage.world.updates.map(({ atMs }) => Math.round((atMs - noonMs) / hourMs))).toEqual([0, 6]);
    expect(storage.world.told.map(({ severity, findings }) => [severity, findings[0]?.reason])).toEqual([
      ['warning', 'accepted'],
      ['critical', 'operation-failed'],
      ['warning', 'storage-locked'],
      ['warning', 'accepted'],
      ['notice', 'expanded'],
    ]);
  });

  test('an alarm that stays after an hour is said, and the disk, by then calm, closes the run', async () => {
    const storage = openStorageWorld();
    storage.world.isAlarmStuck = true;
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', reason: 'volume-raised' });
    expect(headlines(storage)).toEqual([
      expect.stringContaining('MSK accepted'),
      expect.stringContaining('is still in ALARM'),
      expect.stringMatching(/^over: .*disk\/warning still fires, and wakes nobody before it was OK/),
    ]);
    expect(storage.world.updates).toHaveLength(1);
  });
});

test('the log line says how a run ended, why, after how many looks and acts, and from what size to what', () => {
  const ended = { outcome: 'expanded', reason: 'above-threshold', looks: 3, attempts: 2 } as const;
  expect(summaryOf({ ...ended, fromGiB: 500, toGiB: 600, operationArn: 'arn:operation:1' })).toEqual({
    observation: { looks: 3, attempts: 2 },
    decision: { reason: 'above-threshold', fromGiB: 500, toGiB: 600 },
    outcome: 'expanded',
  });
  expect(summaryOf({ ...ended, outcome: 'refused' }).decision).toEqual({ reason: 'above-threshold' });
});

test('a broker that fell silent before the change is not taken for roomy after it', async () => {
  const storage = openStorageWorld();
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: async (atMs, forMinutes) => {
      const disks = await fetchDisks(atMs, forMinutes);
      const isRaised = storage.world.volumeGiB > 500;
      const silent = ({ lastHour }: (typeof disks)[number]) =>
        lastHour.filter((one) => one.atMs < atMs - 20 * minuteMs).map((one) => ({ ...one, value: 50 }));
      return disks.map((disk) => (isRaised && disk.brokerId === 3 ? { ...disk, lastHour: silent(disk) } : disk));
    },
  };
  await scaleStorage(input, storage.run.durable, ports);
  expect(headlines(storage)).toContainEqual(expect.stringContaining('nobody knows how full the disks are'));
  // The looks beside the watch say which of them.
  expect(headlines(storage)[1]).toContain('nobody knows how full broker 3 is');
});
