import { compareSeverities } from '../../../../shared/core/finding.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Page } from '../../../../shared/telling/core/page.ts';
import { causeRows } from './cause-rows.ts';
import type { Diagnosis, Ended, Happening, Incident } from './document.ts';
import { compareCauses, titleOfCause } from './explain.ts';
import { firstStepOf } from './first-step.ts';
import { isLive, type Member } from './member.ts';
import type { Work } from './works.ts';

/** Of whom every page speaks. */
export type PageFrame = {
  readonly cluster: string;
  readonly clusterArn: string;
  readonly region: string;
  readonly accountId: string;
  readonly responseMinutes: Readonly<Record<Incident['severity'], number>>;
  readonly contacts: readonly { readonly role: string; readonly level: string }[];
};

/** Facts that a page lists; the rest is counted. */
const mostFacts = 12;

/** What the look made of it, where that is of this fault: of several that one look found it is of the worst. */
const fittingDiagnosis = ({ cause, diagnosis }: Incident): Diagnosis | undefined =>
  diagnosis?.of === titleOfCause(cause) ? diagnosis : undefined;

/** So many names a page is told of: those of what it shows first. */
const mostNames = 100;

/** Names of topics and groups that may stand in any text of the page. */
function namesOn({ cause, members }: Incident, diagnosis: Diagnosis | undefined): readonly string[] {
  const { per } = causeRows[cause.kind];
  const own = (per === 'topic' || per === 'group') && cause.of !== '' ? [cause.of] : [];
  const over = members.filter((one) => !isLive(one));
  const said = [...ranked(members), ...over].flatMap(({ names = [] }) => names);
  return [...new Set([...own, ...(diagnosis?.names ?? []), ...said])].slice(0, mostNames);
}

/** The last word of those who know: members that still are so, worst first, those that a look found before alarms. */
const ranked = (members: readonly Member[]): readonly Member[] =>
  members
    .filter(isLive)
    .toSorted(
      (left, right) =>
        compareSeverities(right.severity, left.severity) ||
        Number(left.by === 'alarm') - Number(right.by === 'alarm') ||
        left.sinceMs - right.sinceMs,
    );

const minutesSince = (sinceMs: number, nowMs: number): number => Math.max(0, Math.floor((nowMs - sinceMs) / minuteMs));

/**
 * What a message about an incident says, of what is known at this moment (I2, I5).
 *
 * @param about what the message was made for: `opened`, `rung 30`
 * @param works that explain it or deal with it
 */
export function pageOf(
  incident: Incident,
  about: { readonly kind: Page['kind']; readonly says: string; readonly rung?: Page['rung'] },
  frame: PageFrame,
  works: readonly Work[],
  ended: readonly Ended[],
  nowMs: number,
): Page {
  const { id, severity, startedAtMs, openedAtMs, severitySinceMs, cause, leftOutCount } = incident;
  const diagnosis = fittingDiagnosis(incident);
  // Nobody has to answer what is over, or goes on elsewhere.
  const isOver = about.kind === 'closed' || about.kind === 'joined';
  const facts = ranked(incident.members).map(({ message, source, isUnproven }) => ({
    text: isUnproven ? `${message} (not confirmed any more, and not over)` : message,
    source,
  }));
  const affected = (diagnosis?.affected ?? []).map((text) => ({ text, source: 'diagnosis' }));
  const shown = [...facts.slice(0, mostFacts - affected.length), ...affected];
  const before = ended.findLast((one) => one.cause.kind === cause.kind && one.cause.of === cause.of);
  return {
    cluster: frame.cluster,
    region: frame.region,
    accountId: frame.accountId,
    incidentId: id,
    severity,
    kind: about.kind,
    title: titleOfCause(cause),
    says: about.says,
    atMs: nowMs,
    startedAtMs,
    ...(openedAtMs !== undefined && { openedAtMs }),
    ...(openedAtMs !== undefined &&
      !isOver && { answerByMs: (severitySinceMs ?? openedAtMs) + frame.responseMinutes[severity] * minuteMs }),
    facts: shown,
    moreFactCount: Math.max(0, facts.length + affected.length - shown.length) + leftOutCount,
    tried: works.map(({ what, sinceMs }) => `${what}, for ${minutesSince(sinceMs, nowMs)} min`),
    nextCommand: isOver ? '' : (diagnosis?.next ?? firstStepOf(cause, frame.clusterArn, frame.cluster)),
    runbook: causeRows[cause.kind].runbook,
    contacts: frame.contacts.map(({ role }) => role),
    names: namesOn(incident, diagnosis),
    ...(about.rung !== undefined && { rung: about.rung }),
    ...(before !== undefined && { again: { endedAtMs: before.endedAtMs } }),
  };
}

/** Whether a look proved that a symptom is over; that an endpoint takes what it is sent, none does. */
const isOverByLook = ({ goneBy, check }: Member): boolean => goneBy === undefined && check !== 'endpoint-fails';

/** How else it is known that a symptom is over. */
function proofOf({ goneBy }: Member, { resolution }: Incident): string {
  switch (goneBy) {
    case undefined:
      return '';
    case 'alarm':
      return ', by CloudWatch’s own OK: no look judges it';
    case 'no-alarm':
      return ', since CloudWatch has its alarm no more';
    case 'person':
      return `, by the word of ${resolution?.by ?? 'somebody'}: nothing could prove it`;
    default:
      return goneBy satisfies never;
  }
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** One sentence: what a happening adds. */
export function saysOf(
  happening: Happening,
  incident: Incident,
  whom: string,
  works: readonly Work[],
  nowMs: number,
): string {
  const priority = { emergency: 'P0', critical: 'P1', warning: 'P2' }[incident.severity];
  switch (happening.kind) {
    case 'opened': {
      const [dealing] = works;
      const news = `New, with ${countOf(incident.members.filter(isLive).length, 'symptom')}.`;
      return dealing === undefined
        ? news
        : `${news} ${dealing.what}: nobody else is paged while that may end it, until ${new Date(dealing.untilMs).toISOString()}.`;
    }
    case 'raised':
      return `It got worse: now ${priority}.`;
    case 'rung': {
      const { askedBy } = happening;
      const minutes = minutesSince(incident.openedAtMs ?? nowMs, nowMs);
      const why =
        askedBy === undefined
          ? `It goes on for ${minutes} min and nobody is known to deal with it`
          : `${askedBy} asked for more help`;
      return `${why}${whom === '' ? '' : `: ${whom} is called`}. It is ${priority} now.`;
    }
    case 'rerooted':
      return compareCauses(incident.cause, happening.from) < 0
        ? `The cause is known: ${titleOfCause(incident.cause)}.`
        : `No look finds any more that ${titleOfCause(happening.from)}. What goes on: ${titleOfCause(incident.cause)}.`;
    case 'update':
      return happening.says;
    case 'joined':
      return `It is the same fault as incident ${happening.intoId}, and goes on there.`;
    case 'closed': {
      const minutes = minutesSince(incident.startedAtMs, incident.quietSinceMs ?? nowMs);
      const gone = incident.members.filter((one) => !isLive(one));
      const last = gone.toSorted((left, right) => (right.goneAtMs ?? 0) - (left.goneAtMs ?? 0))[0];
      const proof = last === undefined ? '' : ` Last to end: ${last.subject}, ${last.check}${proofOf(last, incident)}.`;
      const who = gone.every(isOverByLook) ? 'no look found' : 'nothing told of';
      const left = incident.members.find(isLive);
      const { length } = incident.members;
      const found = length === 1 ? 'its symptom' : `any of its ${length} symptoms`;
      const rest = left === undefined ? '' : ` No more than a notice is left: ${left.subject}, ${left.check}.`;
      return `It is over, after ${minutes} min: for 10 min ${who} ${found}.${proof}${rest}`;
    }
    default:
      return happening satisfies never;
  }
}
