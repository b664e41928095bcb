import type { Finding } from '../../../../shared/core/finding.ts';
import type { DiskFacts } from './facts.ts';
import type { StorageJudgement } from './plan.ts';
import { coveredHours } from './step.ts';
import { fillingOf, hoursUntil, percentOf, round, timeOf } from './words.ts';

/** Nobody can act within less: what fills sooner is an incident, whoever holds the volumes. */
const shortestNoticeHours = 6;

/** What must be freed, and where, for the disk to be within the threshold again and not full before help comes. */
export type SpaceWanted = { readonly brokerId: number; readonly usedGiB: number; readonly wantedGiB: number };

/** `hoursToFull` is null where the disk is not filling, or nobody can tell. */
export type StorageIncident = {
  readonly finding: Finding;
  readonly space: SpaceWanted;
  readonly hoursToFull: number | null;
};

/**
 * Whether the disk will be full before anything of ours can help (RUNBOOK 6.8, I3): at the maximum always; while storage
 * is locked, or somebody else holds it, or the door of acts stops us, or a person has to say yes first, where it fills sooner
 * than that ends; and where the largest step does not last.
 *
 * @param stoppedBy why the last attempt was not let through
 * @param yesUntilMs until when a person is, or would be, waited for
 */
export function evaluateIncident(
  judgement: StorageJudgement,
  nowMs: number,
  stoppedBy?: string,
  yesUntilMs?: number,
): StorageIncident | undefined {
  const { plan, sentence, facts, thresholdPercent } = judgement;
  if (facts === undefined || thresholdPercent === undefined) return undefined;
  const { fullest, firstFull, volumeGiB } = facts;
  if (fullest.usedPercent <= thresholdPercent) return undefined;
  const broker = firstFull ?? fullest;
  const hoursToFull = firstFull?.filling?.hoursToFull;
  // First in the sentence, since a page shows only its beginning.
  const filling = fillingOf(facts);
  const helpHours = hoursUntilHelp(judgement, nowMs, { isStopped: stoppedBy !== undefined, yesUntilMs });
  const isExpand = plan.action === 'expand';
  const stopped = isExpand && stoppedBy !== undefined ? ` But the last attempt was stopped (${stoppedBy}).` : '';
  const unapproved =
    isExpand && yesUntilMs !== undefined
      ? ` But it waits for a person’s yes, until ${timeOf(yesUntilMs)} at most: to see and answer, npm run mskeeper -- approve.`
      : '';
  const isLate = hoursToFull !== undefined && hoursToFull <= helpHours;
  const isAtMaximum = plan.reason === 'at-maximum';
  const isNotCovered = plan.action === 'expand' && plan.covers === 'no';
  if (!isAtMaximum && !isNotCovered && !isLate) return undefined;
  return {
    finding: {
      check: 'storage-capacity',
      subject: `broker ${broker.brokerId}`,
      severity: 'critical',
      reason: isAtMaximum ? 'at-maximum' : isNotCovered ? 'step-does-not-last' : 'full-before-help',
      message: `Broker ${fullest.brokerId}'s data disk is ${percentOf(fullest.usedPercent)} full. ${filling} ${sentence}${stopped}${unapproved}`,
      sources: ['cloudwatch', 'msk'],
      evidence: {
        ...plan.evidence,
        ...(Number.isFinite(helpHours) && { hoursUntilHelp: round(helpHours, 2) }),
      },
    },
    hoursToFull: hoursToFull ?? null,
    space: spaceWanted(broker, volumeGiB, thresholdPercent, {
      hours: isAtMaximum || helpHours === 0 ? coveredHours : helpHours,
      volumeGiB: isExpand && stoppedBy === undefined && yesUntilMs === undefined ? plan.toGiB : volumeGiB,
    }),
  };
}

/**
 * The larger of what lies above the threshold and of what passes the whole volume until help comes: the disk that is full
 * first may lie within the threshold still.
 *
 * @param until for how long the volume must hold what is written, and how large it is by then. Where help is a step that is
 *   taken now, or nothing but a person's decision, it is as long as a step must last
 */
function spaceWanted(
  { brokerId, usedPercent, filling }: DiskFacts,
  volumeGiB: number,
  thresholdPercent: number,
  until: { readonly hours: number; readonly volumeGiB: number },
): SpaceWanted {
  const gibOf = (percent: number) => (volumeGiB * percent) / 100;
  const usedGiB = gibOf(usedPercent);
  const writtenGiB = gibOf(filling?.percentPerHour ?? 0) * until.hours;
  const wantedGiB = Math.max(0, usedGiB - gibOf(thresholdPercent), usedGiB + writtenGiB - until.volumeGiB);
  return { brokerId, usedGiB, wantedGiB };
}

/** How long until a step of ours can be tried: until the lock's surest end, or MSK's, where it is locked. */
function hoursUntilHelp(
  { plan, facts, forMinutes = 0 }: StorageJudgement,
  nowMs: number,
  { isStopped, yesUntilMs }: { readonly isStopped: boolean; readonly yesUntilMs: number | undefined },
): number {
  if (plan.action === 'expand') {
    // A yes may come at once, or never.
    if (yesUntilMs !== undefined) return Math.max(shortestNoticeHours, hoursUntil(yesUntilMs, nowMs));
    return isStopped ? shortestNoticeHours : 0;
  }
  if (plan.reason === 'at-maximum') return Number.POSITIVE_INFINITY;
  // A burst that lasts is answered as soon as it has lasted.
  if (plan.reason === 'not-long-enough') return forMinutes / 60;
  const lock = facts?.lock;
  const isLocked = plan.reason === 'storage-locked' || plan.reason === 'storage-optimizing';
  if (isLocked && (lock?.state === 'held' || lock?.state === 'uncertain'))
    return hoursUntil(lock.uncertainUntilMs, nowMs);
  return shortestNoticeHours;
}
