import type { Moment } from './timeline.ts';

/** The machine's clock and the world's, which goes slower while functions run: each read from the other. */
export type TwoClocks = {
  readonly clockMsAt: (atMs: number) => number;
  readonly atMsOf: (clockMs: number) => number;
};

type Pair = Pick<Moment, 'atMs' | 'clockMs'>;

/**
 * What moments say of both clocks; between two of them as if both had gone evenly.
 *
 * @param clockRate by which the world's goes on before the first and behind the last
 * @returns undefined without any moment
 */
export function readClocks(moments: readonly Pair[], clockRate: number): TwoClocks | undefined {
  const pairs = moments.toSorted((left, right) => left.atMs - right.atMs || left.clockMs - right.clockMs);
  const [first] = pairs;
  if (first === undefined) return undefined;
  return {
    clockMsAt: (atMs) => between(pairs, atMs, 'atMs', 'clockMs', clockRate),
    atMsOf: (clockMs) => between(pairs, clockMs, 'clockMs', 'atMs', 1 / clockRate),
  };
}

function between(pairs: readonly Pair[], value: number, from: keyof Pair, to: keyof Pair, rate: number): number {
  const before = pairs.findLast((one) => one[from] <= value);
  const after = pairs.find((one) => one[from] > value);
  if (before !== undefined && after !== undefined)
    return before[to] + ((value - before[from]) / (after[from] - before[from])) * (after[to] - before[to]);
  const end = before ?? after;
  return end === undefined ? value : end[to] + (value - end[from]) * rate;
}
