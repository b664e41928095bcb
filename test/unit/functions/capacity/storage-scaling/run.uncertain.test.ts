import { expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

test('an act whose answer is lost is found by its operation, and not made again', async () => {
  const storage = openStorageWorld();
  const { applyStorage } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    applyStorage: async (version: string, volumeGiB: number) => {
      await applyStorage(version, volumeGiB);
      throw new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer');
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded', toGiB: 600 });
  expect(storage.world.updates).toHaveLength(1);
});

test('a plan that waited for a quarter of an hour, for an audit that could not be read, is made anew', async () => {
  const storage = openStorageWorld();
  const { act } = storage.ports;
  let asked = 0;
  const ports: typeof storage.ports = {
    ...storage.ports,
    act: async (request) => {
      asked += 1;
      if (storage.run.nowMs() < noonMs + 20 * minuteMs) {
        return { decision: 'stopped', reason: 'audit-unknown', message: 'The audit of the cause cannot be read.' };
      }
      storage.world.usedGiB = () => 200;
      return act(request);
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'nothing-to-do' });
  expect(asked).toBeGreaterThan(3);
  expect(storage.world.updates).toEqual([]);
});

test('where the audit can be read no more after the call, the page says that nobody knows, and why', async () => {
  const storage = openStorageWorld();
  const message = 'The audit of the cause cannot be read (s3:GetObject: denied): mend or restore it, then ask again.';
  const ports = {
    ...storage.ports,
    act: async () => ({ decision: 'stopped', reason: 'audit-unknown', message }) as const,
  };
  expect(await scale({ ...storage, ports })).toMatchObject({ outcome: 'unfinished', reason: 'outcome-unknown' });
  expect(storage.world.told.at(-1)).toMatchObject({
    severity: 'critical',
    headline: expect.stringContaining(`Nobody can tell whether storage was enlarged to 600 GiB`),
    findings: [{ reason: 'outcome-unknown', message: expect.stringContaining('s3:GetObject: denied') }],
  });
});

test('an act of which nobody can say whether it happened is asked about for hours, then a person is paged', async () => {
  const storage = openStorageWorld();
  storage.world.failing.set('applyStorage', new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer'));
  expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'outcome-unknown' });
  const [hours = 0] = [(storage.run.nowMs() - noonMs) / hourMs];
  expect([hours > 3, hours < 24]).toEqual([true, true]);
  // Where the world is looked at anew, nothing of the plan before it can be under way any more.
  const calls = storage.world.updates.map(({ atMs }) => atMs);
  const pauses = calls.slice(1).map((atMs, index) => atMs - (calls[index] ?? 0));
  expect(pauses.filter((pauseMs) => pauseMs >= 18 * minuteMs)).toHaveLength(storage.causes().length - 1);
  const minutes = storage.world.told.map(({ atMs, severity }) => [(atMs - noonMs) / minuteMs, severity]);
  expect(minutes).toEqual([
    [0, 'warning'],
    // At the last look: an older word would be nobody's news.
    [expect.closeTo(355, 1), 'critical'],
  ]);
  // What the door said last, and the plan's numbers.
  expect(storage.world.told.at(-1)).toMatchObject({
    headline: expect.stringMatching(
      /^Nobody can tell whether storage was enlarged to 600 GiB: look at the cluster's operations\. The state moved, and a call.*by hand/,
    ),
    findings: [{ reason: 'outcome-unknown', evidence: { usedPercent: 85, toGiB: 600 } }],
  });
  const truths = storage.run.waits.filter(({ name }) => name.startsWith('truth '));
  expect(truths).toHaveLength(48);
  expect(truths.slice(0, 7)).toEqual([
    { name: 'truth 1.1', seconds: 60 },
    { name: 'truth 1.2', seconds: 120 },
    { name: 'truth 1.3', seconds: 240 },
    { name: 'truth 1.4', seconds: 480 },
    { name: 'truth 1.5', seconds: 960 },
    // The door knows when nothing can be under way any more.
    { name: 'truth 1.6', seconds: 120 },
    { name: 'truth 2.1', seconds: 60 },
  ]);
  const names = storage.run.operations;
  expect(names.slice(2, 5)).toEqual(['step act 1.1', 'step notify uncertain outcome-unknown', 'wait truth 1.1']);
  expect(names.slice(-2)).toEqual(['step notify unknown 8', 'transition unfinished']);
});

test('a door that knows no better time, or one that is near, is asked again after a minute at least', async () => {
  const storage = openStorageWorld();
  let asked = 0;
  const ports: typeof storage.ports = {
    ...storage.ports,
    act: async () => {
      asked += 1;
      if (asked === 3) return { decision: 'stopped', reason: 'mode-off', message: 'The test has seen enough.' };
      const retryAtMs = asked === 1 ? storage.run.nowMs() + 30 * minuteMs : storage.run.nowMs() + 1;
      return { decision: 'stopped', reason: 'audit-unknown', message: 'The audit cannot be read.', retryAtMs };
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({
    outcome: 'unfinished',
    reason: 'mode-off',
  });
  expect(storage.run.waits.map(({ seconds }) => seconds)).toEqual([1800, 60]);
});
