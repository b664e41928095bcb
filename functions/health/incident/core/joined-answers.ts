import { longestAcknowledgementMs, usualAcknowledgementMs } from './commands.ts';
import type { Acknowledgement, Incident } from './document.ts';
import type { Grouped } from './grouping.ts';
import { isPagerAnswered, type PagerWord } from './ladder.ts';
import { lastingOf } from './membership.ts';

/**
 * What a pager said of an incident that is joined to another. Its page ends there, and the answer with it: whoever deals with
 * the one deals with the other, for as long as he had said, and half a day at most.
 *
 * @param before the incidents as they were before they were joined
 */
export function withAnswers(
  grouped: Grouped,
  before: readonly Incident[],
  pagerByIncident: ReadonlyMap<string, PagerWord>,
  nowMs: number,
): Grouped {
  const answers = grouped.happenings.flatMap((one) => {
    const was = one.kind === 'joined' ? before.find(({ id }) => id === one.incidentId) : undefined;
    const answer = was && answerOf(was, pagerByIncident.get(was.id), nowMs);
    return one.kind === 'joined' && answer !== undefined ? [{ intoId: one.intoId, answer }] : [];
  });
  if (answers.length === 0) return grouped;
  const incidents = grouped.incidents.map((incident) => {
    const acknowledgement = answers
      .filter(({ intoId }) => intoId === incident.id)
      .reduce((now, { answer }) => lastingOf(now, answer), incident.acknowledgement);
    return acknowledgement === undefined ? incident : { ...incident, acknowledgement };
  });
  return { ...grouped, incidents };
}

function answerOf(incident: Incident, word: PagerWord | undefined, nowMs: number): Acknowledgement | undefined {
  if (word?.status !== 'acknowledged' || !isPagerAnswered(word, incident)) return undefined;
  const { by = 'somebody in the pager', atMs = nowMs, untilMs = nowMs + usualAcknowledgementMs } = word;
  const latestMs = atMs + longestAcknowledgementMs;
  return { by, atMs, untilMs: Math.min(untilMs, latestMs), severity: incident.severity };
}
