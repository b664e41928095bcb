import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ActDoor } from '../../../../shared/acting/door.ts';
import { openQuietDoor, plannedAtMs, planRequest } from '../../../support/acting/door.ts';

test('an act is called once, and its record says who planned, saw, called and got what', async () => {
  const { door, record, told, problems } = openQuietDoor();
  const { request, sent } = planRequest({ approval: { by: 'arn:aws:iam::111122223333:role/lead', atMs: plannedAtMs } });
  const decision = await applyAct(request, door);
  expect(decision).toEqual({ decision: 'acted', outcome: { operationArn: 'arn:op-1' }, requestId: 'r-1' });
  expect(record.read()?.value).toEqual({
    version: 1,
    cluster: 'orders',
    procedure: 'storage-scaling',
    cause: 'orders-storage-scaling-3',
    mode: 'act',
    plan: request.plan,
    target: { sizeGiB: 200 },
    plannedAtMs,
    plannedState: { version: 'K1', sizeGiB: 100 },
    isDisruptive: false,
    isLocked: true,
    approval: { by: 'arn:aws:iam::111122223333:role/lead', atMs: plannedAtMs },
    tries: [
      {
        id: 'try-1',
        execution: 'execution-1',
        atMs: plannedAtMs + 1_000,
        seenState: { version: 'K1', sizeGiB: 100 },
      },
    ],
    end: {
      id: 'try-2',
      execution: 'execution-1',
      atMs: plannedAtMs + 1_000,
      decision: 'acted',
      outcome: { operationArn: 'arn:op-1' },
      requestId: 'r-1',
    },
  });
  expect(told).toEqual([record.read()?.value]);
  expect(problems).toEqual([]);
  expect(await applyAct(request, { ...door, execution: 'execution-2' })).toEqual(decision);
  expect(sent.count).toBe(1);
  expect(told).toHaveLength(1);
});

test('an approver whose session is an e-mail address is kept by the letter', async () => {
  const { door, record } = openQuietDoor();
  const by = 'arn:aws:sts::111122223333:assumed-role/approver/alice@example.com';
  await applyAct(planRequest({ approval: { by, atMs: plannedAtMs } }).request, door);
  expect(record.read()?.value.approval?.by).toBe(by);
});

test('mode plan keeps the same record, calls nothing and takes no budget', async () => {
  const quiet = openQuietDoor();
  const door: ActDoor = { ...quiet.door, modes: { ...quiet.door.modes, 'storage-scaling': 'plan' } };
  const { request, sent } = planRequest();
  expect(await applyAct(request, door)).toEqual({ decision: 'would-act' });
  expect(quiet.record.read()?.value).toMatchObject({
    mode: 'plan',
    plan: request.plan,
    end: { decision: 'would-act' },
  });
  expect(quiet.budget.read()).toBeUndefined();
  expect(quiet.told).toHaveLength(1);
  // The mode that comes later does not turn an old plan into an act.
  expect(await applyAct(request, { ...quiet.door, execution: 'execution-2' })).toEqual({ decision: 'would-act' });
  expect(sent.count).toBe(0);
  expect(quiet.told).toHaveLength(1);
});

test.each(['', 'Orders', 'a/b', '-a', 'x'.repeat(129)])('%j is no cause', async (cause) => {
  const { request } = planRequest({ cause });
  await expect(applyAct(request, openQuietDoor().door)).rejects.toMatchObject({ name: 'ConfigError' });
});
