import type { ViewProblem } from '../../core/cluster-view.ts';

/**
 * Groups in one request. At 1,000 groups on three brokers each kind of question stays one request a broker (about 340
 * groups; 50 commits each are some 400 kB), which keeps a look within 1 + 8 requests a broker.
 */
export const groupsPerRequest = 400;

/**
 * How many further requests a broker gets for one question whose answers were too large or could not be read. One bad
 * group among 400 is found with 18; 400 groups of a megabyte each are read with 15.
 */
const furtherRequests = 40;

/** Splits into runs of at most `size`, in order. */
export const chunksOf = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] => {
  const chunks: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
};

/** Asking for less may help: what came was too large, or one item's bytes spoil the answer for all. */
const isWorthHalving = ({ kind }: ViewProblem): boolean => kind === 'too-large' || kind === 'bad-answer';

/**
 * Asks for items in chunks, all at once. A chunk whose answer was too large or unreadable is asked for again in halves,
 * down to one item, so that one item never spoils the others; what still fails keeps its problem.
 *
 * @param ask one request; resolves with the problem that took the whole answer away, if any
 */
export const askInChunks = async <Item>(
  items: readonly Item[],
  size: number,
  ask: (chunk: readonly Item[]) => Promise<ViewProblem | undefined>,
): Promise<void> => {
  let requestsLeft = furtherRequests;
  const askChunk = async (chunk: readonly Item[]): Promise<void> => {
    const problem = await ask(chunk);
    if (problem === undefined || chunk.length < 2 || requestsLeft < 2 || !isWorthHalving(problem)) return;
    requestsLeft -= 2;
    await Promise.all(chunksOf(chunk, Math.ceil(chunk.length / 2)).map(askChunk));
  };
  await Promise.all(chunksOf(items, size).map(askChunk));
};
