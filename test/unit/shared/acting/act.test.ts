import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ActRecord } from '../../../../shared/acting/core/record.ts';
import type { ActDoor } from '../../../../shared/acting/door.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { failing, openQuietDoor, plannedAtMs, planRequest } from '../../../support/acting/door.ts';

const unreadable = async (): Promise<never> => {
  throw new DependencyError('s3:GetObject', 'bad-answer', 'bad answer: damaged');
};
const minuteMs = 60_000;

test('an act is called once, and its record says who planned, saw, called and got what', async () => {
  const { door, record, told } = openQuietDoor();
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
  expect(await applyAct(request, door)).toEqual(decision);
  expect(sent.count).toBe(1);
  expect(told).toHaveLength(1);
});

test('an approver whose session is an e-mail address is kept by name', async () => {
  const { door, record } = openQuietDoor();
  const by = 'arn:aws:sts::111122223333:assumed-role/approver/alice@example.com';
  await applyAct(planRequest({ approval: { by, atMs: plannedAtMs } }).request, door);
  expect(record.read()?.value.approval?.by).toBe('arn:aws:sts::111122223333:assumed-role/approver/alice');
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
  expect(await applyAct(request, quiet.door)).toEqual({ decision: 'would-act' });
  expect(sent.count).toBe(0);
  expect(quiet.told).toHaveLength(1);
});

const stops: readonly [
  what: string,
  reason: string,
  door: Partial<ActDoor>,
  request: Parameters<typeof planRequest>[0],
][] = [
  ['the kill switch is on', 'kill-switch', { fetchKillSwitch: async () => ({ value: 'on' }) }, {}],
  [
    'the kill switch is unknown',
    'kill-switch-unknown',
    { fetchKillSwitch: async () => ({ value: 'unknown', message: 'gone' }) },
    {},
  ],
  ['the kill switch cannot be asked', 'kill-switch-unknown', { fetchKillSwitch: unreadable }, {}],
  ['no window is open for a disruptive act', 'window', {}, { isDisruptive: true }],
  ['the budget is zero', 'budget', { actsPerHour: 0 }, {}],
  ['the budget is damaged', 'budget-unknown', { budget: { fetch: unreadable, apply: unreadable } }, {}],
  [
    'the budget cannot be written',
    'budget-unknown',
    { budget: { fetch: async () => undefined, apply: unreadable } },
    {},
  ],
  ['the state moved', 'state-moved', {}, { fetchState: async () => ({ version: 'K2', sizeGiB: 100 }) }],
  ['the state cannot be read', 'state-unknown', {}, { fetchState: unreadable }],
  ['the state is no number', 'state-unknown', {}, { fetchState: async () => ({ version: 'K1', sizeGiB: Number.NaN }) }],
  ['the time of the run is up', 'state-unknown', { isOver: () => true }, {}],
];
test.each(stops)('where %s nothing is called: %s', async (_what, reason, door, request) => {
  const { sent, request: planned } = planRequest(request);
  const decision = await applyAct(planned, openQuietDoor(door).door);
  expect(decision).toMatchObject({
    decision: 'stopped',
    reason,
    message: expect.stringMatching(/\S.*[.]$|gone|damaged/),
  });
  expect(sent.count).toBe(0);
});

test('where the mode is off nothing is looked at and nothing is called', async () => {
  const quiet = openQuietDoor();
  const door: ActDoor = { ...quiet.door, modes: { ...quiet.door.modes, 'storage-scaling': 'off' } };
  const { request, sent } = planRequest();
  expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'mode-off' });
  expect(sent.count).toBe(0);
  expect(quiet.record.read()).toBeUndefined();
});

test('a damaged budget and a damaged record are left as they are', async () => {
  const quiet = openQuietDoor();
  const writes: string[] = [];
  const note = (what: string) => async (): Promise<never> => {
    writes.push(what);
    throw new Error('written over');
  };
  const { request, sent } = planRequest();
  const noBudget = { ...quiet.door, budget: { fetch: unreadable, apply: note('budget') } };
  expect(await applyAct(request, noBudget)).toMatchObject({ reason: 'budget-unknown' });
  quiet.claim.write(claimOf(), 'absent');
  const audit = { ...quiet.door.audit, fetchRecord: unreadable, applyRecord: note('record') };
  expect(await applyAct(request, { ...quiet.door, audit })).toMatchObject({ reason: 'audit-unknown' });
  const claims = { ...quiet.door.audit, fetchClaim: unreadable, applyClaim: note('claim') };
  expect(await applyAct(request, { ...quiet.door, audit: claims })).toMatchObject({ reason: 'audit-unknown' });
  expect(writes).toEqual([]);
  expect(sent.count).toBe(0);
});

test('a kill switch that is turned on between the intent and the call stops it, and the try is withdrawn', async () => {
  let reads = 0;
  const fetchKillSwitch: ActDoor['fetchKillSwitch'] = async () => {
    reads += 1;
    return { value: reads === 2 ? 'on' : 'off' };
  };
  const { door, record } = openQuietDoor({ fetchKillSwitch });
  const { request, sent } = planRequest({ isLocked: false });
  expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'kill-switch' });
  expect(sent.count).toBe(0);
  expect(record.read()?.value).toMatchObject({ tries: [{ withdrawn: { reason: 'kill-switch' } }] });
  expect(record.read()?.value.end).toBeUndefined();
  // Turned off again, it acts at once: the withdrawn try is known not to have called.
  expect(await applyAct(request, door)).toMatchObject({ decision: 'acted' });
  expect(sent.count).toBe(1);
});

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

const claimOf = () => {
  const { procedure, cause } = planRequest().request;
  return { procedure, cause, plannedAtMs };
};

/** A record whose one try of another run may have called. */
const openTry = (atMs: number, isLocked: boolean): ActRecord => {
  const { procedure, cause, plan, target, plannedState } = planRequest().request;
  const described = { procedure, cause, plan, target, plannedAtMs, plannedState, isDisruptive: false, isLocked };
  const tries = [{ id: 'other', execution: 'execution-0', atMs, seenState: plannedState }];
  return { version: 1, cluster: 'orders', mode: 'act', ...described, tries };
};

test.each([
  ['with a lock it is tried again at once', true, 1, 'acted'],
  ['without a lock it waits until nothing can be under way any more', false, 17, 'outcome-unknown'],
  ['without a lock it is tried again after that', false, 19, 'acted'],
] as const)('an earlier try that shows no effect: %s', async (_what, isLocked, ageMinutes, expected) => {
  const nowMs = plannedAtMs + ageMinutes * minuteMs;
  const { door, record, claim } = openQuietDoor({ nowMs: () => nowMs });
  record.write(openTry(plannedAtMs, isLocked), 'absent');
  claim.write(claimOf(), 'absent');
  const { request } = planRequest({ isLocked });
  const decision = await applyAct(request, door);
  expect('reason' in decision ? decision.reason : decision.decision).toBe(expected);
  if (expected === 'outcome-unknown') expect(decision).toMatchObject({ retryAtMs: plannedAtMs + 18 * minuteMs });
  else expect(record.read()?.value.tries.map(({ id }) => id)).toEqual(['other', 'try-1']);
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

test.each(['', 'Orders', 'a/b', '-a', 'x'.repeat(129)])('%j is no cause', async (cause) => {
  const { request } = planRequest({ cause });
  await expect(applyAct(request, openQuietDoor().door)).rejects.toMatchObject({ name: 'ConfigError' });
});

test('an error that is no dependency’s ends the run and leaves the intent for the next one', async () => {
  const { door, record } = openQuietDoor();
  const { request } = planRequest({
    call: async () => {
      throw new TypeError('a bug');
    },
  });
  await expect(applyAct(request, door)).rejects.toThrow('a bug');
  expect(record.read()?.value.tries).toHaveLength(1);
  expect(record.read()?.value.end).toBeUndefined();
});

test('a record whose claim was deleted by hand is found all the same, and nothing is called twice', async () => {
  const quiet = openQuietDoor();
  const { request, sent } = planRequest();
  await applyAct(request, quiet.door);
  const other = openQuietDoor();
  const audit = {
    ...other.door.audit,
    fetchRecord: quiet.door.audit.fetchRecord,
    applyRecord: quiet.door.audit.applyRecord,
  };
  expect(await applyAct(request, { ...other.door, audit })).toMatchObject({ decision: 'acted', requestId: 'r-1' });
  expect(sent.count).toBe(1);
});
