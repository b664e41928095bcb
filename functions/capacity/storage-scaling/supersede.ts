import { ask, type Known, known } from '../../../shared/core/known.ts';
import { minuteMs, secondMs } from '../../../shared/core/units.ts';
import type { BackOff } from '../../../shared/durable/durable.ts';
import { announceSuperseded } from './core/announcements.ts';
import { findForgery, type Newest } from './core/superseded.ts';
import type { Run } from './memory.ts';
import { announce } from './news.ts';

/** An intake writes the document first and starts its run at once; Lambda may take a little to say so. */
const startBackOff: BackOff = { firstMs: 30 * secondMs, factor: 2, longestMs: 4 * minuteMs, maxMs: 15 * minuteMs };

/**
 * Tells people and the bus, once, that a newer episode took this one's place; and, where no intake can have written that
 * episode, that somebody else did: whoever writes there could keep everything from acting, in silence.
 */
export async function tellSuperseded(run: Run, newestEpisode: number): Promise<void> {
  const { durable, ports, input } = run;
  const { value } = await durable.poll<{ readonly atMs: number; readonly newest: Known<Newest | null> }>('newest', {
    look: async () => {
      const newest = await ask(() => ports.fetchNewest(durable.executionArn));
      return { atMs: ports.nowMs(), newest: newest.isKnown ? known(newest.value ?? null) : newest };
    },
    isDone: ({ newest }) => newest.isKnown && newest.value?.isStarted === true,
    backOff: startBackOff,
  });
  const { atMs, newest } = value;
  const seen = newest.isKnown ? newest.value : null;
  // Who may not be asked, or does not answer, says nothing about who wrote it: a damaged document does.
  const unread = newest.isKnown || !newest.isAsked || newest.failure === 'bad-answer' ? undefined : newest.why;
  const oddities =
    unread !== undefined
      ? []
      : seen === null
        ? ['its document was gone or unreadable a moment later']
        : findForgery(input, seen, atMs);
  const by = seen?.episode ?? newestEpisode;
  await announce(run, 'superseded', { atMs }, announceSuperseded(input, { by, oddities, unread }));
}
