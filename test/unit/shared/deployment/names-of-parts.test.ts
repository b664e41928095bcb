import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitName, joinParts, logicalIdOf } from '../../../../shared/deployment/names-of-parts.ts';

/** Words as users may write them: keys, endpoints, topics, groups, with what folds into each other made likely. */
const word = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[aA1][aA1._-]{0,5}$/) },
  fc.constantFrom('ops-2', 'ops2', 'orders.dlq', 'orders-dlq', 'orders_dlq', 'a/b', 'a', 'b', '%2F', '/', '…'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.stringMatching(/^[a-zA-Z0-9._-]{200,249}$/),
);
const parts = fc.array(word, { minLength: 1, maxLength: 4 });
const isSame = (left: readonly string[], right: readonly string[]) => JSON.stringify(left) === JSON.stringify(right);

describe('a logical id', () => {
  test('of lower-case words says them as it always did, so that no topic, queue or key is replaced', () => {
    expect(logicalIdOf('Role', 'cluster-health')).toBe('ClusterHealthRole');
    expect(logicalIdOf('Topic', 'emergency')).toBe('EmergencyTopic');
    expect(logicalIdOf('', 'ops2')).toBe('Ops2');
  });

  test('of words that fold into each other are as many as the words', () => {
    const words = ['ops-2', 'ops2', 'ops--2', 'Ops2', 'orders.v1', 'orders-v1', 'orders_v1', 'ordersV1', 'orders/v1'];
    expect(new Set(words.map((one) => logicalIdOf('Alarm', 'cluster-health', one))).size).toBe(words.length);
  });

  test('of whatever one user wrote is one of those words alone, of letters and digits, within 255', () => {
    fc.assert(
      fc.property(word, word, (left, right) => {
        const [one, other] = [logicalIdOf('Alarm', left), logicalIdOf('Alarm', right)];
        expect(one).toMatch(/^[A-Za-z0-9]{1,255}$/);
        expect(one === other).toBe(left === right);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a name of parts', () => {
  test('can be taken apart again, whatever the parts hold, and has no control character', () => {
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        expect(joinParts(...left) === joinParts(...right)).toBe(isSame(left, right));
        expect(joinParts(...left)).not.toMatch(/\p{Cc}|\p{Cs}/u);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is left as it is where it fits; a longer one keeps its beginning and differs by its end', () => {
    fc.assert(
      fc.property(parts, parts, fc.constantFrom(64, 80, 255), (left, right, most) => {
        const [one, other] = [joinParts(...left), joinParts(...right)];
        const fitted = fitName(one, most);
        expect(fitted.length).toBeLessThanOrEqual(most);
        expect(fitted.isWellFormed()).toBe(true);
        expect(fitted.startsWith(one.slice(0, most - 13))).toBe(true);
        expect(fitted === one).toBe(one.length <= most);
        expect(fitted === fitName(other, most)).toBe(one === other);
      }),
      { numRuns: 2_000 },
    );
  });
});
