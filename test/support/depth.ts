import process from 'node:process';
import fc from 'fast-check';

/** `npm run check:deep`: everything is tried that `npm run check` only draws from. */
export const isDeep = process.env.MSKEEPER_DEEP === '1';

/** What is drawn is drawn from it, so that a run can be had again: `MSKEEPER_SEED=<n>`. `test/support/seed.ts` prints it. */
const seed = Number(process.env.MSKEEPER_SEED);

/** `npm run mutation`: whether a case fails is asked of every mutant, and never which is the smallest that does. */
const endOnFailure = process.env.MSKEEPER_MUTATION === '1';

/** For fast-check: as many cases as usual, or as a deep check wants, from the seed. */
export const cases = (usual: number, deep: number) => ({ numRuns: isDeep ? deep : usual, seed, endOnFailure });

/** That many of a list, in its order, drawn by the seed; all of them in a deep check. */
export const draw = <Item>(items: readonly Item[], count: number): readonly Item[] => {
  if (isDeep || items.length <= count) return items;
  const [drawn = []] = fc.sample(fc.subarray([...items], { minLength: count, maxLength: count }), { numRuns: 1, seed });
  return drawn;
};
