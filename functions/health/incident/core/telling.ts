import { dayMs } from '../../../../shared/core/units.ts';
import type { Fired, Story } from './climb.ts';
import { planDetours } from './detours.ts';
import type { Incident, IncidentDocument } from './document.ts';
import { holdBack } from './holdback.ts';
import { repairingWork } from './holding.ts';
import type { PagerWord } from './ladder.ts';
import { planMessages } from './messages.ts';
import { planNoticeDetours } from './notice-detours.ts';
import { type NoticeSaid, planNotice } from './notices.ts';
import { sweepOutbox } from './outbox.ts';
import { type PageFrame, pageOf, saysOf } from './pages.ts';
import type { Reach } from './reach.ts';
import type { Ladders } from './rungs.ts';
import { planTest, type TestAsked } from './test-pages.ts';
import type { Work } from './works.ts';

/** So long an end and a notice are remembered, to say "again" of the one and nothing of the other's repeat. */
export const rememberedMs = dayMs;

/**
 * @property gone incidents that ended in this step, as they were
 * @property pagerByIncident what pagers said of those that were asked about
 */
export type Outcome = {
  readonly incidents: readonly Incident[];
  readonly gone: readonly Incident[];
  readonly underWay: readonly Work[];
  readonly pagerByIncident: ReadonlyMap<string, PagerWord>;
};

/** The works that deal with an incident, for its messages. */
export const worksOf = ({ cause, members }: Incident, works: readonly Work[], nowMs: number): readonly Work[] => {
  const one = repairingWork(cause.kind, members, works, nowMs);
  return one === undefined ? [] : [one];
};

/** Whom a rung calls, as people know them. */
const whomOf = ({ rungs }: Pick<Fired, 'rungs'>, { contacts }: PageFrame): string => {
  const levels = rungs.flatMap(({ level }) => level ?? []);
  const roles = contacts.filter(({ level }) => levels.some((one) => one === level)).map(({ role }) => role);
  return [...new Set(roles.length > 0 ? roles : levels)].join(', ');
};

/** What people are sent of what happened, behind what they were sent before. */
export function told(
  document: IncidentDocument,
  { notices, tests }: { readonly notices: readonly NoticeSaid[]; readonly tests: readonly TestAsked[] },
  { incidents, gone, underWay, pagerByIncident }: Outcome,
  { happenings, firedBy }: Story,
  rules: { readonly ladders: Ladders; readonly reach: Reach; readonly frame: PageFrame },
  nowMs: number,
): Pick<IncidentDocument, 'outbox' | 'outboxLeftOutCount' | 'notices'> {
  const { reach, frame } = rules;
  const byId = new Map([...incidents, ...gone].map((one) => [one.id, one]));
  const known = new Set(document.notices.map(({ key }) => key));
  const fresh = [...new Map(notices.map((one) => [one.key, one])).values()].filter(({ key }) => !known.has(key));
  const outbox = [
    ...document.outbox,
    ...fresh.flatMap((one) => planNotice(one, reach, frame, nowMs)),
    ...tests.flatMap((one) => planTest(one, rules, nowMs)),
  ];
  for (const happening of happenings) {
    const incident = byId.get(happening.incidentId);
    if (incident?.openedAtMs === undefined) continue;
    const fired = firedBy.get(happening) ?? { rungs: [], severity: incident.severity };
    const whom = whomOf(fired, frame);
    const works = worksOf(incident, underWay, nowMs);
    const isUnanswered = happening.kind === 'rung' && happening.askedBy === undefined;
    const about = {
      kind: happening.kind === 'rung' && !isUnanswered ? ('raised' as const) : happening.kind,
      says: saysOf(happening, incident, whom, works, nowMs),
      ...(isUnanswered && { rung: { afterMinutes: happening.afterMinutes, whom } }),
    };
    const saysAnew = isUnanswered || happening.kind === 'opened' || happening.kind === 'raised';
    const isOver = happening.kind === 'closed' || happening.kind === 'joined';
    const saying = {
      ...about,
      ...(saysAnew && { saysAnew }),
      ...(isOver && { page: pageOf(incident, about, frame, [], document.ended, nowMs) }),
    };
    outbox.push(...planMessages(happening, incident, fired, saying, outbox, reach, nowMs));
  }
  for (const incident of incidents) {
    outbox.push(...planDetours(incident, outbox, reach, nowMs, pagerByIncident.get(incident.id)));
  }
  outbox.push(...planNoticeDetours(outbox, reach, nowMs));
  const swept = sweepOutbox(outbox, new Set(incidents.map(({ id }) => id)), nowMs);
  const remembered = document.notices.filter(({ heardAtMs }) => nowMs - heardAtMs < rememberedMs);
  return {
    outbox: holdBack(swept.outbox, incidents, { underWay, pagerByIncident }, reach, nowMs),
    outboxLeftOutCount: document.outboxLeftOutCount + swept.leftOutCount,
    notices: [...remembered, ...fresh.map(({ key }) => ({ key, heardAtMs: nowMs }))],
  };
}
