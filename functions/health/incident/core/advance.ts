import { compareSeverities } from '../../../../shared/core/finding.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { type Command, obey } from './commands.ts';
import type { Diagnosis, Ended, Happening, Incident, IncidentDocument } from './document.ts';
import { group } from './grouping.ts';
import { dueRungs, isAnswered, nextRungAtMs, type PagerWord } from './ladder.ts';
import { hear, isLive, type Member, overlookedBy } from './member.ts';
import { planDetours, planMessages } from './messages.ts';
import { type NoticeSaid, planNotice } from './notices.ts';
import { sweepOutbox } from './outbox.ts';
import { type PageFrame, pageOf, saysOf } from './pages.ts';
import type { Reach } from './reach.ts';
import type { Ladders, Rung } from './rungs.ts';
import { planTest, type TestAsked } from './test-pages.ts';
import type { Look, PagingSeverity, Word } from './words.ts';
import { holdingWork, repairingWork, type Work, workOf } from './works.ts';

/** What reached incident in one run. An empty one is the minute. */
export type Heard = {
  readonly words: readonly Word[];
  readonly looks: readonly Look[];
  readonly works: readonly Work[];
  /** Works of these keys ended. */
  readonly endedWorks: readonly string[];
  readonly commands: readonly Command[];
  /** What a look adds to what its words say, by their keys. */
  readonly diagnoses: ReadonlyMap<string, Diagnosis>;
  readonly notices: readonly NoticeSaid[];
  readonly tests: readonly TestAsked[];
};

export const nothingHeard: Heard = {
  words: [],
  looks: [],
  works: [],
  endedWorks: [],
  commands: [],
  diagnoses: new Map(),
  notices: [],
  tests: [],
};

export type Rules = {
  readonly ladders: Ladders;
  readonly reach: Reach;
  readonly brokerCount: number;
  /** One-off windows that name what they explain, as far as they are open. */
  readonly windows: readonly Work[];
  readonly frame: PageFrame;
  /** The checks by which an alarm's rule is judged in a look of its procedure: empty where no look judges it. */
  readonly checksOfRule: (procedure: string, rule: string) => readonly string[];
};

/** What was asked in this run, and is true now. */
export type Truth = { readonly pagerByIncident: ReadonlyMap<string, PagerWord> };

export type Advanced = { readonly document: IncidentDocument; readonly happenings: readonly Happening[] };

/** How long a fault waits for better news, or for its cause, before people are paged. */
const waitMs = { emergency: 0, critical: minuteMs, warning: 5 * minuteMs } as const satisfies Record<
  PagingSeverity,
  number
>;
/** So long every member has to be gone. */
export const quietMs = 10 * minuteMs;
/** So long an end is remembered, to say "again". */
const rememberedMs = 24 * 60 * minuteMs;

/**
 * One step: what was heard, and what the time makes due. Pure, and the same in whatever order words come, however often,
 * and however late, once the minute after the last of them has passed.
 */
export function advance(document: IncidentDocument, heard: Heard, rules: Rules, truth: Truth, nowMs: number): Advanced {
  const listened = listen(document.incidents, heard, rules);
  const grouped = group(listened.incidents, listened.fresh, document.nextNumber, nowMs);
  const live = grouped.incidents.flatMap(({ members }) => members.filter(isLive));
  const works = worksNow(document.works, heard, live, rules, nowMs);
  const underWay = [...works, ...rules.windows];

  const story: Story = { happenings: [...grouped.happenings], rungsOf: new Map() };
  const incidents: Incident[] = [];
  const closed: Incident[] = [];
  const ended: Ended[] = document.ended.filter(({ endedAtMs }) => nowMs - endedAtMs < rememberedMs);
  for (const before of grouped.incidents) {
    const one = withDiagnosis(settle(before, nowMs), heard.diagnoses);
    if (one.quietSinceMs !== undefined && one.openedAtMs === undefined) continue;
    if (one.quietSinceMs !== undefined && nowMs - one.quietSinceMs >= quietMs) {
      story.happenings.push({ kind: 'closed', incidentId: one.id });
      ended.push({ id: one.id, cause: one.cause, endedAtMs: nowMs });
      closed.push(one);
      continue;
    }
    const told = document.incidents.find(({ id }) => id === one.id);
    const isHeld = one.members.every(
      (member) => !isLive(member) || holdingWork(member, underWay, live, nowMs) !== undefined,
    );
    const opened = isHeld ? one : open(one, nowMs);
    if (opened.openedAtMs !== one.openedAtMs) story.happenings.push({ kind: 'opened', incidentId: one.id });
    else if (told?.openedAtMs !== undefined && told.severity !== one.severity) {
      story.happenings.push({ kind: 'raised', incidentId: one.id, from: told.severity });
    }
    const asked = heard.commands.filter(({ incidentId }) => incidentId === one.id);
    incidents.push(
      climb(command(opened, asked, rules.ladders, story, nowMs), rules.ladders, underWay, truth, story, nowMs),
    );
  }
  const joined = grouped.happenings.flatMap((one) => (one.kind === 'joined' ? one.incidentId : []));
  const gone = [...closed, ...document.incidents.filter(({ id }) => joined.includes(id))];
  return {
    document: {
      ...document,
      nextNumber: grouped.nextNumber,
      incidents,
      ended,
      works,
      ...told(document, heard, { incidents, gone, underWay }, story, rules, nowMs),
    },
    happenings: story.happenings,
  };
}

type Story = { readonly happenings: Happening[]; readonly rungsOf: Map<Happening, readonly Rung[]> };

/** What the words make of the members that there are, and which words are about none of them. */
function listen(incidents: readonly Incident[], { words, looks }: Heard, { checksOfRule }: Rules) {
  const byKey = new Map<string, Member>();
  for (const member of incidents.flatMap(({ members }) => members)) byKey.set(member.key, member);
  for (const word of words) {
    const member = hear(byKey.get(word.key), word);
    if (member !== undefined) byKey.set(word.key, member);
  }
  for (const look of looks) {
    for (const [key, member] of byKey) {
      byKey.set(key, overlookedBy(member, look, checksOfRule(member.procedure, member.check)));
    }
  }
  const known = new Set(incidents.flatMap(({ members }) => members.map(({ key }) => key)));
  return {
    incidents: incidents.map((one) => ({
      ...one,
      members: one.members.map((member) => byKey.get(member.key) ?? member),
    })),
    fresh: [...byKey.values()].filter((member) => !known.has(member.key) && isLive(member)),
  };
}

/** The works that are known and not over: MSK's by the words about the cluster's state, ours as they were told. */
function worksNow(
  before: readonly Work[],
  { words, works, endedWorks }: Heard,
  live: readonly Member[],
  { brokerCount }: Rules,
  nowMs: number,
): readonly Work[] {
  const ended = new Set(endedWorks);
  // What MSK does is said by one check about one subject: a newer word of it ends what the older one said.
  const states = words.filter(({ check, by }) => check === 'cluster-state' && by === 'finding');
  const newest = states.toSorted((left, right) => right.atMs - left.atMs)[0];
  const kept = before.filter(
    ({ key, untilMs }) => nowMs < untilMs && !ended.has(key) && !(newest !== undefined && key.startsWith('msk|')),
  );
  const ofMembers = live.flatMap((member) => workOf(member, brokerCount) ?? []);
  const ofNewest = newest?.says === 'live' ? [workOf(newest, brokerCount)] : [];
  const byKey = new Map<string, Work>();
  for (const one of [...kept, ...ofMembers, ...ofNewest, ...works]) {
    if (one === undefined || nowMs >= one.untilMs) continue;
    const there = byKey.get(one.key);
    const isOurs = !one.key.startsWith('msk|');
    if (there === undefined || isOurs || one.sinceMs < there.sinceMs) byKey.set(one.key, one);
  }
  return [...byKey.values()];
}

/** Since when it is quiet: since the last of its members went. */
function settle(incident: Incident, nowMs: number): Incident {
  const { quietSinceMs: _before, ...rest } = incident;
  if (incident.members.some(isLive)) return rest;
  const lastMs = Math.max(...incident.members.map(({ goneAtMs = nowMs }) => goneAtMs));
  return { ...rest, quietSinceMs: Math.min(lastMs, nowMs) };
}

/** The newest diagnosis of a look that named one of its symptoms. */
function withDiagnosis(incident: Incident, diagnoses: Heard['diagnoses']): Incident {
  const found = incident.members
    .flatMap(({ key }) => diagnoses.get(key) ?? [])
    .toSorted((left, right) => right.atMs - left.atMs)[0];
  if (found === undefined || found.atMs <= (incident.diagnosis?.atMs ?? 0)) return incident;
  return { ...incident, diagnosis: found };
}

/** A P0 is told at once, a P1 as soon as a look named it, all else when it has lasted. */
function open(incident: Incident, nowMs: number): Incident {
  const { openedAtMs, quietSinceMs, severity, bornAtMs, members } = incident;
  if (openedAtMs !== undefined || quietSinceMs !== undefined) return incident;
  const isNamed =
    severity === 'critical' && members.some((one) => one.by === 'finding' && isLive(one) && one.severity === severity);
  const isDue = isNamed || nowMs - bornAtMs >= waitMs[severity];
  return isDue ? { ...incident, openedAtMs: nowMs, climbedToMs: nowMs - 1 } : incident;
}

function command(
  incident: Incident,
  asked: readonly Command[],
  ladders: Ladders,
  { happenings, rungsOf }: Story,
  nowMs: number,
): Incident {
  let now = incident;
  for (const one of asked) {
    const nextAtMs = nextRungAtMs(now, ladders);
    const obeyed = obey(now, one, nextAtMs !== undefined, nowMs);
    now = obeyed.incident;
    happenings.push({ kind: 'update', incidentId: now.id, says: obeyed.says });
    if (obeyed.isEscalated !== true || nextAtMs === undefined) continue;
    const rungs = dueRungs(now, ladders, Math.max(nextAtMs, nowMs));
    now = fire(now, rungs, happenings, rungsOf, Math.max(nextAtMs, nowMs));
  }
  return now;
}

function fire(
  incident: Incident,
  rungs: readonly Rung[],
  happenings: Story['happenings'],
  rungsOf: Story['rungsOf'],
  climbedToMs: number,
): Incident {
  const [first] = rungs;
  if (first === undefined) return incident;
  const happening: Happening = {
    kind: 'rung',
    incidentId: incident.id,
    rung: rungs.length,
    afterMinutes: first.afterMinutes,
  };
  happenings.push(happening);
  rungsOf.set(happening, rungs);
  return { ...incident, climbedToMs, severity: rungs.reduce(raisedBy, incident.severity) };
}

const raisedBy = (severity: PagingSeverity, { raisesTo }: Rung): PagingSeverity =>
  raisesTo !== undefined && compareSeverities(raisesTo, severity) > 0 ? raisesTo : severity;

function climb(
  incident: Incident,
  ladders: Ladders,
  works: readonly Work[],
  { pagerByIncident }: Truth,
  { happenings, rungsOf }: Story,
  nowMs: number,
): Incident {
  let now = incident;
  // A rung that raises the severity puts the incident on a ladder of its own, of which a rung may be due, too.
  for (let rungs = dueRungs(now, ladders, nowMs); rungs.length > 0; rungs = dueRungs(now, ladders, nowMs)) {
    const isFirst = now.openedAtMs === nowMs;
    const isHeldBack =
      isAnswered(now, pagerByIncident.get(now.id), nowMs) ||
      repairingWork(now.cause.kind, now.members, works, nowMs) !== undefined;
    if (isHeldBack && !isFirst) return now;
    now = fire(now, rungs, happenings, rungsOf, nowMs);
  }
  return now;
}

type Outcome = {
  readonly incidents: readonly Incident[];
  readonly gone: readonly Incident[];
  readonly underWay: readonly Work[];
};

/** The works that explain or deal with an incident, for its messages. */
export const worksOf = ({ cause, members }: Incident, works: readonly Work[], nowMs: number): readonly Work[] => {
  const one = repairingWork(cause.kind, members, works, nowMs);
  return one === undefined ? [] : [one];
};

/** Whom a rung calls, as people know them. */
const whomOf = (rungs: readonly Rung[], { frame }: Rules): string => {
  const levels = rungs.flatMap(({ level }) => level ?? []);
  const roles = frame.contacts.filter(({ level }) => levels.some((one) => one === level)).map(({ role }) => role);
  return [...new Set(roles.length > 0 ? roles : levels)].join(', ');
};

/** What people are sent of it, behind what they were sent before. */
function told(
  document: IncidentDocument,
  heard: Heard,
  { incidents, gone, underWay }: Outcome,
  { happenings, rungsOf }: Story,
  rules: Rules,
  nowMs: number,
): Pick<IncidentDocument, 'outbox' | 'outboxLeftOutCount' | 'notices'> {
  const { reach, frame } = rules;
  const byId = new Map([...incidents, ...gone].map((one) => [one.id, one]));
  const known = new Set(document.notices.map(({ key }) => key));
  const fresh = [...new Map(heard.notices.map((one) => [one.key, one])).values()].filter(({ key }) => !known.has(key));
  const outbox = [
    ...document.outbox,
    ...fresh.flatMap((one) => planNotice(one, reach, frame, nowMs)),
    ...heard.tests.flatMap((one) => planTest(one, rules, nowMs)),
  ];
  for (const happening of happenings) {
    const incident = byId.get(happening.incidentId);
    if (incident?.openedAtMs === undefined) continue;
    const rungs = rungsOf.get(happening) ?? [];
    const whom = whomOf(rungs, rules);
    const works = worksOf(incident, underWay, nowMs);
    const about = {
      kind: happening.kind,
      says: saysOf(happening, incident, whom, works, nowMs),
      ...(happening.kind === 'rung' && { rung: { afterMinutes: happening.afterMinutes, whom } }),
    };
    const isOver = happening.kind === 'closed' || happening.kind === 'joined';
    const saying = { ...about, ...(isOver && { page: pageOf(incident, about, frame, [], document.ended, nowMs) }) };
    outbox.push(...planMessages(happening, incident, rungs, saying, outbox, reach, nowMs));
  }
  for (const incident of incidents) outbox.push(...planDetours(incident, outbox, reach, nowMs));
  const swept = sweepOutbox(outbox, new Set(incidents.map(({ id }) => id)), nowMs);
  const remembered = document.notices.filter(({ heardAtMs }) => nowMs - heardAtMs < rememberedMs);
  return {
    outbox: swept.outbox,
    outboxLeftOutCount: document.outboxLeftOutCount + swept.leftOutCount,
    notices: [...remembered, ...fresh.map(({ key }) => ({ key, heardAtMs: nowMs }))],
  };
}
