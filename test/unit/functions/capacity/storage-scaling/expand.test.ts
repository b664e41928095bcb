import { expect, test } from 'vitest';
import type { Look } from '../../../../../functions/capacity/storage-scaling/core/model.ts';
import { applyExpansion } from '../../../../../functions/capacity/storage-scaling/expand.ts';
import { newMemory } from '../../../../../functions/capacity/storage-scaling/memory.ts';
import { minuteMs } from '../../../../../shared/core/units.ts';
import { expandPlan, input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

const plan = expandPlan();
const state = { state: 'ACTIVE', currentVersion: 'V1', volumeGiB: 500, activeOperationArn: null };
const look: Look & { state: typeof state } = { atMs: noonMs, newestEpisode: null, plan, state, incident: null };

/** One attempt at noon, after one that the kill switch stopped. */
async function attempt(arrange: (storage: StorageWorld) => unknown) {
  const storage = openStorageWorld();
  arrange(storage);
  const { run, ports } = storage;
  const memory = { ...newMemory(), attempts: 1, stoppedBy: 'kill-switch' };
  return { made: await applyExpansion({ input, ports, memory, durable: run.durable }, look, plan), memory, storage };
}

test('an attempt that gets through is stopped by nothing any more', async () => {
  const { made, memory } = await attempt(() => undefined);
  expect(made).toEqual({
    kind: 'under-way',
    outcome: { operationArn: 'arn:operation:1', toGiB: 600 },
    isOurAnswer: true,
    requestId: 'request-1',
    atMs: noonMs,
  });
  expect(memory.stoppedBy).toBeUndefined();
});

test.each<[string, (storage: StorageWorld) => unknown, string | undefined, object]>([
  [
    'by the kill switch says so',
    ({ switches }) => Object.assign(switches, { killSwitch: 'on' }),
    'kill-switch',
    { kind: 'later', reason: 'kill-switch', atMs: noonMs, pauseMs: minuteMs },
  ],
  [
    'by a state that moved is stopped by nobody, and is looked at anew',
    ({ world }) => Object.assign(world, { volumeGiB: 510 }),
    undefined,
    { kind: 'later', reason: 'state-moved', atMs: noonMs, pauseMs: minuteMs },
  ],
])('an attempt that is stopped %s', async (_name, arrange, stoppedBy, later) => {
  const { made, memory, storage } = await attempt(arrange);
  expect(made).toEqual(later);
  expect(memory.stoppedBy).toBe(stoppedBy);
  expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(
    stoppedBy === undefined ? [] : [stoppedBy],
  );
});

test.each([
  [30 * minuteMs, 30 * minuteMs],
  [1, minuteMs],
])('a stop that ends in %i ms is waited out, for a minute at least', async (inMs, pauseMs) => {
  const { made } = await attempt(({ ports }) =>
    Object.assign(ports, {
      act: async () => ({ decision: 'stopped', reason: 'budget', message: 'Used up.', retryAtMs: noonMs + inMs }),
    }),
  );
  expect(made).toEqual({ kind: 'later', reason: 'budget', atMs: noonMs, pauseMs });
});
