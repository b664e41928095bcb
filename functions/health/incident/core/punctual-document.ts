import { isAhead, pastMs } from '../../../../shared/core/clocks.ts';
import { quietMs, type Rules } from './advance.ts';
import { longestAcknowledgementMs } from './commands.ts';
import type { Acknowledgement, Ended, Incident, IncidentDocument } from './document.ts';
import { rungAtMs } from './ladder.ts';
import type { Member } from './member.ts';
import { punctualMessage } from './punctual-outbox.ts';
import type { Ladders } from './rungs.ts';
import { longestWorkMs, settlingMs, type Work } from './works.ts';

/**
 * What is known, with no time that keeps anybody from hearing of anything for longer than its own rule: a clock that was wrong,
 * or whoever may write there, puts any time in. What was is of now at the latest; what lasts ends when its rule would end it; of
 * what nobody knows when it was heard whatever comes next is newer. It has to be written, since by a time that is of now in each
 * run anew nothing would ever be over.
 *
 * @param rules by which things may last
 * @returns the same object where no time lies
 */
export function punctualDocument(
  document: IncidentDocument,
  rules: Pick<Rules, 'ladders' | 'brokerCount' | 'frame'>,
  nowMs: number,
): IncidentDocument {
  const { incidents, ended, works, notices, outbox } = document;
  const punctual: IncidentDocument = {
    ...document,
    incidents: incidents.map((one) => punctualIncident(one, rules.ladders, nowMs)),
    ended: ended.map((one) => punctualEnd(one, nowMs)),
    works: works.flatMap((one) => punctualWork(one, rules.brokerCount, nowMs)),
    notices: notices.map((one) => ({ ...one, heardAtMs: pastMs(one.heardAtMs, nowMs) })),
    outbox: outbox.map((one) => punctualMessage(one, rules.frame, nowMs)),
  };
  return JSON.stringify(punctual) === JSON.stringify(document) ? document : punctual;
}

function punctualIncident(incident: Incident, ladders: Ladders, nowMs: number): Incident {
  const { quietSinceMs, members, acknowledgement, resolution, diagnosis } = incident;
  const startedAtMs = pastMs(incident.startedAtMs, nowMs);
  const severitySinceMs = incident.severitySinceMs === undefined ? undefined : pastMs(incident.severitySinceMs, nowMs);
  const bornAtMs = isAhead(incident.bornAtMs, nowMs) ? pastMs(incident.openedAtMs ?? nowMs, nowMs) : incident.bornAtMs;
  const openedAtMs = openedAtMsOf(incident, bornAtMs, severitySinceMs, nowMs);
  return {
    ...incident,
    startedAtMs,
    bornAtMs,
    ...(openedAtMs !== undefined && { openedAtMs }),
    ...(severitySinceMs !== undefined && { severitySinceMs }),
    ...(quietSinceMs !== undefined && { quietSinceMs: pastMs(quietSinceMs, nowMs) }),
    climbedToMs: climbedToMsOf(incident, openedAtMs, ladders, nowMs),
    members: members.map((one) => punctualMember(one, nowMs)),
    ...(acknowledgement !== undefined && { acknowledgement: punctualAnswer(acknowledgement, nowMs) }),
    ...(resolution !== undefined && { resolution: { ...resolution, atMs: pastMs(resolution.atMs, nowMs) } }),
    ...(diagnosis !== undefined &&
      isAhead(diagnosis.atMs, nowMs) && { diagnosis: { ...diagnosis, atMs: startedAtMs } }),
  };
}

/**
 * People were paged of it when its severity began, at the latest, and not before it was born: from there its ladder goes on. By an
 * older opening every step of it would be long past.
 */
function openedAtMsOf(
  { openedAtMs }: Incident,
  bornAtMs: number,
  severitySinceMs: number | undefined,
  nowMs: number,
): number | undefined {
  if (openedAtMs === undefined) return undefined;
  if (isAhead(openedAtMs, nowMs)) return Math.min(severitySinceMs ?? nowMs, nowMs);
  return isAhead(bornAtMs, openedAtMs) ? bornAtMs : openedAtMs;
}

/**
 * Up to where a ladder was climbed: where a person asked for more help that is a step of it that is still to come, and no other
 * time. Else nobody knows who was called, and the latest step that is past is climbed again.
 */
function climbedToMsOf(
  { climbedToMs, severity }: Incident,
  openedAtMs: number | undefined,
  ladders: Ladders,
  nowMs: number,
): number {
  if (openedAtMs === undefined) return pastMs(climbedToMs, nowMs);
  const isStep = ladders[severity].some((rung) => rungAtMs(openedAtMs, rung) === climbedToMs);
  return isAhead(climbedToMs, nowMs) && !isStep ? openedAtMs - 1 : climbedToMs;
}

/** Whatever is said next of a symptom is newer than what was heard when nobody knows. */
const unknownMs = 0;

function punctualMember(member: Member, nowMs: number): Member {
  const { sinceMs, heardAtMs, goneAtMs } = member;
  return {
    ...member,
    sinceMs: isAhead(sinceMs, nowMs) ? pastMs(heardAtMs, nowMs) : sinceMs,
    heardAtMs: isAhead(heardAtMs, nowMs) ? unknownMs : heardAtMs,
    ...(goneAtMs !== undefined && { goneAtMs: pastMs(goneAtMs, nowMs) }),
  };
}

function punctualAnswer(answer: Acknowledgement, nowMs: number): Acknowledgement {
  const atMs = pastMs(answer.atMs, nowMs);
  return { ...answer, atMs, untilMs: Math.min(answer.untilMs, atMs + longestAcknowledgementMs) };
}

/** It was quiet for its time before it ended: what was said since then is of another fault. */
function punctualEnd(end: Ended, nowMs: number): Ended {
  const endedAtMs = pastMs(end.endedAtMs, nowMs);
  return { ...end, endedAtMs, quietSinceMs: isAhead(end.quietSinceMs, nowMs) ? endedAtMs - quietMs : end.quietSinceMs };
}

/** One that is still to begin, or to end, holds nobody back, and keeps no word of its like from being heard. */
function punctualWork(work: Work, brokerCount: number, nowMs: number): readonly Work[] {
  const { sinceMs, untilMs, endedAtMs } = work;
  if (isAhead(sinceMs, nowMs) || (endedAtMs !== undefined && isAhead(endedAtMs, nowMs))) return [];
  const longestUntilMs = sinceMs + longestWorkMs(work, brokerCount);
  const latestMs = endedAtMs === undefined ? longestUntilMs : Math.min(longestUntilMs, endedAtMs + settlingMs);
  return [isAhead(untilMs, latestMs) ? { ...work, untilMs: latestMs } : work];
}
