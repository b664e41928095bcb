import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ClusterClaim } from '../../../../shared/acting/core/questions.ts';
import type { ActDoor } from '../../../../shared/acting/door.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { claimOf, openQuietDoor, planRequest } from '../../../support/acting/door.ts';

const unreadable = async (): Promise<never> => {
  throw new DependencyError('s3:GetObject', 'bad-answer', 'bad answer: damaged');
};

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
  [
    'another stack keeps the cluster',
    'cluster-claim',
    { fetchClusterClaim: async () => ({ holder: 'another', message: 'Another stack keeps it.' }) },
    {},
  ],
  ['who keeps the cluster cannot be asked', 'cluster-claim', { fetchClusterClaim: unreadable }, {}],
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

test('a state that cannot be read is told with the reason of who was asked', async () => {
  const { request } = planRequest({ fetchState: unreadable });
  expect(await applyAct(request, openQuietDoor().door)).toMatchObject({
    message: expect.stringMatching(/^The state cannot be read \(.*damaged\), so nothing was called/),
  });
});

test('where the mode is off nothing is looked at and nothing is called', async () => {
  const quiet = openQuietDoor();
  const door: ActDoor = { ...quiet.door, modes: { ...quiet.door.modes, 'storage-scaling': 'off' } };
  const { request, sent } = planRequest();
  expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'mode-off' });
  expect(sent.count).toBe(0);
  expect(quiet.record.read()).toBeUndefined();
});

test('a damaged record is left as it is', async () => {
  const quiet = openQuietDoor();
  const writes: string[] = [];
  const note = (what: string) => async (): Promise<never> => {
    writes.push(what);
    throw new Error('written over');
  };
  const { request, sent } = planRequest();
  quiet.claim.write(claimOf(), 'absent');
  const audit = { ...quiet.door.audit, fetchRecord: unreadable, applyRecord: note('record') };
  expect(await applyAct(request, { ...quiet.door, audit })).toMatchObject({ reason: 'audit-unknown' });
  const claims = { ...quiet.door.audit, fetchClaim: unreadable, applyClaim: note('claim') };
  expect(await applyAct(request, { ...quiet.door, audit: claims })).toMatchObject({ reason: 'audit-unknown' });
  expect(writes).toEqual([]);
  expect(sent.count).toBe(0);
});

test('a damaged budget that cannot be set aside stops by both calls, and is left as it is', async () => {
  const { request, sent } = planRequest();
  const fails = (call: string, failure: 'bad-answer' | 'denied') => async (): Promise<never> => {
    throw new DependencyError(call, failure, `${failure}: as the test has it`);
  };
  const budget = { fetch: fails('s3:GetObject', 'bad-answer'), apply: fails('s3:PutObject', 'denied') };
  expect(await applyAct(request, { ...openQuietDoor().door, budget })).toMatchObject({
    reason: 'budget-unknown',
    message: expect.stringMatching(/s3:GetObject: bad-answer.*could not be set aside: s3:PutObject: denied.*mend/),
  });
  expect(sent.count).toBe(0);
});

test('a damaged budget is set aside: nobody acts for the hour of which nobody knows, and the next one is well', async () => {
  const quiet = openQuietDoor();
  const { request, sent } = planRequest();
  let isDamaged = true;
  const conditions: unknown[] = [];
  const budget: ActDoor['budget'] = {
    fetch: async () => {
      if (isDamaged) throw new DependencyError('s3:GetObject', 'bad-answer', 'bad answer: budget is damaged');
      return quiet.budget.read();
    },
    apply: async (document, condition) => {
      conditions.push(condition);
      isDamaged = false;
      return quiet.budget.write(document, condition);
    },
  };
  let nowMs = quiet.door.nowMs();
  const door = { ...quiet.door, budget, nowMs: () => nowMs };
  const held = await applyAct(request, door);
  expect(held).toMatchObject({
    reason: 'budget-unknown',
    message: expect.stringMatching(/could not be read at .* set aside .* nothing acts until/),
  });
  expect(conditions).toEqual(['always']);
  expect(quiet.problems).toEqual([expect.stringContaining('set aside')]);
  const { retryAtMs = 0 } = held.decision === 'stopped' ? held : {};
  expect(retryAtMs).toBe(nowMs + 62 * minuteMs);
  nowMs = retryAtMs - 1;
  expect(await applyAct(request, door)).toMatchObject({ reason: 'budget-unknown', retryAtMs });
  expect(sent.count).toBe(0);
  nowMs = retryAtMs;
  expect(await applyAct(request, door)).toMatchObject({ decision: 'acted' });
  expect(quiet.budget.read()?.value).not.toHaveProperty('heldFromMs');
});

test('a budget that S3 does not give is left as it is', async () => {
  const quiet = openQuietDoor();
  const { request, sent } = planRequest();
  const denied = async (): Promise<never> => {
    throw new DependencyError('s3:GetObject', 'denied', 'denied');
  };
  const apply = async (): Promise<never> => {
    throw new Error('written over');
  };
  expect(await applyAct(request, { ...quiet.door, budget: { fetch: denied, apply } })).toMatchObject({
    reason: 'budget-unknown',
  });
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

test.each<[what: string, claim: ClusterClaim]>([
  ['is taken by another stack', { holder: 'another', message: 'Another stack keeps it.' }],
  ['is deleted', { holder: 'unknown', message: 'Which stack keeps the cluster is not known.' }],
])(
  'a claim on the cluster that %s between the intent and the call stops it, and the try is withdrawn',
  async (_what, claim) => {
    let reads = 0;
    const fetchClusterClaim: ActDoor['fetchClusterClaim'] = async () => {
      reads += 1;
      return reads === 2 ? claim : { holder: 'this-stack' };
    };
    const { door, record } = openQuietDoor({ fetchClusterClaim });
    const { request, sent } = planRequest({ isLocked: false });
    expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'cluster-claim' });
    expect(sent.count).toBe(0);
    expect(record.read()?.value).toMatchObject({ tries: [{ withdrawn: { reason: 'cluster-claim' } }] });
    expect(record.read()?.value.end).toBeUndefined();
    expect(await applyAct(request, door)).toMatchObject({ decision: 'acted' });
    expect(sent.count).toBe(1);
  },
);
