import { compareSeverities, type Severity } from '../../../../shared/core/finding.ts';
import { causeRows } from './cause-rows.ts';
import { type Cause, causeKey } from './causes.ts';
import type { Happening, Incident } from './document.ts';
import { causeAlone, causeOf, compareCauses } from './explain.ts';
import { isInItsTime } from './in-its-time.ts';
import { isLive, type Member } from './member.ts';
import { merge, withMember, worseOf } from './membership.ts';
import { isRootOf, provenCauses, reroot } from './reroot.ts';
import { type PagingSeverity, pagingSeverities } from './words.ts';

/** Of so many open incidents a further one that is no P0 joins "many faults". */
export const mostIncidents = 50;

const manyFaults: Cause = { kind: 'many', of: '' };

export type Grouped = {
  readonly incidents: readonly Incident[];
  readonly happenings: readonly Happening[];
  readonly nextNumber: number;
};

/** The severity by which a page goes out; undefined for what never pages. */
const pagingSeverityOf = (severity: Severity): PagingSeverity | undefined =>
  pagingSeverities.find((one) => one === severity);

/** How bad a symptom is of a fault: the word that proves it is at least as bad as such a fault ever is. */
function severityIn(member: Member, cause: Cause): Severity {
  const floor = isRootOf(member, cause) ? causeRows[cause.kind].floor : undefined;
  return floor !== undefined && compareSeverities(floor, member.severity) > 0 ? floor : member.severity;
}

/**
 * Puts each new symptom into the incident of the worst known fault that explains it, and gives incidents whose own fault
 * turned out to follow from another its name: the older one's id stays.
 */
export function group(
  before: readonly Incident[],
  heard: readonly Member[],
  nextNumber: number,
  nowMs: number,
): Grouped {
  const { incidents, unfolded } = unfold(before);
  const fresh = [...heard, ...unfolded];
  const all = [...incidents.flatMap(({ members }) => members), ...fresh];
  const proven = provenCauses(all);
  const known = [
    ...new Map([...proven, ...incidents.map(({ cause }) => cause)].map((one) => [causeKey(one), one])).values(),
  ].toSorted(compareCauses);
  // Who does not fit comes again with every word: counted anew in each step, and the most there were is told.
  const rerooted = incidents.map((one) => ({ ...reroot(one, known, proven, all, nowMs), leftOutCount: 0 }));
  const merged = merge(rerooted);
  const happenings: readonly Happening[] = [
    ...rerooted.flatMap((one, index): readonly Happening[] => {
      const from = incidents[index]?.cause;
      const isSame = from === undefined || causeKey(from) === causeKey(one.cause);
      return isSame ? [] : [{ kind: 'rerooted', incidentId: one.id, from }];
    }),
    ...merged.happenings,
  ];
  const joined = [...merged.incidents];
  let number = nextNumber;
  for (const member of fresh) {
    const cause = causeOf(
      member,
      known.filter((one) => isInItsTime(member, one, all)),
    );
    const severity = pagingSeverityOf(severityIn(member, cause));
    const place = findPlace(joined, cause, severity);
    const there = place === undefined ? undefined : joined[place];
    if (place !== undefined && there !== undefined) {
      joined[place] = withMember(there, member);
      continue;
    }
    // A notice alone is nobody's page: it is kept where it belongs to something worse.
    if (severity === undefined) continue;
    joined.push(born(String(number), isFull(joined, severity) ? manyFaults : cause, severity, member, nowMs));
    number += 1;
  }
  const countedBefore = new Map(before.map(({ id, leftOutCount }) => [id, leftOutCount]));
  return {
    incidents: joined.map((one) => ({
      ...withSeverity(one),
      leftOutCount: Math.max(one.leftOutCount, countedBefore.get(one.id) ?? 0),
    })),
    happenings,
    nextNumber: number,
  };
}

const isFull = (incidents: readonly Incident[], severity: PagingSeverity | undefined): boolean =>
  severity !== 'emergency' && incidents.filter(({ cause }) => cause.kind !== 'many').length >= mostIncidents;

function findPlace(
  incidents: readonly Incident[],
  cause: Cause,
  severity: PagingSeverity | undefined,
): number | undefined {
  const placeOf = (wanted: Cause): number => incidents.findIndex((one) => causeKey(one.cause) === causeKey(wanted));
  const own = placeOf(cause);
  if (own >= 0) return own;
  const many = isFull(incidents, severity) && severity !== undefined ? placeOf(manyFaults) : -1;
  return many < 0 ? undefined : many;
}

/** A fault that became a P0 among the many is one of its own again. */
function unfold(incidents: readonly Incident[]): {
  readonly incidents: readonly Incident[];
  readonly unfolded: readonly Member[];
} {
  const unfolded: Member[] = [];
  const kept = incidents.map((one) => {
    if (one.cause.kind !== 'many') return one;
    const leaving = one.members.filter((member) => isLive(member) && member.severity === 'emergency');
    const [first, ...others] = leaving;
    if (first === undefined) return one;
    const isAll = leaving.length === one.members.length;
    unfolded.push(...(isAll ? others : leaving));
    if (isAll) return { ...one, cause: causeAlone(first), members: [first] };
    return { ...one, members: one.members.filter((member) => !leaving.includes(member)) };
  });
  return { incidents: kept, unfolded };
}

const born = (id: string, cause: Cause, severity: PagingSeverity, member: Member, nowMs: number): Incident => ({
  id,
  cause,
  severity,
  startedAtMs: member.sinceMs,
  bornAtMs: nowMs,
  climbedToMs: nowMs,
  members: [member],
  leftOutCount: 0,
});

/** As bad as the worst that is of it, and never less than it was. */
const withSeverity = (incident: Incident): Incident => ({
  ...incident,
  severity: incident.members
    .filter(isLive)
    .flatMap((one) => pagingSeverityOf(severityIn(one, incident.cause)) ?? [])
    .reduce(worseOf, incident.severity),
});
