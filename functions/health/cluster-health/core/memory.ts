import { isAhead, isWithin } from '../../../../shared/core/clocks.ts';
import { compareSeverities, type Finding, type Severity } from '../../../../shared/core/finding.ts';
import type { Sample } from '../../../../shared/core/policy.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { UnknownStreaks } from '../../../../shared/core/unknown-streak.ts';

/** A finding that is not ok, as runs before left it. */
export type OpenFinding = {
  /** As last judged; `unknown` keeps what was announced. */
  readonly severity: Severity;
  readonly reason: string;
  readonly sinceMs: number;
  /** As what people were last told of it; absent where they were not. */
  readonly announced?: Severity;
  /** The severities whose topics heard of it since it opened; absent in a memory of the release before. */
  readonly heardBy?: readonly Severity[];
};

/** The severities whose topics heard of a finding and not of its end: none where nobody was told. */
export const hearersOf = (open: OpenFinding | undefined): readonly Severity[] =>
  open?.heardBy ?? (open?.announced === undefined ? [] : [open.announced]);

/** Latest offsets of the topics whose growth is judged, as decimal strings: offsets pass 2^53. */
export type OffsetMark = {
  readonly atMs: number;
  readonly latestByPartition: Readonly<Record<string, string>>;
  readonly topicId?: string;
};

/** How each finding that is being told stood before; `undefined` where it was not open. */
export type Announcing = { readonly atMs: number; readonly openBefore: readonly (readonly [string, OpenFinding?])[] };

/** An alarm that woke a look and is not proven over: its rule, and when the look began. */
export type OpenAlarm = { readonly rule: string; readonly wokenAtMs: number };

/** What one run leaves for the next, in the bucket under `state/cluster-health/`. */
export type HealthState = {
  readonly version: 1;
  readonly runId: string;
  readonly atMs: number;
  readonly openByKey: Readonly<Record<string, OpenFinding>>;
  /** When each check was judged last, by the beginning of the look: of two runs at once the newer look's word stands. */
  readonly judgedAtMsByCheck: Readonly<Record<string, number>>;
  readonly unknownStreaks: UnknownStreaks;
  readonly offsetsByTopic: Readonly<Record<string, OffsetMark>>;
  /** Alarms that woke a look and are not proven over, by their names. */
  readonly openAlarms: Readonly<Record<string, OpenAlarm>>;
  /** A look by claim began since the claim was last seen free: wakes may wait there, so the next run asks it. */
  readonly mayWakesWait: boolean;
  /** Memory was judged over the datapoints up to then. */
  readonly halfHourJudgedToMs?: number;
  /** About to be told when this was written: a crash before it was makes the next run tell again. */
  readonly announcing?: Announcing;
};

const announcingMs = minuteMs;
/** Runs of one schedule are seconds more or less apart: what lasted five minutes less a second has lasted five minutes. */
const jitterMs = 20_000;

/** `check|subject`: what makes two runs' findings the same one. Keys `openByKey`, and names it in a report's changes. */
export const findingKey = ({ check, subject }: Pick<Finding, 'check' | 'subject'>): string => `${check}|${subject}`;

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

/** Since when a finding is open; one that opens some day opens now, or it would never have lasted. */
export const openSinceMs = ({ sinceMs }: OpenFinding, nowMs: number): number =>
  isAhead(sinceMs, nowMs) ? nowMs : sinceMs;

/**
 * Takes back what was not told, so that the next run tells it: an opening counts as not announced, a closing as open. Where
 * one of several topics heard it, it hears it again: rather twice than never.
 */
function withoutAnnouncing(
  openByKey: HealthState['openByKey'],
  openBefore: Announcing['openBefore'],
): HealthState['openByKey'] {
  const restored: Record<string, OpenFinding> = { ...openByKey };
  for (const [key, before] of openBefore) {
    const open = restored[key] ?? before;
    if (open === undefined) continue;
    const { announced: _untold, heardBy: _unheard, ...silent } = open;
    const announced = before?.announced;
    restored[key] = announced === undefined ? silent : { ...silent, announced, heardBy: hearersOf(before) };
  }
  return restored;
}

/**
 * The state as this run may trust it: an announcement that was begun long ago and never confirmed was not made, nor was one
 * that begins some day. A younger one is another run's, under way: it stays in the state until that run confirms it, or a
 * later one finds it too old.
 */
export function settleAnnouncements(state: HealthState, nowMs: number): HealthState {
  const { announcing, ...rest } = state;
  if (announcing === undefined || isWithin(announcing.atMs, announcingMs, nowMs)) return state;
  return { ...rest, openByKey: withoutAnnouncing(state.openByKey, announcing.openBefore) };
}

/**
 * What is being told once this run begins to tell `claim` beside what others are still telling. While anything of others is
 * there it is as old as theirs: in a storm of looks what a dead run claimed must get old, and be told again.
 */
export function joinAnnouncing(
  others: Announcing | undefined,
  claim: Announcing['openBefore'],
  nowMs: number,
): Pick<HealthState, 'announcing'> {
  const theirs = withoutKeys(others, claim);
  const openBefore = [...theirs, ...claim];
  const atMs = others !== undefined && theirs.length > 0 ? others.atMs : nowMs;
  return openBefore.length === 0 ? {} : { announcing: { atMs, openBefore } };
}

/** The state after its claim was told, but for the keys that were not: those count as before it. */
export function confirmAnnouncing(
  { announcing, ...rest }: HealthState,
  claim: Announcing['openBefore'],
  untoldKeys: ReadonlySet<string>,
): HealthState {
  const untold = claim.filter(([key]) => untoldKeys.has(key));
  const openBefore = withoutKeys(announcing, claim);
  return {
    ...rest,
    openByKey: withoutAnnouncing(rest.openByKey, untold),
    ...(announcing !== undefined && openBefore.length > 0 && { announcing: { ...announcing, openBefore } }),
  };
}

const withoutKeys = (announcing: Announcing | undefined, claim: Announcing['openBefore']): Announcing['openBefore'] =>
  announcing?.openBefore.filter(([key]) => claim.every(([mine]) => mine !== key)) ?? [];
