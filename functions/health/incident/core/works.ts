import { dayMs, minuteMs } from '../../../../shared/core/units.ts';
import type { Member } from './member.ts';
import type { Look, Word } from './words.ts';

/**
 * Work under way that brings symptoms about, or deals with a fault.
 *
 * @property key the same while it is the same work
 * @property what for people: `MSK patches the cluster`
 * @property does `disturbs`: what it explains pages nobody within its limit (M3). `repairs`: what it deals with does not climb (I3)
 * @property of brokers by their ids; one broker after the other, whichever; a kind of fault; or all of the cluster
 * @property sinceMs of ours, when it was said: of two words the newer counts, in whatever order they come
 * @property untilMs its own limit: what lasts longer is no work's any more. What was called over has none left
 * @property endedAtMs MSK does it no more: what it brought about by then has a moment to end, too
 */
export type Work = {
  readonly key: string;
  readonly what: string;
  readonly does: 'disturbs' | 'repairs';
  readonly of: 'cluster' | 'one-broker' | 'disk' | readonly string[];
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly endedAtMs?: number;
};

/** Works of MSK's, told by the cluster's state. */
const ofMsk = 'msk|';

/** A broker that MSK restarts is back within 5 to 15 minutes, and in sync within 30 (facts of AWS's operations guide). */
export const longestDisturbanceMs = 30 * minuteMs;

/** A broker is back, and its alarm says so two or three datapoints later. */
export const settlingMs = 5 * minuteMs;

/** The longest that work which goes from broker to broker is no wonder. */
const rollingMs = (brokerCount: number): number => (brokerCount + 1) * longestDisturbanceMs;
/** MSK replaces one broker, and its copies are brought up to date. */
const healingMs = 2 * longestDisturbanceMs;
/** Storage scaling watches what MSK accepted for a day, and waits less long for anything else. */
const ourLongestMs = dayMs;

/** The longest limit that a work has by what it is of. */
export const longestWorkMs = ({ key }: Pick<Work, 'key'>, brokerCount: number): number =>
  key.startsWith(ofMsk) ? Math.max(rollingMs(brokerCount), healingMs) : ourLongestMs;

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
function workOf(member: Pick<Member, 'check' | 'reason' | 'sinceMs'>, brokerCount: number): Work | undefined {
  if (member.check !== 'cluster-state') return undefined;
  const key = `${ofMsk}${member.reason}`;
  switch (member.reason) {
    case 'maintenance':
      return work(key, 'MSK patches the cluster, broker by broker', 'disturbs', member.sinceMs, rollingMs(brokerCount));
    case 'rebooting-broker':
      return work(key, 'MSK reboots a broker', 'disturbs', member.sinceMs, rollingMs(brokerCount));
    case 'updating':
      return work(key, 'MSK updates the cluster', 'disturbs', member.sinceMs, rollingMs(brokerCount));
    case 'healing':
      return work(key, 'MSK replaces an unhealthy broker', 'repairs', member.sinceMs, healingMs);
    default:
      return undefined;
  }
}

/**
 * The works that are known and not over: MSK's by what is said of the cluster's state, ours as they were told.
 *
 * @param before as they were known
 * @param live every live symptom of the cluster
 */
export function worksNow(
  before: readonly Work[],
  heard: {
    readonly words: readonly Word[];
    readonly looks: readonly Look[];
    readonly works: readonly Work[];
  },
  live: readonly Member[],
  brokerCount: number,
  nowMs: number,
): readonly Work[] {
  // What MSK does is said by one check about one subject: a newer word of it ends what the older one said. Nobody knowing ends
  // nothing.
  const states = heard.words.filter(
    ({ check, by, says }) => check === 'cluster-state' && by === 'finding' && says !== 'unproven',
  );
  const unknown = heard.words.some(({ check, says }) => check === 'cluster-state' && says === 'unproven');
  const newest = states.toSorted((left, right) => right.atMs - left.atMs)[0];
  const judged = unknown ? [] : heard.looks.filter(({ judgedChecks }) => judgedChecks.includes('cluster-state'));
  const saidAtMs = Math.max(newest?.atMs ?? 0, ...judged.map(({ atMs }) => atMs));
  const isNewest = newest?.says === 'live' && newest.atMs >= saidAtMs;
  const said = [...live, ...(isNewest ? [newest] : [])]
    .flatMap((one) => workOf(one, brokerCount) ?? [])
    .filter((one) => !before.some(({ key, endedAtMs = 0 }) => key === one.key && one.sinceMs < endedAtMs));
  const goingOn = new Set(said.map(({ key }) => key));
  const kept = before.flatMap((one): readonly Work[] => {
    const { key, sinceMs, untilMs, endedAtMs } = one;
    // What is over is remembered, so that an older word of it that comes late does not begin it anew.
    if (!key.startsWith(ofMsk)) return nowMs < untilMs + dayMs ? [one] : [];
    if (endedAtMs !== undefined) return !goingOn.has(key) && nowMs < untilMs ? [one] : [];
    // What MSK goes on with beyond its limit is remembered, so that its limit does not begin anew.
    if (goingOn.has(key)) return [one];
    if (saidAtMs <= sinceMs) return nowMs < untilMs + dayMs ? [one] : [];
    const over = { ...one, endedAtMs: saidAtMs, untilMs: Math.min(untilMs, saidAtMs + settlingMs) };
    return one.does === 'disturbs' && nowMs < over.untilMs ? [over] : [];
  });
  const byKey = new Map<string, Work>();
  for (const one of [...kept, ...said, ...heard.works]) {
    const there = byKey.get(one.key);
    const counts = one.key.startsWith(ofMsk) ? beganEarlier : saidLater;
    if (there === undefined || counts(one, there)) byKey.set(one.key, one);
  }
  return [...byKey.values()];
}

const beganEarlier = (one: Work, there: Work): boolean => one.sinceMs < there.sinceMs;

/** Of two words of one moment the one that leaves less time. */
const saidLater = (one: Work, there: Work): boolean =>
  one.sinceMs > there.sinceMs || (one.sinceMs === there.sinceMs && one.untilMs < there.untilMs);
