import { expect, test } from 'vitest';
import { type ActDoor, applyAct } from '../../../../shared/acting/act.ts';
import { claimOf, failing, openQuietDoor, openTry, plannedAtMs, planRequest } from '../../../support/acting/door.ts';

const minuteMs = 60_000;

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

type Stopped = [what: string, reason: string, over: Partial<ActDoor>, more: Parameters<typeof planRequest>[0]];
const stops: Stopped[] = [
  ['the kill switch', 'kill-switch', { fetchKillSwitch: async () => ({ value: 'on' }) }, {}],
  [
    'an unknown kill switch',
    'kill-switch-unknown',
    { fetchKillSwitch: async () => ({ value: 'unknown', message: 'Gone.' }) },
    {},
  ],
  ['the budget', 'budget', { actsPerHour: 0 }, {}],
  ['the calendar', 'window', {}, { isDisruptive: true }],
  ['a state that cannot be read', 'state-unknown', {}, { fetchState: () => Promise.reject(failing('timed-out')) }],
  ['the end of its time', 'state-unknown', { isOver: () => true }, {}],
  ['mode off', 'mode-off', { modes: { ...openQuietDoor().door.modes, 'storage-scaling': 'off' } }, {}],
];

test.each(stops)(
  'a run that is stopped by %s says so, but not of a try whose call may still be under way',
  async (_what, reason, over, more) => {
    for (const ageMinutes of [17, 19]) {
      const nowMs = plannedAtMs + ageMinutes * minuteMs;
      const { door, record, claim } = openQuietDoor({ nowMs: () => nowMs, ...over });
      record.write(openTry(plannedAtMs, true), 'absent');
      claim.write(claimOf(), 'absent');
      const { request, sent } = planRequest(more);
      const decision = await applyAct(request, door);
      const alone = await applyAct(request, openQuietDoor({ nowMs: () => nowMs, ...over }).door);
      expect(alone).toMatchObject({ decision: 'stopped', reason });
      const { message } = alone as Extract<typeof alone, { decision: 'stopped' }>;
      const stirring = `${message.replace(/\.$/, '')}, and a call of an earlier try may still be under way: ask again with the same request.`;
      expect(decision).toEqual(
        ageMinutes === 17
          ? {
              decision: 'stopped',
              reason: 'outcome-unknown',
              message: stirring,
              retryAtMs: plannedAtMs + 18 * minuteMs,
            }
          : alone,
      );
      expect(sent.count).toBe(0);
    }
  },
);

test('what may be under way is judged as of when the truth was read, however long the run was held up since', async () => {
  let nowMs = plannedAtMs + 17 * minuteMs;
  const { door, record, claim } = openQuietDoor({
    nowMs: () => nowMs,
    fetchKillSwitch: async () => {
      nowMs += 30 * minuteMs;
      return { value: 'on' };
    },
  });
  record.write(openTry(plannedAtMs, true), 'absent');
  claim.write(claimOf(), 'absent');
  expect(await applyAct(planRequest().request, door)).toMatchObject({ reason: 'outcome-unknown' });
});

test('whoever closed a record and asks again tells the bus again: he was cut off, perhaps before it heard; nobody else does', async () => {
  const quiet = openQuietDoor();
  const { request, sent } = planRequest();
  const decision = await applyAct(request, quiet.door);
  for (const [execution, count] of [
    ['execution-2', 1],
    ['execution-1', 2],
  ] as const) {
    expect(await applyAct(request, { ...quiet.door, execution })).toEqual(decision);
    expect(quiet.told).toHaveLength(count);
  }
  expect(quiet.told[1]).toEqual(quiet.told[0]);
  expect(sent.count).toBe(1);
});

test.each([
  ['execution-1', 1],
  ['execution-2', 0],
])(
  'an end of %s that came late, while this run of execution-1 closed the record, is told to the bus so often: %i',
  async (execution, count) => {
    const { door, record, claim, told } = openQuietDoor({ nowMs: () => plannedAtMs + minuteMs });
    record.write(openTry(plannedAtMs, true), 'absent');
    claim.write(claimOf(), 'absent');
    const outcome = { operationArn: 'arn:op-1' };
    const { request } = planRequest({
      fetchEffect: async () => {
        const kept = record.read();
        const end = { id: 'late', atMs: plannedAtMs, execution, decision: 'adopted', outcome } as const;
        if (kept !== undefined && kept.value.end === undefined) record.write({ ...kept.value, end }, kept);
        return { kind: 'done', outcome };
      },
    });
    expect(await applyAct(request, door)).toEqual({ decision: 'adopted', outcome });
    expect(told).toHaveLength(count);
  },
);

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
