import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../../../../support/depth.ts';
import { hostileHistories } from '../../../../support/hostile/arbitrary.ts';
import { playHostile } from '../../../../support/hostile/history.ts';

/**
 * Whole runs of storage scaling on their durable history, the door, audit, budget, approvals and intake of the product, against
 * a cluster, a bucket, STS and people that are as bad as they may be: answers lost, late, stale and sent twice, runs killed at
 * every question, clocks apart and set, a kill switch that flips, two stacks on one cluster whose claim names one, the other,
 * neither, or is gone or denied, and changes in the middle, two runs of one episode, runs that somebody invokes himself and lies
 * to, answers to approvals forged, replayed, edited and signed long ago, documents rewritten between the steps. Of every history:
 *
 * 1. MSK accepts one call of a cause at most, and one from each version of the cluster.
 * 2. Nothing is called in another mode than `act`, nor unless the claim, read after the state, named this very stack and the
 *    kill switch, read after the state, said off.
 * 3. Where the policy wants approval, nothing is called but by the yeses of as many different people as it wants, who may
 *    say it and were shown these sizes, within their time by clocks that nobody set wrong; where it wants people told first, they
 *    were.
 * 4. No hour sees more acts of a stack than its budget, as long as clocks lie within 29 s of the true time.
 * 5. Nothing is silent: an act is told to people and on the bus, a stop and an end to people or on the bus, or the run fails or
 *    reports its problem; and no run crashes without a name. Where a clock was set hours ahead people may hear, instead of an
 *    act, that its record says a time to come and is to be looked at.
 *
 * One who may write everywhere in AWS gets nothing into the bucket, by the policy of the template itself, nor does the other
 * stack; the pair in the other Region gets in what it leaves there. One who breaks the glass gets in anything: what then no
 * longer holds is 4 where he wrote into the budget, and 1 of acts without MSK's lock and what 5 says of the bus and of people
 * where he wrote into the audit. The rest holds against him, too.
 */
test('whatever happens, nothing is done twice, unasked, past the budget or in silence', async () => {
  await fc.assert(
    fc.asyncProperty(hostileHistories, async (history) => {
      expect((await playHostile(history)).violations).toEqual([]);
    }),
    cases(2_000, 100_000),
  );
});
