import fc from 'fast-check';
import { hourMs, minuteMs } from '../../../shared/core/units.ts';
import type { Fate } from '../acting/turnstile.ts';
import { attackers } from './bucket.ts';
import { type HostileHistory, happenings } from './model.ts';

/** What happens is spread over the hostile part of a history; what may be left out of it a failure does without. */
const event = fc.record({ atTurn: fc.nat(170), what: fc.constantFrom(...happenings), pick: fc.nat(40) });

const callFate = fc.constantFrom<Fate[]>(
  ...(['answered', 'answered', 'answered', 'fails', 'answer-lost', 'late', 'dies-before', 'dies-after'] as const),
);

export const hostileHistories: fc.Arbitrary<HostileHistory> = fc.record({
  seed: fc.nat(2 ** 31 - 1),
  mode: fc.constantFrom('act', 'act', 'act', 'act', 'act', 'act', 'plan', 'off'),
  actsPerHour: fc.constantFrom(1, 1, 2, 4),
  approval: fc.record({
    isRequired: fc.boolean(),
    mayInitiatorApprove: fc.boolean(),
    validMinutes: fc.constantFrom(30, 24 * 60),
  }),
  claim: fc.constantFrom('first', 'first', 'first', 'first', 'each', 'each', 'each', 'second', 'deleted', 'denied'),
  mustTell: fc.constantFrom(false, false, true),
  chaosPercent: fc.constantFrom(0, 2, 5, 15),
  attacker: fc.constantFrom(...attackers, 'break-glass', 'break-glass'),
  traits: fc.record({
    operationMs: fc.constantFrom(minuteMs, 10 * minuteMs, hourMs),
    lockMs: fc.constantFrom(0, 10 * minuteMs, 6 * hourMs),
    versionMoves: fc.constantFrom('at-once', 'at-the-end'),
    willFail: fc.constantFrom(false, false, false, true),
  }),
  callFates: fc.array(callFate, { maxLength: 3 }),
  events: fc.array(event, { maxLength: 12, size: 'max' }),
});
