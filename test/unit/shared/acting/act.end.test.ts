import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ActDoor } from '../../../../shared/acting/door.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { failing, openQuietDoor, plannedAtMs, planRequest } from '../../../support/acting/door.ts';

const unreadable = async (): Promise<never> => {
  throw new DependencyError('s3:GetObject', 'bad-answer', 'bad answer: damaged');
};

test('an act without an outcome has a record that can be read', async () => {
  const { door, record } = openQuietDoor();
  const { request } = planRequest();
  await applyAct({ ...request, call: async () => ({ outcome: undefined, requestId: 'r-1' }) }, door);
  expect(record.read()?.value.end).toMatchObject({ decision: 'acted', outcome: null });
});

test('the run whose call was accepted corrects one that only saw the effect, and the bus hears of it once', async () => {
  const { door, record, told } = openQuietDoor();
  const { request } = planRequest({
    call: async () => {
      const there = record.read();
      if (there === undefined) throw new Error('called without an intent');
      const frame = { id: 'other', atMs: plannedAtMs, execution: 'execution-2' };
      const end = { ...frame, decision: 'adopted', outcome: { operationArn: 'arn:op-1' } } as const;
      record.write({ ...there.value, end }, 'always');
      return { outcome: { operationArn: 'arn:op-1' }, requestId: 'r-1' };
    },
  });
  expect(await applyAct(request, door)).toMatchObject({ decision: 'acted', requestId: 'r-1' });
  expect(record.read()?.value.end).toMatchObject({ decision: 'acted', requestId: 'r-1' });
  expect(told).toEqual([]);
});

test('an end whose answer was lost is told once, and not at all over one that was told', async () => {
  for (const [isTold, count] of [
    [false, 1],
    [true, 0],
  ] as const) {
    const quiet = openQuietDoor();
    const { request } = planRequest({
      call: async () => {
        const there = quiet.record.read();
        const frame = { id: 'other', atMs: plannedAtMs, execution: 'execution-2' };
        const end = { ...frame, decision: 'adopted', outcome: { operationArn: 'arn:op-1' } } as const;
        if (isTold && there !== undefined) quiet.record.write({ ...there.value, end }, 'always');
        return { outcome: { operationArn: 'arn:op-1' }, requestId: 'r-1' };
      },
    });
    const applyRecord: ActDoor['audit']['applyRecord'] = async (claim, value, condition) => {
      await quiet.door.audit.applyRecord(claim, value, condition);
      if (value.end !== undefined) throw failing('timed-out');
      return { etag: quiet.record.read()?.etag ?? '' };
    };
    const audit = { ...quiet.door.audit, applyRecord };
    expect(await applyAct(request, { ...quiet.door, audit })).toMatchObject({ decision: 'acted' });
    expect(quiet.told).toHaveLength(count);
  }
});

test('an end that cannot be kept says that the act is done, and asking again adopts it', async () => {
  const quiet = openQuietDoor();
  const applyRecord: ActDoor['audit']['applyRecord'] = (claim, value, condition) =>
    value.end === undefined ? quiet.door.audit.applyRecord(claim, value, condition) : unreadable();
  const { request, sent } = planRequest({
    fetchEffect: async () => ({ kind: 'done', outcome: { operationArn: 'arn:op-1' } }),
  });
  const audit = { ...quiet.door.audit, applyRecord };
  expect(await applyAct(request, { ...quiet.door, audit })).toMatchObject({
    reason: 'audit-unknown',
    message: expect.stringMatching(/The act is done \(request r-1\)/),
  });
  expect(await applyAct(request, quiet.door)).toMatchObject({ decision: 'adopted' });
  expect(sent.count).toBe(1);
});

test('a bus that takes nothing costs the act nothing, and is reported', async () => {
  const { door, record, problems } = openQuietDoor({ publish: unreadable });
  const { request } = planRequest();
  expect(await applyAct(request, door)).toMatchObject({ decision: 'acted' });
  expect(record.read()?.value.end).toMatchObject({ decision: 'acted' });
  expect(problems).toEqual([
    expect.stringContaining('the bus was not told of storage-scaling orders-storage-scaling-3'),
  ]);
});
