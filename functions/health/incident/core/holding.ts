import type { CauseKind } from './causes.ts';
import { brokersOf, isExplainedBy, rootOf } from './explain.ts';
import { isLive, isPressing, type Member } from './member.ts';
import { longestDisturbanceMs, type Work } from './works.ts';

const isUnderWay = ({ sinceMs, untilMs }: Work, nowMs: number): boolean => sinceMs <= nowMs && nowMs < untilMs;

const maintenance = { kind: 'msk-maintenance', of: '' } as const;

function isBroughtAbout(member: Member, { of }: Work): boolean {
  if (!isExplainedBy(member, maintenance)) return false;
  switch (of) {
    case 'cluster':
    case 'one-broker':
      return true;
    case 'disk':
      return false;
    default:
      return brokersOf(member).every((id) => of.includes(id));
  }
}

/** Brokers that a look found away. */
const brokersAway = (members: readonly Member[]): ReadonlySet<string> =>
  new Set(
    members.flatMap((one) => {
      const root = isLive(one) ? rootOf(one) : undefined;
      return root?.kind === 'broker-down' ? [root.of] : [];
    }),
  );

/**
 * By the first two writes fail, by the others nobody knows how the cluster is: one broker's restart is no reason for longer than
 * it takes, whoever is restarted after it.
 */
const brief: readonly string[] = ['below-min-isr', 'under-min-isr', 'look-complete', 'source-agreement'];

/** Until when a work explains a symptom: one broker's for as long as a restart takes, what is of no broker for all of them. */
const explainedUntilMs = (member: Member, { of, untilMs }: Work): number =>
  of === 'one-broker' && (brokersOf(member).length > 0 || brief.includes(member.check))
    ? Math.min(untilMs, member.sinceMs + longestDisturbanceMs)
    : untilMs;

/**
 * The work that explains a symptom so that it pages nobody yet (M3), within the work's own limit. An emergency is never held, and
 * work on one broker at a time explains one that is away, for as long as its restart takes.
 *
 * @param all every live symptom of the cluster
 */
export function holdingWork(
  member: Member,
  works: readonly Work[],
  all: readonly Member[],
  nowMs: number,
): Work | undefined {
  if (member.severity === 'emergency') return undefined;
  const awayCount = brokersAway(all).size;
  return works.find(
    (one) =>
      one.does === 'disturbs' &&
      isUnderWay(one, nowMs) &&
      nowMs < explainedUntilMs(member, one) &&
      (one.endedAtMs === undefined || member.sinceMs < one.endedAtMs) &&
      isBroughtAbout(member, one) &&
      (one.of !== 'one-broker' || awayCount <= 1),
  );
}

/**
 * The work that deals with a fault, so that nothing climbs while it may still end it in time (I3). Of a P0 harm is done already,
 * and so it is where help comes too late for the disk.
 */
export function repairingWork(
  kind: CauseKind,
  members: readonly Member[],
  works: readonly Work[],
  nowMs: number,
): Work | undefined {
  const pressing = members.filter(isPressing);
  const isTooLate = pressing.some(({ severity, check }) => severity === 'emergency' || check === 'storage-capacity');
  if (isTooLate || pressing.length === 0) return undefined;
  const isDealtWith = (one: Work): boolean => {
    if (one.of === 'disk') return kind === 'disk';
    if (one.does === 'disturbs') {
      return pressing.every((member) => holdingWork(member, [one], pressing, nowMs) !== undefined);
    }
    const isOneAway = one.of !== 'one-broker' || brokersAway(pressing).size <= 1;
    return kind === 'broker-down' && isOneAway && pressing.some((member) => isBroughtAbout(member, one));
  };
  return works.find((one) => isUnderWay(one, nowMs) && isDealtWith(one));
}
