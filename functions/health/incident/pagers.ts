import { ask } from '../../../shared/core/known.ts';
import { secondMs } from '../../../shared/core/units.ts';
import { isAnswer, type PagerWord } from './core/ladder.ts';
import type { Message } from './core/outbox.ts';
import type { Ports } from './ports.ts';

/** All questions of a run: what it has to say must not wait for who says nothing. */
const longestAskingMs = 10 * secondMs;

/** What was asked in one run. @property untilMs after which nobody is asked */
export type Asked = {
  readonly ids: Set<string>;
  readonly words: Map<string, PagerWord>;
  readonly untilMs: number;
};

/** Nobody was asked yet. */
export const openAsking = (nowMs: number): Asked => ({
  ids: new Set(),
  words: new Map(),
  untilMs: nowMs + longestAskingMs,
});

/** Asks of all these incidents at once, and takes down what was said in time. */
export async function askPagers(
  incidentIds: Iterable<string>,
  outbox: readonly Message[],
  { ids, words, untilMs }: Asked,
  ports: Ports,
): Promise<void> {
  await Promise.all(
    [...incidentIds].map(async (id) => {
      ids.add(id);
      const leftMs = untilMs - ports.nowMs();
      const said = leftMs > 0 ? await ports.inTime(fetchPagerWordOf(id, outbox, ports), leftMs) : undefined;
      if (said === undefined) ports.reportProblem(`no pager said in time who answered incident ${id}`);
      else if (said.value !== undefined) words.set(id, said.value);
    }),
  );
}

/**
 * What pagers say of an incident just now: of several the newest that is answered speaks for all, since somebody deals with it.
 */
export async function fetchPagerWordOf(
  incidentId: string,
  outbox: readonly Message[],
  ports: Ports,
): Promise<PagerWord | undefined> {
  const triggers = outbox.filter(
    (one) =>
      one.incidentId === incidentId &&
      one.action === 'trigger' &&
      one.outcome === 'delivered' &&
      one.destination.by === 'endpoint',
  );
  const words = await Promise.all(
    triggers.map(async ({ destination, key, madeAtMs }) => {
      const [endpoint = ''] = destination.endpoints;
      const answered = await ask(() => ports.fetchPagerWord(endpoint, key));
      if (!answered.isKnown) ports.reportProblem(`${endpoint} could not be asked who answered: ${answered.why}`);
      // Where it does not say when, it was after its page at the earliest.
      return answered.isKnown && answered.value !== undefined ? { atMs: madeAtMs, ...answered.value } : undefined;
    }),
  );
  const newestFirst = words.filter((word) => word !== undefined).toSorted((left, right) => right.atMs - left.atMs);
  return newestFirst.find(isAnswer) ?? newestFirst[0];
}
