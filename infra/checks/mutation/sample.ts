/** mulberry32: small, and the same on every machine. */
const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** So many of the items, each with the same chance; the same seed takes the same ones, in the same order. */
export function takeSample<Item>(items: readonly Item[], count: number, seed: number): readonly Item[] {
  const random = randomOf(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .slice(0, count)
    .map(({ item }) => item);
}

/**
 * How far the score of a sample may lie from that of all mutants, in percent points, at 95 %: normal approximation with the
 * correction for a sample that is a good part of the whole. 0 where all were tried.
 */
export function marginPoints(killed: number, sampled: number, all: number): number {
  if (sampled === 0 || sampled >= all) return 0;
  const share = killed / sampled;
  return 196 * Math.sqrt(((share * (1 - share)) / sampled) * ((all - sampled) / (all - 1)));
}
