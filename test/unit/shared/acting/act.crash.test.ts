import { describe, expect, test } from 'vitest';
import { playHistory } from '../../../support/acting/history.ts';
import type { History, Turn } from '../../../support/acting/history-model.ts';
import type { Fate } from '../../../support/acting/turnstile.ts';

/** One act asks this often, from the claim to the bus; beyond it nothing is left to kill. */
const questions = [
  'claim read',
  'kill switch',
  'budget read',
  'budget written',
  'state',
  'claim written',
  'intent written',
  'kill switch again',
  'call',
  'end written',
  'bus',
] as const;
const fates = ['dies-before', 'dies-after', 'answer-lost', 'late', 'sent-twice', 'fails'] as const;
const nextFates = ['dies-before', 'dies-after', 'answer-lost', 'late'] as const;

const turn = (fate: Fate, more: Partial<Turn> = {}): Turn => ({
  pick: 0,
  fate,
  failure: 'timed-out',
  passMs: 500,
  outside: 'nothing',
  ...more,
});
const answered = (count: number): Turn[] => Array.from({ length: count }, () => turn('answered'));
const start = { cause: 'a', mode: 'act', skewMs: 0, replans: false } as const;
const historyOf = (isLocked: boolean, turns: readonly Turn[]): History => ({
  startsAt: '23:50:00',
  isLocked,
  isDisruptive: true,
  actsPerHour: 1,
  starts: [start, start],
  turns,
  callFates: [],
});

test('an act asks what the table says', async () => {
  const { world, violations } = await playHistory({
    ...historyOf(true, answered(questions.length)),
    starts: [start],
  });
  expect(violations).toEqual([]);
  expect([world.acceptedOf('a'), world.published.length, world.turnstile.waitingCount()]).toEqual([1, 1, 0]);
});

describe.each([
  ['with an optimistic lock', true],
  ['without a lock', false],
])('an API %s', (_what, isLocked) => {
  test.each(questions.map((question, index) => [question, index] as const))(
    'the run is hit at its question "%s", and the next one at any other, at once or 20 minutes later',
    async (_question, first) => {
      for (const fate of fates) {
        for (const second of questions.keys()) {
          for (const next of nextFates) {
            const passMs = (first + second) % 2 === 0 ? 500 : 20 * 60_000;
            const again = turn('answered', { outside: 'starts-a-run', passMs });
            // The second run begins while what is left of the first one, if it lives, is still waiting.
            const turns = [...answered(first), turn(fate), again, ...answered(second), turn(next)];
            const { violations, world } = await playHistory(historyOf(isLocked, turns));
            expect(violations, `${fate}, then ${questions[second]} ${next}`).toEqual([]);
            expect(world.acceptedOf('a'), `${fate}, then ${questions[second]} ${next}`).toBe(1);
          }
        }
      }
    },
  );
});
