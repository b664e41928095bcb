import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import { claimOf, openQuietDoor, openTry, plannedAtMs, planRequest } from '../../../support/acting/door.ts';

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
