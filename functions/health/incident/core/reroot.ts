import { compareSeverities } from '../../../../shared/core/finding.ts';
import { causeRows } from './cause-rows.ts';
import { type Cause, causeKey } from './causes.ts';
import type { Incident } from './document.ts';
import { causeAlone, compareCauses, isExplainedBy, rootOf } from './explain.ts';
import { afterglowMs, isInItsTime } from './in-its-time.ts';
import { isLive, isPressing, type Member } from './member.ts';

export const isRootOf = (member: Member, cause: Cause): boolean => {
  const root = rootOf(member);
  return root !== undefined && causeKey(root) === causeKey(cause);
};

const explainsAll = (cause: Cause, members: readonly Member[]): boolean =>
  members.every((one) => isExplainedBy(one, cause) || isRootOf(one, cause));

/** A fault is proven by what a look judged to be so, and bad enough: not by what nobody knows any more, nor by a remark. */
function provenBy(member: Member): readonly Cause[] {
  const root = isLive(member) && !member.isUnproven ? rootOf(member) : undefined;
  if (root === undefined) return [];
  return compareSeverities(member.severity, causeRows[root.kind].provenBy ?? 'warning') >= 0 ? [root] : [];
}

/** The faults that live words prove. */
export const provenCauses = (members: readonly Member[]): readonly Cause[] =>
  [...new Map(members.flatMap(provenBy).map((cause) => [causeKey(cause), cause])).values()].toSorted(compareCauses);

/**
 * An incident as its cause turned out to be: another fault's where that is worse, and explains everything of it that still is;
 * where its own fault is over and something of it is not, what that is a fault of.
 *
 * @param known every fault that is open or proven, the worst first
 * @param proven those of them that a live word proves
 * @param all every member of the cluster's
 */
export function reroot(
  incident: Incident,
  known: readonly Cause[],
  proven: readonly Cause[],
  all: readonly Member[],
  nowMs: number,
): Incident {
  const pressing = incident.members.filter(isPressing);
  if (pressing.length === 0 || incident.cause.kind === 'many') return incident;
  const worse = known.find(
    (cause) =>
      compareCauses(cause, incident.cause) < 0 &&
      explainsAll(cause, pressing) &&
      pressing.every((one) => isInItsTime(one, cause, all)),
  );
  const cause = worse ?? outlivedBy(incident, pressing, proven, nowMs);
  return cause === undefined ? incident : { ...incident, cause };
}

function outlivedBy(
  { cause, members }: Incident,
  pressing: readonly Member[],
  proven: readonly Cause[],
  nowMs: number,
): Cause | undefined {
  const isOf = (one: Member): boolean => causeKey(causeAlone(one)) === causeKey(cause);
  const isProven = proven.some((one) => causeKey(one) === causeKey(cause));
  if (isProven || members.some((one) => isLive(one) && isOf(one))) return undefined;
  const other = provenCauses(pressing).find((one) => explainsAll(one, pressing));
  if (other !== undefined) return other;
  const overAtMs = members.flatMap((one) => (isOf(one) ? (one.goneAtMs ?? []) : []));
  if (nowMs - Math.max(0, ...overAtMs) < afterglowMs) return undefined;
  return pressing.map(causeAlone).toSorted(compareCauses)[0];
}
