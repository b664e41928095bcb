import { describe, expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ActRecord } from '../../../../shared/acting/core/record.ts';
import type { Effect } from '../../../../shared/acting/core/request.ts';
import type { ActDoor } from '../../../../shared/acting/door.ts';
import { failing, type Outcome, openQuietDoor, plannedAtMs, planRequest } from '../../../support/acting/door.ts';

const minuteMs = 60_000;
const conflict = () => failing('conflict', 412);
const claim = { procedure: 'storage-scaling', cause: 'orders-storage-scaling-3', plannedAtMs } as const;

/** A store that refuses so many writes of a kind, as if other runs were faster each time, and counts them. */
const refusing = (times: number) => {
  const seen = { count: 0 };
  const pass = () => {
    seen.count += 1;
    if (seen.count <= times) throw conflict();
  };
  return { seen, pass };
};

/** An open try of another run in the record, `ageMs` before the door's clock says `plannedAtMs`. */
const openTry = (atMs: number): ActRecord => {
  const { plan, target, plannedState } = planRequest().request;
  return {
    version: 1,
    cluster: 'orders',
    mode: 'act',
    ...claim,
    plan,
    target,
    plannedState,
    isDisruptive: false,
    isLocked: true,
    tries: [{ id: 'other', execution: 'execution-0', atMs, seenState: plannedState }],
  };
};

describe('a time at which nothing can have been planned', () => {
  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(9999, 0) + 1, 8.64e15])(
    '%d is refused',
    async (at) => {
      const { request } = planRequest({ plannedAtMs: at });
      const { door, claim: claimed } = openQuietDoor();
      await expect(applyAct(request, door)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining('is no time at which orders-storage-scaling-3 was planned'),
      });
      expect(claimed.read()).toBeUndefined();
    },
  );

  test.each([0, Date.UTC(9999, 0)])('%d is not', async (at) => {
    const { door } = openQuietDoor({ nowMs: () => at + 1_000 });
    expect(await applyAct(planRequest({ plannedAtMs: at }).request, door)).toMatchObject({ decision: 'acted' });
  });

  test('a cause has 128 characters at most, and one at least', async () => {
    for (const cause of ['x', 'x'.repeat(128)]) {
      expect(await applyAct(planRequest({ cause }).request, openQuietDoor().door)).toMatchObject({ decision: 'acted' });
    }
  });
});

describe('the place in the budget', () => {
  const withBudget = (times: number) => {
    const quiet = openQuietDoor();
    const { seen, pass } = refusing(times);
    const apply: ActDoor['budget']['apply'] = async (document, condition) => {
      pass();
      return quiet.budget.write(document, condition);
    };
    return { quiet, seen, door: { ...quiet.door, budget: { ...quiet.door.budget, apply } } };
  };

  test('is taken at the tenth attempt where nine runs were faster', async () => {
    const { door, quiet, seen } = withBudget(9);
    expect(await applyAct(planRequest().request, door)).toMatchObject({ decision: 'acted' });
    expect(seen.count).toBe(10);
    expect(quiet.budget.read()?.value.reservations).toMatchObject([{ cause: claim.cause }]);
  });

  test('is given up after ten', async () => {
    const { door, seen } = withBudget(10);
    const { request, sent } = planRequest();
    expect(await applyAct(request, door)).toMatchObject({
      reason: 'budget-unknown',
      message: expect.stringContaining('other runs wrote it 10 times'),
    });
    expect([seen.count, sent.count]).toEqual([10, 0]);
  });

  test('that cannot be written stops at once, and says so', async () => {
    const { door } = openQuietDoor();
    let writes = 0;
    const apply = async () => {
      writes += 1;
      throw failing('denied', 403);
    };
    const { request, sent } = planRequest();
    expect(await applyAct(request, { ...door, budget: { ...door.budget, apply } })).toMatchObject({
      reason: 'budget-unknown',
      message: expect.stringMatching(/cannot be written \(.*denied/),
    });
    expect([writes, sent.count]).toEqual([1, 0]);
  });
});

describe('the claim and the intent', () => {
  test.each([
    ['claim', { applyClaim: () => Promise.reject(failing('denied', 403)) }],
    ['record', { applyRecord: () => Promise.reject(failing('denied', 403)) }],
  ] as const)('that cannot be written as %s stop the act', async (_what, audit) => {
    const { door } = openQuietDoor();
    const { request, sent } = planRequest();
    expect(await applyAct(request, { ...door, audit: { ...door.audit, ...audit } })).toMatchObject({
      decision: 'stopped',
      reason: 'audit-unknown',
      message: expect.stringMatching(/cannot be written \(.*denied.*so nothing was called/),
    });
    expect(sent.count).toBe(0);
  });

  test.each([
    [7, 'acted', 8],
    [8, 'stopped', 8],
  ] as const)('that %i other runs were faster with: %s after %i rounds', async (times, decision, rounds) => {
    const quiet = openQuietDoor();
    const { seen, pass } = refusing(times);
    const applyClaim: ActDoor['audit']['applyClaim'] = async (value) => {
      pass();
      quiet.claim.write(value, 'absent');
    };
    const { request, sent } = planRequest();
    const door = { ...quiet.door, audit: { ...quiet.door.audit, applyClaim } };
    const decided = await applyAct(request, door);
    expect(decided).toMatchObject({ decision });
    if (decision === 'stopped') {
      expect(decided).toMatchObject({ reason: 'audit-unknown', message: expect.stringContaining('its audit 8 times') });
    }
    expect([seen.count, sent.count]).toEqual([rounds, decision === 'acted' ? 1 : 0]);
  });

  test('whose answer was lost are found as ours, and not made twice', async () => {
    const quiet = openQuietDoor();
    const applyRecord: ActDoor['audit']['applyRecord'] = async (_claim, value, condition) => {
      const written = quiet.record.write(value, condition);
      // The SDK repeats a write of which the answer was lost, and meets its own.
      if (value.end === undefined) throw conflict();
      return written;
    };
    const { request, sent } = planRequest();
    const door = { ...quiet.door, audit: { ...quiet.door.audit, applyRecord } };
    expect(await applyAct(request, door)).toMatchObject({ decision: 'acted' });
    expect(sent.count).toBe(1);
    expect(quiet.record.read()?.value.tries).toHaveLength(1);
  });

  test('of mode plan whose answer was lost are found as ours, too, and told once', async () => {
    const quiet = openQuietDoor();
    const applyRecord: ActDoor['audit']['applyRecord'] = async (_claim, value, condition) => {
      quiet.record.write(value, condition);
      throw conflict();
    };
    const door = {
      ...quiet.door,
      modes: { ...quiet.door.modes, 'storage-scaling': 'plan' as const },
      audit: { ...quiet.door.audit, applyRecord },
    };
    expect(await applyAct(planRequest().request, door)).toEqual({ decision: 'would-act' });
    expect(quiet.told).toHaveLength(1);
    expect(quiet.record.read()?.value.end).toEqual({
      id: 'try-1',
      atMs: plannedAtMs + 1_000,
      execution: 'execution-1',
      decision: 'would-act',
    });
  });

  test('that another run wrote meanwhile are judged anew', async () => {
    const quiet = openQuietDoor();
    let writes = 0;
    const applyRecord: ActDoor['audit']['applyRecord'] = async (_claim, value, condition) => {
      writes += 1;
      if (writes === 1) quiet.record.write(openTry(plannedAtMs), 'absent');
      return quiet.record.write(value, condition);
    };
    const { request, sent } = planRequest();
    const door = { ...quiet.door, audit: { ...quiet.door.audit, applyRecord } };
    expect(await applyAct(request, door)).toMatchObject({ decision: 'acted' });
    expect(sent.count).toBe(1);
    expect(quiet.record.read()?.value.tries.map(({ id }) => id)).toEqual(['other', expect.stringContaining('try-')]);
  });
});

describe('a try that is withdrawn', () => {
  /** The kill switch goes on between intent and call; so many withdrawals are pushed aside. */
  const withdraw = async (times: number, audit: Partial<ActDoor['audit']> = {}) => {
    let reads = 0;
    const quiet = openQuietDoor({
      fetchKillSwitch: async () => {
        reads += 1;
        return { value: reads === 2 ? 'on' : 'off' };
      },
    });
    const { seen, pass } = refusing(times);
    const applyRecord: ActDoor['audit']['applyRecord'] = async (_claim, value, condition) => {
      if (value.tries.some(({ withdrawn }) => withdrawn !== undefined)) pass();
      return quiet.record.write(value, condition);
    };
    const { request, sent } = planRequest({ isLocked: false });
    const door = { ...quiet.door, audit: { ...quiet.door.audit, applyRecord, ...audit } };
    expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'kill-switch' });
    expect(sent.count).toBe(0);
    const { problems } = quiet;
    return { count: seen.count, withdrawn: quiet.record.read()?.value.tries[0]?.withdrawn, problems };
  };

  test('is kept as such beside the try of a run that came meanwhile', async () => {
    let reads = 0;
    const quiet = openQuietDoor({
      fetchKillSwitch: async () => {
        reads += 1;
        const there = quiet.record.read();
        // After the intent, before the withdrawal.
        if (reads === 2 && there !== undefined) {
          const other = { id: 'other', execution: 'execution-2', atMs: plannedAtMs, seenState: null };
          quiet.record.write({ ...there.value, tries: [...there.value.tries, other] }, 'always');
        }
        return { value: reads === 2 ? 'on' : 'off' };
      },
    });
    await applyAct(planRequest().request, quiet.door);
    const tries = quiet.record.read()?.value.tries.map(({ id, withdrawn }) => [id, withdrawn?.reason]);
    expect(tries).toEqual([
      ['try-1', 'kill-switch'],
      ['other', undefined],
    ]);
    expect(quiet.problems).toEqual([]);
  });

  test.each([
    [0, 1],
    [1, 2],
    [2, 3],
  ])('is kept as such though %i other writes push it aside', async (times, count) => {
    const { count: writes, withdrawn } = await withdraw(times);
    expect(writes).toBe(count);
    expect(withdrawn).toMatchObject({ reason: 'kill-switch', atMs: plannedAtMs + 1_000 });
  });

  const untold =
    'the try of storage-scaling orders-storage-scaling-3 was not marked as withdrawn: kafka:UpdateBrokerStorage: conflict: no';

  test('is let be after three, and that is reported: the next run asks the truth instead', async () => {
    expect(await withdraw(3)).toEqual({ count: 3, withdrawn: undefined, problems: [untold] });
  });

  test.each<[string, ActDoor['audit']['fetchRecord']]>([
    ['cannot be read', () => Promise.reject(failing('denied', 403))],
    ['is gone', async () => undefined],
  ])('is tried on where the record %s meanwhile', async (_what, fetchRecord) => {
    expect(await withdraw(3, { fetchRecord })).toMatchObject({ count: 3, problems: [untold] });
    expect((await withdraw(1, { fetchRecord })).withdrawn).toMatchObject({ reason: 'kill-switch' });
  });
});

describe('a state that moved', () => {
  const movedState = async () => ({ sizeGiB: 200, version: 'K2' });
  /** Another run's try comes into the record while this one reads the state. */
  const meanwhile = (effects: readonly Effect<Outcome>[], nowMs = plannedAtMs + 1_000) => {
    const quiet = openQuietDoor({ nowMs: () => nowMs });
    let asked = 0;
    const { request, sent } = planRequest({
      fetchState: async () => {
        if (quiet.record.read() === undefined) {
          quiet.record.write(openTry(plannedAtMs), 'absent');
          quiet.claim.write(claim, 'absent');
        }
        return movedState();
      },
      fetchEffect: async () => effects[Math.min(asked++, effects.length - 1)] ?? { kind: 'absent' },
    });
    return { quiet, sent, run: () => applyAct(request, quiet.door) };
  };

  test('without any try is the stop, and nothing is kept', async () => {
    const { door, record } = openQuietDoor();
    const { request, sent } = planRequest({ fetchState: movedState });
    expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'state-moved' });
    expect(record.read()).toBeUndefined();
    expect(sent.count).toBe(0);
  });

  test('is no stop for good where the audit cannot be read by then', async () => {
    const quiet = openQuietDoor();
    let reads = 0;
    const fetchClaim: ActDoor['audit']['fetchClaim'] = async () => {
      reads += 1;
      if (reads === 2) throw failing('denied', 403);
      return undefined;
    };
    const { request } = planRequest({ fetchState: movedState });
    const door = { ...quiet.door, audit: { ...quiet.door.audit, fetchClaim } };
    expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'audit-unknown' });
  });

  test('by a run beside this one is that run’s act', async () => {
    const { run, sent, quiet } = meanwhile([{ kind: 'done', outcome: { operationArn: 'arn:op-7' } }]);
    expect(await run()).toMatchObject({ decision: 'adopted', outcome: { operationArn: 'arn:op-7' } });
    expect(quiet.record.read()?.value.end).toMatchObject({ decision: 'adopted' });
    expect(sent.count).toBe(0);
  });

  test('while nobody knows whether that run acted is no stop for good', async () => {
    const { run, quiet } = meanwhile([{ kind: 'unknown', message: 'no answer' }]);
    expect(await run()).toMatchObject({ reason: 'outcome-unknown', message: expect.stringContaining('no answer') });
    expect(quiet.record.read()?.value.end).toBeUndefined();
  });

  test('while that run’s call may be under way waits for it', async () => {
    const { run, quiet } = meanwhile([{ kind: 'absent' }]);
    expect(await run()).toMatchObject({
      reason: 'outcome-unknown',
      message: expect.stringMatching(/^The state moved/),
      retryAtMs: plannedAtMs + 18 * minuteMs,
    });
    expect(quiet.record.read()?.value.end).toBeUndefined();
  });

  test('long after a try that came to nothing ends the cause', async () => {
    const { run, quiet } = meanwhile([{ kind: 'absent' }], plannedAtMs + 30 * minuteMs);
    expect(await run()).toMatchObject({ decision: 'stopped', reason: 'state-moved' });
    expect(quiet.record.read()?.value.end).toMatchObject({ decision: 'stopped', reason: 'state-moved' });
  });

  test('by a run beside this one that has told its end already is that end, though the truth lags behind', async () => {
    const quiet = openQuietDoor();
    quiet.claim.write(claim, 'absent');
    const frame = { id: 'other', atMs: plannedAtMs, execution: 'execution-0' };
    const end = { ...frame, decision: 'acted', outcome: { operationArn: 'arn:op-7' }, requestId: 'r-7' } as const;
    const { request, sent } = planRequest({
      fetchState: async () => {
        quiet.record.write({ ...openTry(plannedAtMs), end }, 'absent');
        return movedState();
      },
    });
    expect(await applyAct(request, quiet.door)).toEqual({
      decision: 'acted',
      outcome: { operationArn: 'arn:op-7' },
      requestId: 'r-7',
    });
    expect(sent.count).toBe(0);
  });

  test('after an earlier try is adopted where the truth shows it only then', async () => {
    const quiet = openQuietDoor();
    quiet.record.write(openTry(plannedAtMs), 'absent');
    quiet.claim.write(claim, 'absent');
    let asked = 0;
    const { request } = planRequest({
      fetchState: movedState,
      fetchEffect: async () => {
        asked += 1;
        return asked === 1 ? { kind: 'absent' } : { kind: 'done', outcome: { operationArn: 'arn:op-7' } };
      },
    });
    expect(await applyAct(request, quiet.door)).toMatchObject({ decision: 'adopted' });
  });
});

describe('an earlier try', () => {
  const found = (effect: Effect<Outcome>, more: Partial<ActRecord> = {}) => {
    const quiet = openQuietDoor();
    quiet.record.write({ ...openTry(plannedAtMs), ...more }, 'absent');
    quiet.claim.write(claim, 'absent');
    const asked = { count: 0 };
    const { request, sent } = planRequest({
      fetchEffect: async () => {
        asked.count += 1;
        return effect;
      },
    });
    return { quiet, sent, asked, run: (door: Partial<ActDoor> = {}) => applyAct(request, { ...quiet.door, ...door }) };
  };

  test('that may have acted, with a truth that cannot be read, lets nothing happen', async () => {
    const { run, sent } = found({ kind: 'unknown', message: 'no answer' });
    expect(await run()).toMatchObject({
      reason: 'outcome-unknown',
      message: expect.stringMatching(/An earlier try may have acted.*no answer/),
    });
    expect(sent.count).toBe(0);
  });

  test('that was withdrawn is not asked about', async () => {
    const withdrawn = { atMs: plannedAtMs, reason: 'kill-switch', message: 'on' } as const;
    const tries = openTry(plannedAtMs).tries.map((one) => ({ ...one, withdrawn }));
    const { run, asked } = found({ kind: 'done', outcome: { operationArn: 'arn:none' } }, { tries });
    expect(await run()).toMatchObject({ decision: 'acted', requestId: 'r-1' });
    expect(asked.count).toBe(0);
  });

  test('that may still call keeps mode plan from writing over it', async () => {
    const { run, quiet } = found({ kind: 'absent' });
    const modes = { ...quiet.door.modes, 'storage-scaling': 'plan' as const };
    expect(await run({ modes })).toMatchObject({
      reason: 'outcome-unknown',
      message: expect.stringMatching(/^The mode is plan now/),
    });
    expect(quiet.record.read()?.value.end).toBeUndefined();
    expect(await run({ modes, nowMs: () => plannedAtMs + 18 * minuteMs })).toEqual({ decision: 'would-act' });
  });
});

describe('the words after a call', () => {
  const afterFailure = (effect: Effect<Outcome>) => {
    const { request } = planRequest({
      call: async () => {
        throw failing('timed-out');
      },
      fetchEffect: async () => effect,
    });
    return applyAct(request, openQuietDoor().door);
  };

  test('say what is known of it', async () => {
    expect(await afterFailure({ kind: 'absent' })).toMatchObject({
      message: expect.stringMatching(/^The call got no certain answer \(.*\) and no effect is to be seen yet/),
    });
    expect(await afterFailure({ kind: 'unknown', message: 'denied' })).toMatchObject({
      message: expect.stringContaining('the truth cannot be read (denied)'),
    });
  });

  test('say that it was not done where its end cannot be kept', async () => {
    const quiet = openQuietDoor();
    let writes = 0;
    const applyRecord: ActDoor['audit']['applyRecord'] = async (_claim, value, condition) => {
      if (value.end === undefined) return quiet.record.write(value, condition);
      writes += 1;
      throw failing('unreachable');
    };
    const { request } = planRequest({
      call: async () => {
        throw failing('failed', 400);
      },
    });
    const door = { ...quiet.door, audit: { ...quiet.door.audit, applyRecord } };
    expect(await applyAct(request, door)).toMatchObject({
      reason: 'audit-unknown',
      message: expect.stringMatching(/^The act was not done \(request r-refused\), but its record cannot be closed/),
    });
    expect(writes).toBe(4);
  });

  test.each<[string, ActDoor['audit']['fetchRecord']]>([
    ['cannot be read', () => Promise.reject(failing('denied', 403))],
    ['is gone', async () => undefined],
  ])('are the same where the record %s between two writes of its end', async (_what, fetchRecord) => {
    const quiet = openQuietDoor();
    const { seen, pass } = refusing(3);
    const applyRecord: ActDoor['audit']['applyRecord'] = async (_claim, value, condition) => {
      if (value.end !== undefined) pass();
      return quiet.record.write(value, condition);
    };
    const door = { ...quiet.door, audit: { ...quiet.door.audit, applyRecord, fetchRecord } };
    expect(await applyAct(planRequest().request, door)).toMatchObject({ decision: 'acted', requestId: 'r-1' });
    expect(seen.count).toBe(4);
  });
});
