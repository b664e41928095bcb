import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histories } from '../../support/act-arbitrary.ts';
import { playHistory } from '../../support/act-history.ts';

test('whatever happens, a cause has at most one accepted call, none where a question stands against it, and an end', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (one) => {
      const { violations } = await playHistory(one);
      expect(violations).toEqual([]);
    }),
    { numRuns: 1000 },
  );
}, 120_000);
