import { isAhead, isWithin } from '../../../../shared/core/clocks.ts';
import { compareSeverities, type Finding, findingKey, type Severity } from '../../../../shared/core/finding.ts';
import type { Sample } from '../../../../shared/core/policy.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { UnknownStreaks } from '../../../../shared/core/unknown-streak.ts';

/** A finding that is not ok, as runs before left it. */
export type OpenFinding = {
  /** As last judged; `unknown` keeps what was announced. */
  readonly severity: Severity;
  readonly reason: string;
  readonly sinceMs: number;
  /** As what the bus was last offered of it, taken or not; absent where it was offered nothing. */
  readonly announced?: Severity;
  /** As last judged, or as it is unknown where it never was; absent in a memory of the release before. */
  readonly finding?: Finding;
};

/** Which look puts it on the bus just now. */
export type Offer = { readonly runId: string; readonly atMs: number };

/**
 * What changed of a finding, and is not known to be on the bus.
 *
 * @property severity the worse of before and now
 * @property sinceMs since when it is open; of what closed, since when it was
 * @property atMs when the look began that found it so
 * @property finding of what closed: `ok`
 * @property offer absent where the bus refused it, or nobody offers it any more
 */
export type UntoldChange = {
  readonly kind: 'opened' | 'worse' | 'eased' | 'closed';
  readonly severity: Severity;
  readonly sinceMs: number;
  readonly atMs: number;
  readonly finding: Finding;
  readonly offer?: Offer;
};

/** Latest offsets of the topics whose growth is judged, as decimal strings: offsets pass 2^53. */
export type OffsetMark = {
  readonly atMs: number;
  readonly latestByPartition: Readonly<Record<string, string>>;
  readonly topicId?: string;
};

/** An alarm that woke a look and is not proven over: its rule, and when the look began. */
export type OpenAlarm = { readonly rule: string; readonly wokenAtMs: number };

/** What one run leaves for the next, in the bucket under `state/cluster-health/`. */
export type HealthState = {
  readonly version: 1;
  readonly runId: string;
  readonly atMs: number;
  readonly openByKey: Readonly<Record<string, OpenFinding>>;
  /** Changes that the bus is not known to have taken: each run repeats them until it is. */
  readonly untoldByKey: Readonly<Record<string, UntoldChange>>;
  /** When each check was judged last, by the beginning of the look: of two runs at once the newer look's word stands. */
  readonly judgedAtMsByCheck: Readonly<Record<string, number>>;
  /** The same of every subject: what is not open of that check since then is over. */
  readonly judgedWholeAtMsByCheck: Readonly<Record<string, number>>;
  readonly unknownStreaks: UnknownStreaks;
  readonly offsetsByTopic: Readonly<Record<string, OffsetMark>>;
  /** Alarms that woke a look and are not proven over, by their names. */
  readonly openAlarms: Readonly<Record<string, OpenAlarm>>;
  /** A look by claim began since the claim was last seen free: wakes may wait there, so the next run asks it. */
  readonly mayWakesWait: boolean;
  /** Memory was judged over the datapoints up to then. */
  readonly halfHourJudgedToMs?: number;
  /** Names of the cluster that stand in its texts and could be taken for secrets; mostly absent. */
  readonly names?: readonly string[];
};

/** A run that offers tells within seconds. One that has not by then is dead. */
const offeringMs = minuteMs;
/** Runs of one schedule are seconds more or less apart: what lasted five minutes less a second has lasted five minutes. */
const jitterMs = 20_000;

/** True for a finding that could not be judged, also when its persistence made it a warning. */
export const isUnjudged = ({ severity, evidence }: Finding): boolean =>
  severity === 'unknown' || evidence.unknownReason !== undefined;

/**
 * A value that is only seen now, as the series that its history allows: it was breached since the finding opened.
 * Gives limits with a duration something to judge.
 */
export function samplesSinceOpened(
  key: Pick<Finding, 'check' | 'subject'>,
  value: number,
  previous: HealthState | undefined,
  nowMs: number,
): readonly Sample[] {
  const open = previous?.openByKey[findingKey(key)];
  const isBreachedBefore = open !== undefined && compareSeverities(open.severity, 'notice') >= 0;
  return isBreachedBefore && open.sinceMs < nowMs
    ? [
        { atMs: open.sinceMs - jitterMs, value },
        { atMs: nowMs, value },
      ]
    : [{ atMs: nowMs, value }];
}

const notAhead = (atMs: number, nowMs: number): number => (isAhead(atMs, nowMs) ? nowMs : atMs);

/** Since when a finding is open; one that opens some day opens now, or it would never have lasted. */
export const openSinceMs = ({ sinceMs }: Pick<OpenFinding, 'sinceMs'>, nowMs: number): number =>
  notAhead(sinceMs, nowMs);

/** A change as it is told now: what was seen some day was seen now, or nothing later would be believed. */
export const toldNow = ({ offer: _before, ...change }: UntoldChange, nowMs: number): Omit<UntoldChange, 'offer'> => ({
  ...change,
  sinceMs: openSinceMs(change, nowMs),
  atMs: notAhead(change.atMs, nowMs),
});

/** Whether another look puts it on the bus just now, for all that is known: then nobody else does. */
export const isBeingTold = ({ offer }: UntoldChange, nowMs: number): boolean =>
  offer !== undefined && isWithin(offer.atMs, offeringMs, nowMs);

/**
 * The state after a look's changes were offered: what the bus took is told, and what it refused is there for the next run.
 * What another look offers since is that one's.
 *
 * @param takenKeys the findings whose change the bus took
 */
export function confirmOffer(state: HealthState, { runId, atMs }: Offer, takenKeys: ReadonlySet<string>): HealthState {
  const untold = Object.entries(state.untoldByKey).flatMap(([key, change]): [string, UntoldChange][] => {
    const { offer, ...refused } = change;
    if (offer?.runId !== runId || offer.atMs !== atMs) return [[key, change]];
    return takenKeys.has(key) ? [] : [[key, refused]];
  });
  return { ...state, untoldByKey: Object.fromEntries(untold) };
}
