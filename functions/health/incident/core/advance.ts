import { minuteMs } from '../../../../shared/core/units.ts';
import { causeRows } from './cause-rows.ts';
import { climb, command, opened, raised, type Story } from './climb.ts';
import type { Command } from './commands.ts';
import type { Diagnosis, Ended, Happening, Incident, IncidentDocument } from './document.ts';
import { group } from './grouping.ts';
import { holdingWork } from './holding.ts';
import { withAnswers } from './joined-answers.ts';
import type { PagerWord } from './ladder.ts';
import { listen, punctual } from './listen.ts';
import { isLive, isPressing } from './member.ts';
import type { NoticeSaid } from './notices.ts';
import type { PageFrame } from './pages.ts';
import type { Reach } from './reach.ts';
import { isRootOf } from './reroot.ts';
import type { Ladders } from './rungs.ts';
import { rememberedMs, told } from './telling.ts';
import type { TestAsked } from './test-pages.ts';
import type { AlarmRoster, Look, PagingSeverity, Word } from './words.ts';
import { type Work, worksNow } from './works.ts';
import { tellWorse } from './worse.ts';

/** What reached incident in one run. An empty one is the minute. */
export type Heard = {
  readonly words: readonly Word[];
  readonly looks: readonly Look[];
  /** Absent where nobody asked which alarms there are, or may have heard of some only. */
  readonly roster?: AlarmRoster;
  /** Works that begin, or go on otherwise; those without any time are over. */
  readonly works: readonly Work[];
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

/**
 * One step: what was heard, and what the time makes due. Pure, and the same in whatever order words come, however often,
 * and however late, once the minute after the last of them has passed.
 */
export function advance(document: IncidentDocument, said: Heard, rules: Rules, truth: Truth, nowMs: number): Advanced {
  const heard = punctual(said, nowMs);
  const listened = listen(document.incidents, document.ended, heard, rules.checksOfRule, nowMs);
  const grouped = withAnswers(
    group(listened.incidents, listened.fresh, document.nextNumber, nowMs),
    document.incidents,
    truth.pagerByIncident,
    nowMs,
  );
  const live = grouped.incidents.flatMap(({ members }) => members.filter(isLive));
  const works = worksNow(document.works, heard, live, rules.brokerCount, nowMs);
  const underWay = [...works, ...rules.windows];

  const story: Story = { happenings: [...grouped.happenings], firedBy: new Map() };
  const incidents: Incident[] = [];
  const closed: Incident[] = [];
  const ended: Ended[] = document.ended.filter(({ endedAtMs }) => nowMs - endedAtMs < rememberedMs);
  for (const before of grouped.incidents) {
    const one = withDiagnosis(settle(before, nowMs), heard.diagnoses);
    const { id, cause, quietSinceMs, openedAtMs } = one;
    if (quietSinceMs !== undefined && openedAtMs === undefined) continue;
    if (quietSinceMs !== undefined && nowMs - quietSinceMs >= quietMs) {
      story.happenings.push({ kind: 'closed', incidentId: id });
      ended.push({ id, cause, quietSinceMs, endedAtMs: nowMs });
      closed.push(one);
      continue;
    }
    const isHeld = one.members.every(
      (member) => !isPressing(member) || holdingWork(member, underWay, live, nowMs) !== undefined,
    );
    const known = document.incidents.find((other) => other.id === id);
    const now = worsened(isHeld ? one : open(one, nowMs), known, story, nowMs);
    tellWorse(now, known, heard.words, story, nowMs);
    const asked = heard.commands.filter(({ incidentId }) => incidentId === id);
    // A person's word may end what nobody can prove: it is quiet from then on.
    const obeyed = settle(command(now, asked, rules.ladders, story, nowMs), nowMs);
    incidents.push(climb(obeyed, rules.ladders, underWay, truth.pagerByIncident.get(id), story, nowMs));
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
      ...told(
        document,
        heard,
        { incidents, gone, underWay, pagerByIncident: truth.pagerByIncident },
        story,
        rules,
        nowMs,
      ),
    },
    happenings: story.happenings,
  };
}

/** Since when it is quiet: since the last of its members went, or was no more than a notice. */
function settle(incident: Incident, nowMs: number): Incident {
  const { quietSinceMs: before, ...rest } = incident;
  if (incident.members.some(isPressing)) return rest;
  const easedAtMs = incident.members.flatMap((one) => (isLive(one) && before === undefined ? one.heardAtMs : []));
  const goneAtMs = incident.members.flatMap((one) => one.goneAtMs ?? []);
  const lastMs = Math.max(before ?? 0, ...easedAtMs, ...goneAtMs);
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
  const { openedAtMs, quietSinceMs, severity, bornAtMs, members, cause } = incident;
  if (openedAtMs !== undefined || quietSinceMs !== undefined || causeRows[cause.kind].neverPages === true)
    return incident;
  const isNamed =
    severity === 'critical' &&
    members.some((one) => one.by === 'finding' && isLive(one) && (one.severity === severity || isRootOf(one, cause)));
  const isDue = isNamed || nowMs - bornAtMs >= waitMs[severity];
  return isDue ? opened(incident, nowMs) : incident;
}

/** Tells of an incident that it is open now, or worse than it was. */
function worsened(incident: Incident, known: Incident | undefined, { happenings }: Story, nowMs: number): Incident {
  const { id, openedAtMs, severity } = incident;
  if (openedAtMs === undefined) return incident;
  if (known?.openedAtMs === undefined) {
    happenings.push({ kind: 'opened', incidentId: id });
    return incident;
  }
  if (known.severity === severity) return incident;
  happenings.push({ kind: 'raised', incidentId: id, from: known.severity });
  return raised(incident, severity, nowMs);
}
