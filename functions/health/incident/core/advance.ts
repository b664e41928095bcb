import type { Policy } from '../../../../shared/core/policy.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Ended, Happening, Incident, IncidentDocument } from './document.ts';
import { group } from './grouping.ts';
import { dueRung, type Rung } from './ladder.ts';
import { hear, isLive, type Member, overlookedBy } from './member.ts';
import type { Look, PagingSeverity, Word } from './words.ts';

/** What reached incident in one run. An empty one is the minute. */
export type Heard = { readonly words: readonly Word[]; readonly looks: readonly Look[] };

export type Rules = {
  readonly escalation: Policy['escalation'];
  /** The checks by which an alarm's rule is judged in a look of its procedure: empty where no look judges it. */
  readonly checksOfRule: (procedure: string, rule: string) => readonly string[];
};

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
export function advance(document: IncidentDocument, heard: Heard, rules: Rules, nowMs: number): Advanced {
  const listened = listen(document.incidents, heard, rules);
  const grouped = group(listened.incidents, listened.fresh, document.nextNumber, nowMs);
  const happenings: Happening[] = [...grouped.happenings];
  const incidents: Incident[] = [];
  const ended: Ended[] = document.ended.filter(({ endedAtMs }) => nowMs - endedAtMs < rememberedMs);
  for (const before of grouped.incidents) {
    const one = settle(before, nowMs);
    if (one.quietSinceMs !== undefined && one.openedAtMs === undefined) continue;
    if (one.quietSinceMs !== undefined && nowMs - one.quietSinceMs >= quietMs) {
      happenings.push({ kind: 'closed', incidentId: one.id });
      ended.push({ id: one.id, cause: one.cause, endedAtMs: nowMs });
      continue;
    }
    const told = document.incidents.find(({ id }) => id === one.id);
    const opened = open(one, nowMs);
    if (opened.openedAtMs !== one.openedAtMs) happenings.push({ kind: 'opened', incidentId: one.id });
    else if (told?.openedAtMs !== undefined && told.severity !== one.severity) {
      happenings.push({ kind: 'raised', incidentId: one.id, from: told.severity });
    }
    const climbed = climb(opened, rules.escalation, nowMs);
    happenings.push(...climbed.happenings);
    incidents.push(climbed.incident);
  }
  return { document: { version: 1, nextNumber: grouped.nextNumber, incidents, ended }, happenings };
}

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

/** Since when it is quiet: since the last of its members went. */
function settle(incident: Incident, nowMs: number): Incident {
  const { quietSinceMs: _before, ...rest } = incident;
  if (incident.members.some(isLive)) return rest;
  const lastMs = Math.max(...incident.members.map(({ goneAtMs = nowMs }) => goneAtMs));
  return { ...rest, quietSinceMs: Math.min(lastMs, nowMs) };
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

function climb(incident: Incident, escalation: Policy['escalation'], nowMs: number) {
  const happenings: Happening[] = [];
  let now = incident;
  // A rung that raises the severity puts the incident on a ladder of its own, of which a rung may be due, too.
  for (let rung = dueRung(now, escalation, nowMs); rung !== undefined; rung = dueRung(now, escalation, nowMs)) {
    happenings.push({ kind: 'rung', incidentId: now.id, afterMinutes: rung.afterMinutes, to: rung.to });
    now = { ...now, climbedToMs: nowMs, severity: raisedTo(now.severity, rung) };
  }
  return { incident: now, happenings };
}

const raisedTo = (severity: PagingSeverity, { to }: Rung): PagingSeverity =>
  to === 'emergency' || (to === 'critical' && severity === 'warning') ? to : severity;
