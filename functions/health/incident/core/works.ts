import { minuteMs } from '../../../../shared/core/units.ts';
import { isExplainedBy } from './explain.ts';
import { isLive, type Member } from './member.ts';

/**
 * Work under way that brings symptoms about, or deals with a fault.
 *
 * @property key the same while it is the same work
 * @property what for people: `MSK patches the cluster`
 * @property does `disturbs`: what it explains pages nobody within its limit (M3). `repairs`: what it deals with does not climb (I3)
 * @property of brokers by their ids; one broker after the other, whichever; a kind of fault; or all of the cluster
 * @property untilMs its own limit: what lasts longer is no work's any more
 */
export type Work = {
  readonly key: string;
  readonly what: string;
  readonly does: 'disturbs' | 'repairs';
  readonly of: 'cluster' | 'one-broker' | 'disk' | readonly string[];
  readonly sinceMs: number;
  readonly untilMs: number;
};

/** A broker that MSK restarts is back within 5 to 15 minutes, and in sync within 30 (facts of AWS's operations guide). */
const longestDisturbanceMs = 30 * minuteMs;

const work = (key: string, what: string, does: Work['does'], sinceMs: number, limitMs: number): Work => ({
  key,
  what,
  does,
  of: 'one-broker',
  sinceMs,
  untilMs: sinceMs + limitMs,
});

/**
 * The work of MSK that a finding about the cluster's state tells of. HEALING brings nothing about: it deals with what broke.
 *
 * @param brokerCount by which patching takes longer
 */
export function workOf(member: Pick<Member, 'check' | 'reason' | 'sinceMs'>, brokerCount: number): Work | undefined {
  if (member.check !== 'cluster-state') return undefined;
  const key = `msk|${member.reason}`;
  const rollingMs = (brokerCount + 1) * longestDisturbanceMs;
  switch (member.reason) {
    case 'maintenance':
      return work(key, 'MSK patches the cluster, broker by broker', 'disturbs', member.sinceMs, rollingMs);
    case 'rebooting-broker':
      return work(key, 'MSK reboots a broker', 'disturbs', member.sinceMs, rollingMs);
    case 'updating':
      return work(key, 'MSK updates the cluster', 'disturbs', member.sinceMs, rollingMs);
    case 'healing':
      return work(key, 'MSK replaces an unhealthy broker', 'repairs', member.sinceMs, 2 * longestDisturbanceMs);
    default:
      return undefined;
  }
}

const isUnderWay = ({ sinceMs, untilMs }: Work, nowMs: number): boolean => sinceMs <= nowMs && nowMs < untilMs;

/** Which broker a symptom is of, where it says so. */
const brokersOf = ({ subject, brokers }: Pick<Member, 'subject' | 'brokers'>): readonly string[] =>
  subject.startsWith('broker ') ? [subject.slice('broker '.length)] : brokers;

const maintenance = { kind: 'msk-maintenance', of: '' } as const;

function isBroughtAbout(member: Member, { of }: Work): boolean {
  if (!isExplainedBy(member, maintenance)) return false;
  const named = brokersOf(member);
  switch (of) {
    case 'cluster':
    case 'one-broker':
      return true;
    case 'disk':
      return false;
    default:
      return named.length === 0 || named.every((id) => of.includes(id));
  }
}

/** Brokers that a look found away. */
const brokersAway = (members: readonly Member[]): ReadonlySet<string> =>
  new Set(members.filter((one) => one.check === 'broker-answers' && isLive(one)).flatMap(brokersOf));

/**
 * The work that explains a symptom so that it pages nobody yet (M3): within the work's limit, and for no longer than one
 * broker's restart takes. An emergency is never held, and work on one broker at a time explains one that is away.
 *
 * @param all every live symptom of the cluster
 */
export function holdingWork(
  member: Member,
  works: readonly Work[],
  all: readonly Member[],
  nowMs: number,
): Work | undefined {
  if (member.severity === 'emergency' || nowMs - member.sinceMs >= longestDisturbanceMs) return undefined;
  const awayCount = brokersAway(all).size;
  return works.find(
    (one) =>
      one.does === 'disturbs' &&
      isUnderWay(one, nowMs) &&
      isBroughtAbout(member, one) &&
      (one.of !== 'one-broker' || awayCount <= 1),
  );
}

/** The work that deals with a fault, so that nothing climbs while it may still end it in time (I3). */
export function repairingWork(
  kind: string,
  members: readonly Member[],
  works: readonly Work[],
  nowMs: number,
): Work | undefined {
  const live = members.filter(isLive);
  return works.find((one) => {
    if (!isUnderWay(one, nowMs)) return false;
    if (one.of === 'disk') return kind === 'disk';
    return kind === 'broker-down' && live.some((member) => isBroughtAbout(member, one)) && brokersAway(live).size <= 1;
  });
}
