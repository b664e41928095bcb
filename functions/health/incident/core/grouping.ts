import { compareSeverities, type Severity } from '../../../../shared/core/finding.ts';
import { type Cause, causeKey, causeRows } from './causes.ts';
import type { Happening, Incident } from './document.ts';
import { causeOf, compareCauses, isExplainedBy, rootOf } from './explain.ts';
import { isLive, type Member } from './member.ts';
import { type PagingSeverity, pagingSeverities } from './words.ts';

/** More than these are counted and not kept. */
export const mostMembers = 200;
/** Of so many open incidents a further one that is no P0 joins "many faults". */
export const mostIncidents = 50;

const manyFaults: Cause = { kind: 'other', of: 'many' };

export type Grouped = {
  readonly incidents: readonly Incident[];
  readonly happenings: readonly Happening[];
  readonly nextNumber: number;
};

/** The severity by which a page goes out; undefined for what never pages. */
export const pagingSeverityOf = (severity: Severity): PagingSeverity | undefined =>
  pagingSeverities.find((one) => one === severity);

const worst = (severities: readonly Severity[]): Severity =>
  severities.reduce<Severity>((left, right) => (compareSeverities(left, right) >= 0 ? left : right), 'ok');

/** The faults that are known: those that are open, and those that a live word proves. */
const knownCauses = (incidents: readonly Incident[], fresh: readonly Member[]): readonly Cause[] => {
  const live = [...incidents.flatMap(({ members }) => members), ...fresh].filter(isLive);
  const all = [...incidents.map(({ cause }) => cause), ...live.flatMap((one) => rootOf(one) ?? [])];
  const byKey = new Map(all.map((cause) => [causeKey(cause), cause]));
  return [...byKey.values()].toSorted(compareCauses);
};

/**
 * Puts each new symptom into the incident of the worst known fault that explains it, and gives incidents whose own fault
 * turned out to follow from another its name: the older one's id stays.
 */
export function group(
  incidents: readonly Incident[],
  fresh: readonly Member[],
  nextNumber: number,
  nowMs: number,
): Grouped {
  const known = knownCauses(incidents, fresh);
  const rerooted = incidents.map((one) => reroot(one, known));
  const happenings: Happening[] = rerooted.flatMap((one, index) => {
    const before = incidents[index]?.cause;
    return before === undefined || causeKey(before) === causeKey(one.cause)
      ? []
      : [{ kind: 'rerooted', incidentId: one.id, from: before }];
  });
  const merged = merge(rerooted);
  happenings.push(...merged.happenings);
  const joined = [...merged.incidents];
  let number = nextNumber;
  for (const member of fresh) {
    const cause = causeOf(member, known);
    const place = findPlace(joined, cause, member);
    const there = place === undefined ? undefined : joined[place];
    if (place !== undefined && there !== undefined) {
      joined[place] = withMember(there, member);
      continue;
    }
    // A notice alone is nobody's page: it is kept where it belongs to something worse.
    if (pagingSeverityOf(member.severity) === undefined) continue;
    const isFull = joined.length >= mostIncidents && member.severity !== 'emergency';
    joined.push(born(String(number), isFull ? manyFaults : cause, member, nowMs));
    number += 1;
  }
  return { incidents: joined.map(withSeverity), happenings, nextNumber: number };
}

function findPlace(incidents: readonly Incident[], cause: Cause, member: Member): number | undefined {
  const own = incidents.findIndex((one) => causeKey(one.cause) === causeKey(cause));
  if (own >= 0) return own;
  if (incidents.length < mostIncidents || member.severity === 'emergency') return undefined;
  const many = incidents.findIndex((one) => causeKey(one.cause) === causeKey(manyFaults));
  return many < 0 ? undefined : many;
}

const born = (id: string, cause: Cause, member: Member, nowMs: number): Incident => ({
  id,
  cause,
  severity: pagingSeverityOf(member.severity) ?? 'warning',
  startedAtMs: member.sinceMs,
  bornAtMs: nowMs,
  climbedToMs: nowMs,
  members: [member],
  leftOutCount: 0,
  threads: {},
});

/** Where there is no room one that is gone makes some. */
function withMember(incident: Incident, member: Member): Incident {
  const { members, startedAtMs, leftOutCount } = incident;
  const goneAt = members.length < mostMembers ? -1 : members.findIndex((one) => !isLive(one));
  if (members.length >= mostMembers && goneAt < 0) return { ...incident, leftOutCount: leftOutCount + 1 };
  const kept = members.filter((_, index) => index !== goneAt);
  return { ...incident, members: [...kept, member], startedAtMs: Math.min(startedAtMs, member.sinceMs) };
}

/** An incident is another fault's where that is worse, and explains everything of it that still is. */
function reroot(incident: Incident, known: readonly Cause[]): Incident {
  const live = incident.members.filter(isLive);
  if (live.length === 0 || causeKey(incident.cause) === causeKey(manyFaults)) return incident;
  const explains = (cause: Cause): boolean =>
    compareCauses(cause, incident.cause) < 0 && live.every((one) => isExplainedBy(one, cause) || isRootOf(one, cause));
  const cause = known.find(explains);
  return cause === undefined ? incident : { ...incident, cause };
}

const isRootOf = (member: Member, cause: Cause): boolean => {
  const root = rootOf(member);
  return root !== undefined && causeKey(root) === causeKey(cause);
};

/** Two incidents of one fault are one: that which people heard of first, else the older. */
function merge(incidents: readonly Incident[]): Pick<Grouped, 'incidents' | 'happenings'> {
  const kept: Incident[] = [];
  const happenings: Happening[] = [];
  for (const one of incidents.toSorted(byAge)) {
    const place = kept.findIndex(({ cause }) => causeKey(cause) === causeKey(one.cause));
    const there = kept[place];
    if (there === undefined) {
      kept.push(one);
      continue;
    }
    kept[place] = one.members.reduce(withMember, {
      ...there,
      severity: worseOf(there.severity, one.severity),
      leftOutCount: there.leftOutCount + one.leftOutCount,
      startedAtMs: Math.min(there.startedAtMs, one.startedAtMs),
    });
    happenings.push({ kind: 'joined', incidentId: one.id, intoId: there.id });
  }
  return { incidents: kept, happenings };
}

const byAge = (left: Incident, right: Incident): number =>
  (left.openedAtMs ?? Number.MAX_SAFE_INTEGER) - (right.openedAtMs ?? Number.MAX_SAFE_INTEGER) ||
  left.bornAtMs - right.bornAtMs ||
  Number(left.id) - Number(right.id);

const worseOf = (left: PagingSeverity, right: PagingSeverity): PagingSeverity =>
  compareSeverities(left, right) >= 0 ? left : right;

function withSeverity(incident: Incident): Incident {
  const live = incident.members.filter(isLive).map(({ severity }) => severity);
  const isProven = incident.members.some((one) => isLive(one) && isRootOf(one, incident.cause));
  const floor = isProven ? causeRows[incident.cause.kind].floor : undefined;
  const now = pagingSeverityOf(worst([...live, ...(floor === undefined ? [] : [floor])]));
  return now === undefined ? incident : { ...incident, severity: worseOf(incident.severity, now) };
}
