import { describe, expect, test } from 'vitest';
import type { Ports } from '../../../../../functions/capacity/storage-scaling/ports.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import type { ActRequest } from '../../../../../shared/acting/act.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import type { MskOperationDetail } from '../../../../../shared/core/msk-model.ts';
import { minuteMs } from '../../../../../shared/core/units.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

const input = { version: 1, cluster: 'orders', episode: 7, openedAtMs: noonMs, openedBy: 'alarm disk' } as const;

/** What the run hands to the door for an enlargement from 500 to 600 GiB, and the world that it asks. */
async function planned() {
  const storage = openStorageWorld();
  const requests: ActRequest<unknown, unknown>[] = [];
  const ports: Ports = {
    ...storage.ports,
    act: async (request) => {
      requests.push(request);
      return { decision: 'stopped', reason: 'mode-off', message: 'the test has seen enough' };
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ reason: 'mode-off' });
  const [request] = requests;
  if (request === undefined) throw new TypeError('nothing was handed to the door');
  return { request, storage };
}

const operation = (more: Partial<MskOperationDetail>): MskOperationDetail => ({
  arn: 'arn:operation',
  type: 'INCREASE_BROKER_STORAGE',
  state: 'UPDATE_IN_PROGRESS',
  startedAtMs: noonMs,
  endedAtMs: noonMs,
  targetVolumeGiB: 600,
  ...more,
});

describe('whether an earlier call acted', () => {
  const ours = { kind: 'done', outcome: { operationArn: 'arn:operation', toGiB: 600 } };
  const { targetVolumeGiB: _target, ...untold } = operation({});
  const { startedAtMs: _started, ...timeless } = operation({});

  test.each<[string, MskOperationDetail[], object]>([
    ['an operation of its size since the first try is ours', [operation({})], ours],
    ['MSK’s clock may be two minutes behind', [operation({ startedAtMs: noonMs - 2 * minuteMs })], ours],
    [
      'an older operation of the same size is somebody else’s',
      [operation({ startedAtMs: noonMs - 2 * minuteMs - 1 })],
      { kind: 'absent' },
    ],
    ['one without a time may be ours', [timeless], ours],
    ['an operation to another size is not', [operation({ targetVolumeGiB: 601 })], { kind: 'absent' }],
    ['an operation of another kind is not', [operation({ type: 'UPDATE_BROKER_TYPE' })], { kind: 'absent' }],
    [
      'one of which MSK does not tell the size may be: nobody knows',
      [operation({ arn: 'arn:other', targetVolumeGiB: 700 }), untold],
      { kind: 'unknown', message: expect.stringContaining('arn:operation') },
    ],
    ['one that is told beside it is ours', [{ ...untold, arn: 'arn:untold' }, operation({})], ours],
    ['no operation is none', [], { kind: 'absent' }],
  ])('%s', async (_name, operations, effect) => {
    const { request, storage } = await planned();
    storage.world.operations.push(...operations);
    const { plan, target, plannedState, plannedAtMs } = request;
    expect(await request.fetchEffect({ plan, target, plannedState, plannedAtMs, firstTryAtMs: noonMs })).toEqual(
      effect,
    );
  });

  test.each([
    [599, { kind: 'absent' }],
    [600, { kind: 'done', outcome: { operationArn: null, toGiB: 600 } }],
    [700, { kind: 'done', outcome: { operationArn: null, toGiB: 600 } }],
  ])('volumes of %i GiB without an operation of ours say so', async (volumeGiB, effect) => {
    const { request, storage } = await planned();
    storage.world.volumeGiB = volumeGiB;
    const { plan, target, plannedState, plannedAtMs } = request;
    expect(await request.fetchEffect({ plan, target, plannedState, plannedAtMs, firstTryAtMs: noonMs })).toEqual(
      effect,
    );
  });
});

describe('whether an earlier call acted, where MSK’s operations cannot be read', () => {
  test.each<[string, 'fetchOperation' | 'fetchOperations', number, object]>([
    ['one operation, and the volumes have the size', 'fetchOperation', 600, { kind: 'done' }],
    ['the list, and the volumes have the size', 'fetchOperations', 600, { kind: 'done' }],
    ['one operation, and the volumes have not the size', 'fetchOperation', 500, { kind: 'unknown' }],
    ['the list, and the volumes have not the size: nothing says no', 'fetchOperations', 500, { kind: 'unknown' }],
  ])('%s', async (_name, port, volumeGiB, effect) => {
    const { request, storage } = await planned();
    storage.world.operations.push(operation({}));
    storage.world.volumeGiB = volumeGiB;
    storage.world.failing.set(port, new DependencyError('kafka:NotToBeRead', 'denied', 'denied'));
    const { plan, target, plannedState, plannedAtMs } = request;
    const seen = await request.fetchEffect({ plan, target, plannedState, plannedAtMs, firstTryAtMs: noonMs });
    expect(seen).toMatchObject(effect);
    if (seen.kind === 'unknown') expect(seen.message).toContain('kafka:NotToBeRead: denied');
  });
});

describe('the state just before the call', () => {
  const state = { state: 'ACTIVE', currentVersion: 'V1', volumeGiB: 500, activeOperationArn: null };

  test('is that of the plan where nothing moved, and no reboot waits for a window', async () => {
    const { request } = await planned();
    expect(request).toMatchObject({
      procedure: 'storage-scaling',
      plannedAtMs: noonMs,
      plannedState: state,
      target: { toGiB: 600 },
      isDisruptive: false,
      isLocked: true,
      plan: { action: 'expand', reason: 'above-threshold' },
    });
    expect(request).not.toHaveProperty('approval');
    expect(await request.fetchState()).toEqual(state);
  });

  test.each<[string, (storage: ReturnType<typeof openStorageWorld>) => unknown, object]>([
    ['a newer episode', ({ world }) => Object.assign(world, { episode: 8 }), { ...state, planIsVoid: 'superseded' }],
    ['this episode', ({ world }) => Object.assign(world, { episode: 7 }), state],
    [
      'auto scaling',
      ({ world }) => Object.assign(world, { autoScaling: { targetCount: 1, policyNames: [] } }),
      { ...state, planIsVoid: 'auto-scaled' },
    ],
    ['a quarter of an hour', ({ run }) => run.advance(15 * minuteMs), state],
    ['more than that', ({ run }) => run.advance(15 * minuteMs + 1), { ...state, planIsVoid: 'too-old' }],
    ['another size', ({ world }) => Object.assign(world, { volumeGiB: 510 }), { ...state, volumeGiB: 510 }],
  ])('after %s', async (_name, arrange, seen) => {
    const { request, storage } = await planned();
    arrange(storage);
    expect(await request.fetchState()).toEqual(seen);
  });
});
