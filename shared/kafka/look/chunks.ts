/**
 * Groups in one request. At 1,000 groups on three brokers each kind of question stays one request a broker (about 340
 * groups; 50 commits each are some 400 kB), which keeps a look within 1 + 8 requests a broker.
 */
export const groupsPerRequest = 400;

/** Splits into runs of at most `size`, in order. */
export const chunksOf = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] => {
  const chunks: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
};
