import type { Severity } from './finding.ts';
import type { FlooredQuantity, LimitedQuantity, ScalingQuantity } from './policy-quantities.ts';
import { minuteMs } from './units.ts';

/**
 * The thresholds and modes that a runbook names, as plain data. One shape serves the four presets (RUNBOOK section 7):
 * what a system does not name is absent, and a rule without its threshold is not evaluated, and says so.
 */

/** What must be true for how long before it counts. Durations are minutes; absent durations mean at once. */
export type Limit = {
  readonly notice?: number;
  readonly noticeForMinutes?: number;
  readonly warning?: number;
  readonly warningForMinutes?: number;
  readonly critical?: number;
  readonly criticalForMinutes?: number;
  readonly emergency?: number;
  readonly emergencyForMinutes?: number;
};

/** `plan` reports what it would do and keeps it. */
export type Mode = 'off' | 'plan' | 'act';

/**
 * One rung of an escalation ladder, so long after opening (I3). One of the three at least is there.
 *
 * @property raisesTo the incident is at least so severe from then on: that severity's endpoints are paged, and its ladder goes on
 * @property level whom of the contacts it calls, by their channels
 * @property endpoints whom else it pages, by names of `channels.endpoints`
 */
type EscalationRung = {
  readonly afterMinutes: number;
  readonly raisesTo?: 'critical' | 'emergency';
  readonly level?: 'management' | 'executives';
  readonly endpoints?: readonly string[];
};

export type Policy = {
  readonly preset: string;
  /** A broker that has not answered by then is asked once more, with twice the time: late then, or not answering (H1). */
  readonly brokerAnswerTimeoutMs: number;
  readonly limits: Readonly<Partial<Record<LimitedQuantity, Limit>>>;
  readonly floors: Readonly<Partial<Record<FlooredQuantity, Limit>>>;
  readonly scaling: Readonly<Partial<Record<ScalingQuantity, Limit>>>;
  /** One step of storage scaling, and the size that it never passes (C5). */
  readonly storage?: { readonly stepGiB: number; readonly maxVolumeGiB: number };
  /** No act of which people could not be told just before; absent: it is done, and told as soon as it is accepted. */
  readonly mustTell?: boolean;
  readonly cooldown?: { readonly brokersSeconds: number };
  readonly partitions?: {
    /** Added at once to a topic that lags. */
    readonly added?: number;
    readonly addedAboveLagMessages?: number;
    /** One partition for so many messages a second, and one more. */
    readonly messagesPerSecondEach?: number;
    readonly minimum?: number;
    readonly laggingTopicTotal?: number;
    /** `max(T/p, T/c)`: topic throughput over what one partition takes from a producer and gives to a consumer. */
    readonly isSizedByThroughput?: boolean;
  };
  readonly anomaly?: { readonly deviations: number; readonly windowHours: number };
  /** Time to respond by severity (RUNBOOK section 1). */
  readonly responseMinutes: Readonly<Record<'emergency' | 'critical' | 'warning' | 'notice', number>>;
  /** Ladders by the severity at opening; a notice never climbs. `warning` climbs only while unacknowledged (I3). */
  readonly escalation: Readonly<Record<'emergency' | 'critical' | 'warning', readonly EscalationRung[]>>;
};

/** One value of a series; the newest is last. */
export type Sample = { readonly atMs: number; readonly value: number };

/**
 * How bad a value or a series is.
 *
 * @property severity `unknown` where there is nothing to judge, else the worst level that is breached for long enough
 * @property threshold the number that was passed; absent where none was
 * @property pending a worse level that is breached now, but not yet (or not provably) for long enough
 */
export type Verdict = { readonly severity: Severity; readonly threshold?: number; readonly pending?: Severity };

/** Worst first. */
const levels = ['emergency', 'critical', 'warning', 'notice'] as const;

/** Every sample of the trailing `forMinutes` is breached, and the series reaches back that far. */
const isHeld = (samples: readonly Sample[], forMinutes: number, isBreached: (value: number) => boolean): boolean => {
  const newest = samples.at(-1);
  if (newest === undefined) return false;
  const sinceMs = newest.atMs - forMinutes * minuteMs;
  const firstCalm = samples.findLastIndex(({ value }) => !isBreached(value));
  const firstBreached = samples[firstCalm + 1];
  return firstBreached !== undefined && firstBreached.atMs <= sinceMs;
};

/**
 * Judges a series, newest last, against a limit that must not be exceeded: a value equal to the limit is within it. A
 * level counts once every value of its trailing minutes exceeded it, and the series reaches back that far.
 */
export const evaluateLimit = (limit: Limit, samples: readonly Sample[]): Verdict => {
  const newest = samples.at(-1);
  if (newest === undefined || samples.some(({ value }) => Number.isNaN(value))) return { severity: 'unknown' };
  let pending: Severity | undefined;
  for (const level of levels) {
    const threshold = limit[level];
    if (threshold === undefined) continue;
    const isExceeded = (value: number) => value > threshold;
    if (!isExceeded(newest.value)) continue;
    if (isHeld(samples, limit[`${level}ForMinutes`] ?? 0, isExceeded)) {
      return pending === undefined ? { severity: level, threshold } : { severity: level, threshold, pending };
    }
    pending ??= level;
  }
  return pending === undefined ? { severity: 'ok' } : { severity: 'ok', pending };
};

/** Judges a series against a floor that a value must not fall below, as `evaluateLimit` does against a limit. */
export function evaluateFloor(floor: Limit, samples: readonly Sample[]): Verdict {
  const mirrored: { -readonly [Key in keyof Limit]: Limit[Key] } = { ...floor };
  for (const level of levels) {
    const threshold = floor[level];
    if (threshold !== undefined) mirrored[level] = -threshold;
  }
  const verdict = evaluateLimit(
    mirrored,
    samples.map(({ atMs, value }) => ({ atMs, value: -value })),
  );
  return verdict.threshold === undefined ? verdict : { ...verdict, threshold: -verdict.threshold };
}

/** Mildest first: where a limit asks for something (more storage, more brokers), its mildest level asks and the others urge. */
const mildestFirst = ['notice', 'warning', 'critical', 'emergency'] as const;

/** The mildest level of a limit, which is what a scaling quantity acts on; undefined where the limit names none. */
export const askingLevel = (
  limit: Limit | undefined,
): { readonly threshold: number; readonly forMinutes: number } | undefined => {
  for (const level of mildestFirst) {
    const threshold = limit?.[level];
    if (threshold !== undefined) return { threshold, forMinutes: limit?.[`${level}ForMinutes`] ?? 0 };
  }
  return undefined;
};
