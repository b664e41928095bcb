import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histories, races } from '../../../support/acting/arbitrary.ts';
import { playHistory } from '../../../support/acting/history.ts';
import { cases } from '../../../support/depth.ts';

test.each([
  ['several causes on one cluster', histories],
  ['runs of one cause that meet at every question', races],
])(
  '%s: a cause has at most one accepted call, none where a question stands against it, and an end',
  async (_what, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (history) => {
        expect((await playHistory(history)).violations).toEqual([]);
      }),
      cases(1_500, 100_000),
    );
  },
);
