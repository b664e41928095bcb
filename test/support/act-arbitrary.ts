import fc from 'fast-check';
import type { History, Start, Turn } from './act-history.ts';
import type { Fate } from './turnstile.ts';

const minuteMs = 60_000;

const fault = fc.constantFrom<Fate[]>('fails', 'answer-lost', 'late', 'sent-twice', 'dies-before', 'dies-after');
const turn: fc.Arbitrary<Turn> = fc.record({
  pick: fc.nat(5),
  fate: fc.oneof({ weight: 40, arbitrary: fc.constant('answered' as const) }, { weight: 3, arbitrary: fault }),
  failure: fc.constantFrom('timed-out', 'throttled', 'unreachable', 'failed'),
  passMs: fc.oneof(
    { weight: 8, arbitrary: fc.nat(3_000) },
    { weight: 2, arbitrary: fc.nat(2 * minuteMs) },
    { weight: 1, arbitrary: fc.nat(40 * minuteMs) },
  ),
  outside: fc.oneof(
    { weight: 40, arbitrary: fc.constant('nothing' as const) },
    { weight: 5, arbitrary: fc.constant('starts-a-run' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'moves-the-state' as const,
        'lands-what-is-late' as const,
        'refuses' as const,
        'on' as const,
        'off' as const,
        'garbage' as const,
      ),
    },
  ),
});
const start: fc.Arbitrary<Start> = fc.record({
  cause: fc.constantFrom('a', 'a', 'b', 'c'),
  mode: fc.constantFrom('act', 'act', 'act', 'act', 'plan', 'off'),
  skewMs: fc.integer({ min: -minuteMs / 2, max: minuteMs / 2 }),
  replans: fc.constantFrom(false, false, false, true),
});
/** Histories of one cluster: mostly answered questions, so that runs get far, and a fault here and there. */
export const histories: fc.Arbitrary<History> = fc.record({
  isLocked: fc.boolean(),
  isDisruptive: fc.boolean(),
  actsPerHour: fc.constantFrom(0, 1, 1, 2, 4),
  starts: fc.array(start, { minLength: 1, maxLength: 7, size: 'max' }),
  turns: fc.array(turn, { maxLength: 120, size: 'max' }),
  callFates: fc.array(fc.oneof(fc.constant('answered' as const), fault), { maxLength: 4 }),
});
