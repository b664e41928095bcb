import { compareSeverities } from '../../../../shared/core/finding.ts';
import { causeKey } from './causes.ts';
import type { Acknowledgement, Happening, Incident } from './document.ts';
import { isLive, type Member } from './member.ts';
import type { PagingSeverity } from './words.ts';

/** More than these are counted and not kept. */
export const mostMembers = 200;

/** Where there is no room one that is gone makes some, then the mildest for a worse one. */
export function withMember(incident: Incident, member: Member): Incident {
  const { members, leftOutCount } = incident;
  const startedAtMs = Math.min(incident.startedAtMs, member.sinceMs);
  if (members.length < mostMembers) return { ...incident, startedAtMs, members: [...members, member] };
  const goneAt = members.findIndex((one) => !isLive(one));
  const mildest = members.reduce((left, right) =>
    compareSeverities(right.severity, left.severity) < 0 ? right : left,
  );
  const leavingAt =
    goneAt >= 0 || compareSeverities(member.severity, mildest.severity) <= 0 ? goneAt : members.indexOf(mildest);
  return {
    ...incident,
    startedAtMs,
    members: leavingAt < 0 ? members : [...members.slice(0, leavingAt), ...members.slice(leavingAt + 1), member],
    leftOutCount: goneAt < 0 ? leftOutCount + 1 : leftOutCount,
  };
}

/** Two incidents of one fault are one: that which people heard of first, else the older. Who deals with one deals with both. */
export function merge(incidents: readonly Incident[]): {
  readonly incidents: readonly Incident[];
  readonly happenings: readonly Happening[];
} {
  const kept: Incident[] = [];
  const happenings: Happening[] = [];
  for (const one of incidents.toSorted(byAge)) {
    const place = kept.findIndex(({ cause }) => causeKey(cause) === causeKey(one.cause));
    const there = kept[place];
    if (there === undefined) {
      kept.push(one);
      continue;
    }
    const acknowledgement = lastingOf(there.acknowledgement, one.acknowledgement);
    kept[place] = one.members.reduce(withMember, {
      ...there,
      severity: worseOf(there.severity, one.severity),
      leftOutCount: there.leftOutCount + one.leftOutCount,
      startedAtMs: Math.min(there.startedAtMs, one.startedAtMs),
      ...(acknowledgement !== undefined && { acknowledgement }),
    });
    happenings.push({ kind: 'joined', incidentId: one.id, intoId: there.id });
  }
  return { incidents: kept, happenings };
}

/** Of two acknowledgements the one of the worse severity, since one of less does not count; of those the one that holds longer. */
export const lastingOf = (
  left: Acknowledgement | undefined,
  right: Acknowledgement | undefined,
): Acknowledgement | undefined => {
  if (left === undefined || right === undefined) return left ?? right;
  const order = compareSeverities(left.severity, right.severity) || left.untilMs - right.untilMs;
  return order >= 0 ? left : right;
};

const byAge = (left: Incident, right: Incident): number =>
  (left.openedAtMs ?? Number.MAX_SAFE_INTEGER) - (right.openedAtMs ?? Number.MAX_SAFE_INTEGER) ||
  left.bornAtMs - right.bornAtMs ||
  Number(left.id) - Number(right.id);

export const worseOf = (left: PagingSeverity, right: PagingSeverity): PagingSeverity =>
  compareSeverities(left, right) >= 0 ? left : right;
