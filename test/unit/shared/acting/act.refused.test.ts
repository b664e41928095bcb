import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ActDoor } from '../../../../shared/acting/door.ts';
import { claimOf, failing, openQuietDoor, openTry, plannedAtMs, planRequest } from '../../../support/acting/door.ts';

test.each([
  ['a refusal with an effect that is ours', failing('failed', 400), 'done', { decision: 'adopted' }],
  ['a refusal for certain', failing('failed', 400), 'absent', { decision: 'stopped', reason: 'api-refused' }],
  ['a denial', failing('denied', 403), 'absent', { decision: 'stopped', reason: 'api-refused' }],
  [
    'a refusal after a retry of the SDK’s own',
    failing('failed', 400, { attempts: 2 }),
    'absent',
    { reason: 'outcome-unknown' },
  ],
  ['a throttle', failing('throttled', 429), 'absent', { reason: 'outcome-unknown' }],
  ['a throttle that is a 400', failing('throttled', 400), 'absent', { reason: 'outcome-unknown' }],
  ['a time-out', failing('timed-out'), 'absent', { reason: 'outcome-unknown' }],
  ['a time-out whose act is seen', failing('timed-out'), 'done', { decision: 'adopted' }],
  ['a fault of the service', failing('failed', 500), 'absent', { reason: 'outcome-unknown' }],
  ['an answer that cannot be read', failing('bad-answer', 200), 'absent', { reason: 'outcome-unknown' }],
  ['a refusal while the truth is unknown', failing('failed', 400), 'unknown', { reason: 'outcome-unknown' }],
] as const)('%s', async (_what, error, kind, expected) => {
  const { door, record } = openQuietDoor();
  const fetchEffect = async () => {
    if (kind === 'done') return { kind, outcome: { operationArn: 'arn:op-1' } } as const;
    return kind === 'absent' ? ({ kind } as const) : ({ kind, message: 'no answer' } as const);
  };
  const { request } = planRequest({
    call: async () => {
      throw error;
    },
    fetchEffect,
  });
  expect(await applyAct(request, door)).toMatchObject(expected);
  const isUncertain = 'reason' in expected && expected.reason === 'outcome-unknown';
  expect(record.read()?.value.end === undefined).toBe(isUncertain);
});

test('what the API refused is refused for ever under its cause, and says why, in words and as a word', async () => {
  const { door, record } = openQuietDoor();
  const { request, sent } = planRequest({
    call: async () => {
      throw failing('failed', 400, { refusal: 'storage-optimizing' });
    },
  });
  const first = await applyAct(request, door);
  const refusal = 'storage-optimizing';
  expect(first).toMatchObject({ reason: 'api-refused', refusal, message: expect.stringContaining('failed: no') });
  expect(await applyAct(request, door)).toEqual(first);
  expect(sent.count).toBe(1);
  expect(record.read()?.value.end).toMatchObject({ decision: 'stopped', refusal, requestId: 'r-refused' });
});

test('a refusal while another run’s call may be under way is no refusal yet', async () => {
  const { door, record, claim } = openQuietDoor();
  record.write(openTry(plannedAtMs, true), 'absent');
  claim.write(claimOf(), 'absent');
  const { request } = planRequest({
    call: async () => {
      throw failing('failed', 400);
    },
  });
  expect(await applyAct(request, door)).toMatchObject({ reason: 'outcome-unknown' });
  expect(record.read()?.value.end).toBeUndefined();
});

test('a refusal is no end where another run comes to the cause before it is kept', async () => {
  const quiet = openQuietDoor();
  let reads = 0;
  const fetchRecord: ActDoor['audit']['fetchRecord'] = async () => {
    const there = quiet.record.read();
    reads += 1;
    // After this run has looked whether it is alone, and before it writes its end.
    if (reads === 2 && there !== undefined) {
      const other = { id: 'other', execution: 'execution-2', atMs: plannedAtMs, seenState: null };
      quiet.record.write({ ...there.value, tries: [...there.value.tries, other] }, 'always');
    }
    return there;
  };
  const audit = { ...quiet.door.audit, fetchRecord };
  const { request } = planRequest({
    call: async () => {
      throw failing('failed', 400);
    },
  });
  quiet.claim.write(claimOf(), 'absent');
  expect(await applyAct(request, { ...quiet.door, audit })).toMatchObject({ reason: 'outcome-unknown' });
  expect(quiet.record.read()?.value.end).toBeUndefined();
});

test('a refusal of a cause that another run has settled meanwhile is that run’s decision', async () => {
  const { door, record, told } = openQuietDoor();
  const { request } = planRequest({
    call: async () => {
      const there = record.read();
      if (there === undefined) throw new Error('called without an intent');
      const frame = { id: 'other', atMs: plannedAtMs, execution: 'execution-2' };
      const end = { ...frame, decision: 'acted', outcome: { operationArn: 'arn:op-9' }, requestId: 'r-9' } as const;
      record.write({ ...there.value, end }, 'always');
      throw failing('failed', 400);
    },
  });
  expect(await applyAct(request, door)).toEqual({
    decision: 'acted',
    outcome: { operationArn: 'arn:op-9' },
    requestId: 'r-9',
  });
  expect(told).toEqual([]);
});
