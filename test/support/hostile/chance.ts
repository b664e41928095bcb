/** Draws that are the same for the same seed (mulberry32): a history is a seed and what fast-check may leave out of it. */
export const createChance = (seed: number) => {
  let state = seed >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** A whole number below this. */
  const below = (limit: number): number => Math.floor(share() * limit);
  return {
    below,
    /** So often in a hundred. */
    isDrawn: (percent: number): boolean => share() * 100 < percent,
    pick: <Item>(items: readonly [Item, ...Item[]]): Item => items[below(items.length)] ?? items[0],
  };
};
export type Chance = ReturnType<typeof createChance>;
