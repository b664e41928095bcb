import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginLook,
  type ClaimStep,
  claimLook,
  endLook,
  freeClaim,
  giveBack,
  type LeftWake,
  type LookClaim,
  mayLookAgain,
  planRetryMs,
  takeWaiting,
  wakesOf,
} from '../../../../../../functions/health/cluster-health/core/claim.ts';
import { deployment } from '../../../../../../functions/health/cluster-health/deployment.ts';

const second = 1_000;
const noon = Date.UTC(2026, 0, 14, 12);
const wakeOf = (alarmName: string, more: Partial<LeftWake> = {}): LeftWake => ({
  alarmName,
  rule: 'cpu-used',
  changedAtMs: noon,
  eventId: `event of ${alarmName}`,
  ...more,
});
const claimOf = (step: ClaimStep | { readonly kind: 'idle' }): LookClaim =>
  ('claim' in step ? step.claim : undefined) ?? freeClaim;
const namesOf = (list: LookClaim['waiting']) => list.wakes.map(({ alarmName }) => alarmName);
const first = { runId: 'first', round: 1 };
const held = claimOf(claimLook(freeClaim, 'first', wakeOf('a'), noon));

test('the first wake looks at once, and a second leaves its name, rule and time', () => {
  expect(claimLook(freeClaim, 'first', wakeOf('a'), noon)).toMatchObject({ kind: 'look', notBeforeMs: noon });
  const refused = claimLook(held, 'second', wakeOf('b'), noon + second);
  expect(refused).toMatchObject({ kind: 'left', holderRunId: 'first' });
  expect(claimOf(refused).waiting.wakes).toEqual([wakeOf('b')]);
});

test('a claim lapses when the function of its holder can live no longer, and no sooner', () => {
  const longestMs = 1000 * deployment.function.timeoutSeconds;
  expect(claimLook(held, 'second', wakeOf('b'), noon + longestMs - 1).kind).toBe('left');
  expect(claimLook(held, 'second', wakeOf('b'), noon + longestMs).kind).toBe('look');
});

test('a claim lapses after 120 s, and what its holder looked for is looked for again', () => {
  const waiting = claimOf(claimLook(held, 'second', wakeOf('b'), noon + second));
  expect(claimLook(waiting, 'third', wakeOf('c'), noon + 119_999)).toMatchObject({ kind: 'left' });
  const taken = claimLook(waiting, 'third', wakeOf('c'), noon + 120_000);
  expect(taken).toMatchObject({ kind: 'look', claim: { holder: { runId: 'third' } } });
  expect(taken.kind === 'look' && namesOf(taken.serving)).toEqual(['a', 'b', 'c']);
});

test('a claim from far ahead was made by a clock that is wrong, and holds nobody up', () => {
  expect(claimLook(held, 'second', wakeOf('b'), noon - 120 * second)).toMatchObject({ kind: 'left' });
  expect(claimLook(held, 'second', wakeOf('b'), noon - 121 * second)).toMatchObject({
    kind: 'look',
    notBeforeMs: noon - 121 * second,
  });
});

test('a second attempt of a run takes its own claim over at once', () => {
  expect(claimLook(held, 'first', wakeOf('a'), noon + 61 * second)).toMatchObject({ kind: 'look' });
  const soon = noon + 5 * second;
  expect(claimLook(held, 'first', wakeOf('a'), soon)).toMatchObject({ kind: 'look', notBeforeMs: soon });
  // With another wake it is no second attempt: its look waits like any other.
  expect(claimLook(held, 'first', wakeOf('b'), soon)).toMatchObject({ kind: 'look', notBeforeMs: noon + 30 * second });
});

test('a second delivery of a wake that waits or is served is not left twice', () => {
  expect(claimLook(held, 'again', wakeOf('a'), noon + second)).toEqual({ kind: 'left', holderRunId: 'first' });
  const waiting = claimOf(claimLook(held, 'second', wakeOf('b'), noon + second));
  expect(claimLook(waiting, 'again', wakeOf('b'), noon + second)).toEqual({ kind: 'left', holderRunId: 'first' });
});

test('who is done looks once more for what was left since, 30 s after its last look began', () => {
  const waiting = claimOf(claimLook(held, 'second', wakeOf('b'), noon + second));
  const again = endLook(waiting, first, true, noon + 8 * second);
  expect(again).toMatchObject({ kind: 'look', notBeforeMs: noon + 30 * second });
  expect(again.kind === 'look' && namesOf(again.serving)).toEqual(['b']);
  const late = claimOf(claimLook(claimOf(again), 'third', wakeOf('c'), noon + 20 * second));
  const begun = beginLook(late, 'first', noon + 30 * second);
  expect(begun.kind === 'look' && namesOf(begun.serving)).toEqual(['b', 'c']);
  const done = endLook(claimOf(begun), { runId: 'first', round: claimOf(begun).round }, true, noon + 40 * second);
  expect(done).toEqual({ kind: 'released', claim: { ...freeClaim, round: 3, beganAtMs: noon + 30 * second } });
});

test('an end whose answer was lost is not an end of the look that it began', () => {
  const waiting = claimOf(claimLook(held, 'second', wakeOf('b'), noon + second));
  const again = endLook(waiting, first, true, noon + 8 * second);
  expect(endLook(claimOf(again), first, true, noon + 9 * second)).toEqual(again);
});

test('who may not look again leaves what waits to the next wake or to the schedule', () => {
  const waiting = claimOf(claimLook(held, 'second', wakeOf('b'), noon + second));
  const done = endLook(waiting, first, false, noon + 8 * second);
  expect(done).toMatchObject({ kind: 'released' });
  expect(takeWaiting(claimOf(done), 'scheduled', noon + 60 * second)).toMatchObject({
    kind: 'look',
    serving: { wakes: [wakeOf('b')] },
    notBeforeMs: noon + 60 * second,
  });
});

test('a change that is still to come is not the newest of its alarm', () => {
  const forged = {
    ...held,
    serving: { ...held.serving, wakes: [{ ...wakeOf('b'), changedAtMs: Date.UTC(9999, 0), eventId: 'forged' }] },
  };
  const step = claimLook(forged, 'second', wakeOf('b'), noon + 120_000);
  expect(step).toMatchObject({ kind: 'look', serving: { wakes: [wakeOf('b')] } });
});

test('who failed gives back what it looked for', () => {
  const back = claimOf(giveBack(held, 'first', noon));
  expect(back).toMatchObject({ waiting: { wakes: [wakeOf('a')] } });
  expect(back.holder).toBeUndefined();
});

test('who was taken over changes nothing any more', () => {
  const taken = claimOf(claimLook(held, 'second', wakeOf('b'), noon + 120_000));
  for (const step of [
    beginLook(taken, 'first', noon),
    endLook(taken, first, true, noon),
    giveBack(taken, 'first', noon),
  ]) {
    expect(step).toEqual({ kind: 'lost' });
  }
});

test('a scheduled run takes nothing from a holder that is alive, and nothing where nothing waits', () => {
  expect(takeWaiting(held, 'scheduled', noon + second)).toEqual({ kind: 'left', holderRunId: 'first' });
  expect(takeWaiting(freeClaim, 'scheduled', noon)).toEqual({ kind: 'idle' });
});

test.each([
  ['after its third look', 3, 110, 31, false],
  ['with 44 s left after the pause', 1, 66, 8, false],
  ['with 45 s left after the pause', 1, 67, 8, true],
  ['with 45 s left and no pause', 2, 45, 31, true],
])('whether a holder looks once more: %s', (_name, looks, remainingSeconds, afterSeconds, expected) => {
  const nowMs = noon + afterSeconds * second;
  expect(mayLookAgain(held, looks, remainingSeconds * second, nowMs)).toBe(expected);
});

test('alarms beyond a hundred are counted, and their rules are looked for', () => {
  const many = Array.from({ length: 130 }, (_, index) => wakeOf(`alarm-${index}`, { rule: `rule-${index % 50}` }));
  const full = many.reduce(
    (claim, wake, index) => claimOf(claimLook(claim, `run-${index}`, wake, noon + second)),
    held,
  );
  expect(full.waiting.wakes).toHaveLength(100);
  expect(full.waiting.beyondCount).toBe(30);
  expect(full.waiting.beyondRules).toHaveLength(30);
  const rules = new Set(wakesOf(full.waiting, noon).map(({ rule }) => rule));
  expect(many.every(({ rule }) => rules.has(rule))).toBe(true);
});

test('an alarm that flaps waits once, as it stands last', () => {
  const closed = wakeOf('b', { changedAtMs: noon + 5, eventId: 'closed' });
  const waiting = claimOf(claimLook(claimOf(claimLook(held, 'x', closed, noon + 9)), 'y', wakeOf('b'), noon + 9));
  expect(waiting.waiting.wakes).toEqual([closed]);
});

test('sixty writers that lost a race do not meet again at once', () => {
  expect(planRetryMs(1, 1)).toBe(100);
  expect(planRetryMs(60, 1)).toBe(3_000);
  expect(planRetryMs(60, 0)).toBe(0);
});

/** What befalls one run: its clock, how long its looks take, whether it dies or throws, whether an answer is lost. */
const anyFate = fc.record({
  skewMs: fc.integer({ min: -5_000, max: 5_000 }),
  lookMs: fc.integer({ min: 500, max: 30_000 }),
  end: fc.constantFrom('well', 'well', 'well', 'dies', 'throws'),
  isAnswerLost: fc.boolean(),
});
type Fate = typeof anyFate extends fc.Arbitrary<infer Value> ? Value : never;
type Arrival = { readonly atMs: number; readonly alarm: number; readonly isScheduled: boolean; readonly fate: Fate };

type Look = {
  readonly runId: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly claimedAtMs: number;
  readonly served: readonly string[];
  readonly isWhole: boolean;
};

/**
 * Plays a history, the claim being one document that writes change one after the other. Each arrival is an event; a run
 * that was started is a list of later events of its own.
 */
function play(arrivals: readonly Arrival[]) {
  let claim = freeClaim;
  const looks: Look[] = [];
  const queue: { readonly atMs: number; readonly happen: (nowMs: number) => void }[] = [];
  const at = (atMs: number, happen: (nowMs: number) => void) => {
    queue.push({ atMs, happen });
  };
  /** An answer that is lost after its write was done makes the run decide anew. */
  const change = <Step extends { readonly kind: string; readonly claim?: LookClaim }>(
    fate: Fate,
    decide: () => Step,
  ): Step => {
    const step = decide();
    claim = step.claim ?? claim;
    if (!fate.isAnswerLost) return step;
    const again = decide();
    claim = again.claim ?? claim;
    return again;
  };
  const hold = (runId: string, fate: Fate, startedAtMs: number, first: Extract<ClaimStep, { kind: 'look' }>) => {
    const round = (step: Extract<ClaimStep, { kind: 'look' }>, count: number, nowMs: number) => {
      const beginsAtMs = Math.max(nowMs, step.notBeforeMs - fate.skewMs);
      at(beginsAtMs, (beganAtMs) => {
        const begun = beginsAtMs > nowMs ? change(fate, () => beginLook(claim, runId, beganAtMs + fate.skewMs)) : step;
        const { serving, claim: written } = begun.kind === 'look' ? begun : step;
        const served = namesOf(serving);
        const look = (endedAtMs: number, isWhole: boolean) =>
          looks.push({ runId, beganAtMs, endedAtMs, claimedAtMs: startedAtMs, served, isWhole });
        const endsAtMs = Math.min(beganAtMs + fate.lookMs, startedAtMs + 119_000);
        if (fate.end === 'dies') {
          look(endsAtMs, false);
          return;
        }
        at(endsAtMs, (endedAtMs) => {
          look(endedAtMs, fate.end === 'well');
          if (fate.end === 'throws') {
            change(fate, () => giveBack(claim, runId, endedAtMs + fate.skewMs));
            return;
          }
          const remainingMs = startedAtMs + 119_000 - endedAtMs;
          const ownMs = endedAtMs + fate.skewMs;
          const ended = change(fate, () =>
            endLook(claim, { runId, round: written.round }, mayLookAgain(claim, count, remainingMs, ownMs), ownMs),
          );
          if (ended.kind === 'look') round(ended, count + 1, endedAtMs);
        });
      });
    };
    round(first, 1, startedAtMs);
  };
  arrivals.forEach(({ atMs, alarm, isScheduled, fate }, index) => {
    at(atMs, (nowMs) => {
      const runId = `run-${index}`;
      const wake = wakeOf(`alarm-${alarm}`, { changedAtMs: nowMs, eventId: `event-${index}` });
      const step = change(fate, () =>
        isScheduled
          ? takeWaiting(claim, runId, nowMs + fate.skewMs)
          : claimLook(claim, runId, wake, nowMs + fate.skewMs),
      );
      if (step.kind === 'look') hold(runId, fate, nowMs, step);
    });
  });
  while (queue.length > 0) {
    queue.sort((left, right) => left.atMs - right.atMs);
    const next = queue.shift();
    next?.happen(next.atMs);
  }
  return { looks, claim };
}

const anyArrival = fc.record({
  atMs: fc.integer({ min: 0, max: 400_000 }).map((ms) => noon + ms),
  alarm: fc.integer({ min: 0, max: 12 }),
  isScheduled: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  fate: anyFate,
});
const wellMeant: Fate = { skewMs: 0, lookMs: 8_000, end: 'well', isAnswerLost: false };
const netAtMs = noon + 900_000;
const net: Arrival = { atMs: netAtMs, alarm: 0, isScheduled: true, fate: wellMeant };

describe('whatever befalls the runs', () => {
  test('every wake is followed by a whole look for it that began after it, at the latest the schedule’s', () => {
    fc.assert(
      fc.property(fc.array(anyArrival, { maxLength: 40 }), (arrivals) => {
        const { looks, claim } = play([...arrivals, net]);
        for (const { alarm, atMs } of arrivals.filter(({ isScheduled }) => !isScheduled)) {
          const isServed = looks.some(
            ({ beganAtMs, served, isWhole }) => isWhole && beganAtMs >= atMs && served.includes(`alarm-${alarm}`),
          );
          expect(isServed, `alarm-${alarm} of ${atMs - noon}`).toBe(true);
        }
        expect(claim).toMatchObject({ serving: { wakes: [] }, waiting: { wakes: [] } });
      }),
      { numRuns: 500 },
    );
  });

  test('of two runs that hold the look, the second came when the first could no longer live, but for their clocks', () => {
    fc.assert(
      fc.property(fc.array(anyArrival, { maxLength: 40 }), (arrivals) => {
        const looks = play([...arrivals, net]).looks.toSorted((left, right) => left.beganAtMs - right.beganAtMs);
        for (const [index, later] of looks.entries()) {
          for (const earlier of looks.slice(0, index)) {
            if (earlier.runId === later.runId || earlier.endedAtMs <= later.beganAtMs) continue;
            expect(later.claimedAtMs - earlier.claimedAtMs).toBeGreaterThanOrEqual(120_000 - 10_000);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('sixty wakes in a minute make three looks at most, of which the last begins after the last wake', () => {
    const storm = fc.array(fc.integer({ min: 0, max: 59_999 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(storm, fc.integer({ min: 500, max: 20_000 }), (times, lookMs) => {
        const arrivals = times.map((ms, alarm) => ({
          atMs: noon + ms,
          alarm,
          isScheduled: false,
          fate: { ...wellMeant, lookMs },
        }));
        const { looks, claim } = play(arrivals);
        expect(looks.length).toBeLessThanOrEqual(3);
        expect(looks.at(-1)?.beganAtMs).toBeGreaterThanOrEqual(noon + Math.max(...times));
        expect(claim.holder).toBeUndefined();
      }),
    );
  });
});
