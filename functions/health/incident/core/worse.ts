import { compareSeverities } from '../../../../shared/core/finding.ts';
import type { Story } from './climb.ts';
import type { Incident } from './document.ts';
import { standingAcknowledgement } from './ladder.ts';
import { isLive } from './member.ts';
import type { Word } from './words.ts';

/**
 * Tells of an open incident that a symptom presses more though the incident is no worse by its severity: the disk is full in one
 * hour and not in four. Whoever works on it decides by such numbers and looks at the thread, so that it is an update there; it
 * calls nobody, since whom that severity calls was called. Many at once are one update. Who wants silence gets it: a worse severity
 * ends that, and numbers alone do not.
 *
 * @param known the incident before this step
 */
export function tellWorse(
  incident: Incident,
  known: Incident | undefined,
  words: readonly Word[],
  { happenings }: Story,
  nowMs: number,
): void {
  if (known?.openedAtMs === undefined || known.severity !== incident.severity) return;
  if (standingAcknowledgement(incident, nowMs)?.isSilence === true) return;
  const newest = new Map(
    words.toSorted((left, right) => left.atMs - right.atMs).map((word) => [word.key, word] as const),
  );
  const told = known.members.flatMap((member) => {
    const word = newest.get(member.key);
    const isNews = word?.isWorse === true && word.says === 'live' && word.atMs > member.heardAtMs;
    // What goes up and down tells of the worst once.
    const isWorse = word !== undefined && compareSeverities(word.severity, member.severity) >= 0;
    const isAsBad = word !== undefined && compareSeverities(word.severity, member.worst) >= 0;
    return isNews && isLive(member) && isWorse && isAsBad ? [word] : [];
  });
  const [worst] = told.toSorted((left, right) => compareSeverities(right.severity, left.severity));
  if (worst === undefined) return;
  const more = told.length === 1 ? '' : ` And so do ${told.length - 1} more of its symptoms.`;
  happenings.push({ kind: 'update', incidentId: incident.id, says: `It presses more: ${worst.message}${more}` });
}
