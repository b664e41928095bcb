import fc from 'fast-check';
import type { History, Start, Turn } from './history-model.ts';
import type { Fate } from './turnstile.ts';

const minuteMs = 60_000;

const fault = fc.constantFrom<Fate[]>('fails', 'answer-lost', 'late', 'sent-twice', 'dies-before', 'dies-after');
const answered = fc.constant<Fate>('answered');

/** Mostly answered questions, so that runs get far; how often something else happens is the history's. */
const turnOf = (startWeight: number): fc.Arbitrary<Turn> =>
  fc.record({
    pick: fc.nat(5),
    fate: fc.oneof({ weight: 40, arbitrary: answered }, { weight: 3, arbitrary: fault }),
    failure: fc.constantFrom('timed-out', 'throttled', 'unreachable', 'failed'),
    passMs: fc.oneof(
      { weight: 30, arbitrary: fc.nat(3_000) },
      { weight: 3, arbitrary: fc.nat(2 * minuteMs) },
      { weight: 1, arbitrary: fc.integer({ min: 2 * minuteMs, max: 40 * minuteMs }) },
      { weight: 1, arbitrary: fc.integer({ min: 55 * minuteMs, max: 63 * minuteMs }) },
    ),
    outside: fc.oneof(
      { weight: 40, arbitrary: fc.constant('nothing' as const) },
      { weight: startWeight, arbitrary: fc.constant('starts-a-run' as const) },
      { weight: 2, arbitrary: fc.constant('lands-what-is-late' as const) },
      {
        weight: 2,
        arbitrary: fc.constantFrom('moves-the-state', 'refuses', 'on', 'off', 'garbage'),
      },
    ),
  });

const skewMs = fc.integer({ min: -minuteMs / 2, max: minuteMs / 2 });
const replans = fc.constantFrom(false, false, false, true);

const historyOf = (starts: fc.Arbitrary<Start[]>, turn: fc.Arbitrary<Turn>, actsPerHour: fc.Arbitrary<number>) =>
  fc.record({
    startsAt: fc.constantFrom<History['startsAt'][]>('23:50:00', '00:29:20'),
    isLocked: fc.boolean(),
    isDisruptive: fc.boolean(),
    actsPerHour,
    starts,
    turns: fc.array(turn, { maxLength: 120, size: 'max' }),
    callFates: fc.array(fc.oneof(answered, fault), { maxLength: 4 }),
  });

/** Runs of several causes on one cluster, in every mode. */
export const histories: fc.Arbitrary<History> = historyOf(
  fc.array(
    fc.record({
      cause: fc.constantFrom('a', 'a', 'b', 'c'),
      mode: fc.constantFrom('act', 'act', 'act', 'act', 'plan', 'off'),
      skewMs,
      replans,
    }),
    { minLength: 1, maxLength: 7, size: 'max' },
  ),
  turnOf(5),
  fc.constantFrom(0, 1, 1, 2, 4),
);

/** Runs of one cause, close together: they meet at every question. */
export const races: fc.Arbitrary<History> = historyOf(
  fc.array(fc.record({ cause: fc.constant('a'), mode: fc.constant('act' as const), skewMs, replans }), {
    minLength: 2,
    maxLength: 5,
    size: 'max',
  }),
  turnOf(15),
  fc.constant(4),
);
