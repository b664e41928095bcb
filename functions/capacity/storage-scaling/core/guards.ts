import { isAhead } from '../../../../shared/core/clocks.ts';
import type { NotKnown, Unanswered } from '../../../../shared/core/known.ts';
import type { HoldPlan, NoActPlan, RefusePlan } from '../../../../shared/core/plan.ts';
import { evaluateLimit } from '../../../../shared/core/policy.ts';
import { hourMs, minuteMs } from '../../../../shared/core/units.ts';
import type { StorageFacts } from './facts.ts';
import type { StorageObservation } from './observation.ts';
import { describeOdd, isForgotten } from './odd-operations.ts';
import { isUnderWay, nameOperation } from './operations.ts';
import { evidenceOf, percentOf, timeOf } from './words.ts';

/** The disk has room. `isAlarmOver`: nor does an alarm of ours fire any more, as far as it is known. */
export type CalmPlan = NoActPlan & { readonly isAlarmOver: boolean };

/** A hold, with the call that was not answered where it is for what nobody knows. */
export type StorageHold = HoldPlan & { readonly unanswered?: Pick<Unanswered, 'call' | 'failure'> };

type Stop = CalmPlan | StorageHold | RefusePlan;

/** A look that found nothing to decide on is repeated soon, then less and less often: a run has 3,000 operations. */
const firstHoldMs = minuteMs;
/** While the disk fills, hours to full must stay true: whatever a run waits for, it never looks away for longer. */
export const longestBlindMs = 30 * minuteMs;
/** MSK's own refusal: half an hour, then an hour, two, four at most. */
const optimizingMs = 30 * minuteMs;
const longestOptimizingMs = 4 * hourMs;

/** How long to look away after so many holds in a row. */
export const backOffMs = (holdCount: number): number =>
  Math.min(firstHoldMs * 2 ** Math.min(holdCount, 10), longestBlindMs);

/** Something is unknown: say what, and ask again. */
export const holdUnknown = (
  what: string,
  { memory }: StorageObservation,
  nowMs: number,
  source?: NotKnown,
): StorageHold => ({
  action: 'hold',
  reason: 'unknown',
  message: `Storage is left alone, since nobody knows ${what}.`,
  evidence: { unknown: what },
  lookAgainAtMs: nowMs + backOffMs(memory.holdCount),
  ...(source?.isAsked === true && { unanswered: { call: source.call, failure: source.failure } }),
});

export type GuardInput = {
  readonly seen: StorageObservation;
  readonly facts: StorageFacts;
  /** The policy's level that asks for storage, and for how long it must be passed. */
  readonly thresholdPercent: number;
  readonly forMinutes: number;
  readonly nowMs: number;
};

/** After an hour of such looks an alarm does not lag any more: it hangs. */
const mostCalmCount = 6;

/** Whether an alarm of ours fires all the same, in words; undefined where none does. */
const firingOf = ({ alarmsFiring }: StorageObservation): string | undefined => {
  if (!alarmsFiring.isKnown) return `Whether its alarm still fires is unknown (${alarmsFiring.why})`;
  return alarmsFiring.value.length === 0 ? undefined : `But ${alarmsFiring.value.join(', ')} still fires`;
};

/**
 * The fullest broker is within the threshold: the cause is gone, or never was. But an alarm may know a newer point than
 * GetMetricData gives, and as long as it fires it wakes nobody again: its end is waited for.
 */
const stopUnderThreshold = ({ seen, facts, thresholdPercent, nowMs }: GuardInput): Stop | undefined => {
  const { fullest, volumeGiB } = facts;
  if (fullest.usedPercent > thresholdPercent) return undefined;
  const { firstVolumeGiB } = seen.memory;
  const wasRaised = firstVolumeGiB !== undefined && firstVolumeGiB < volumeGiB;
  const why = wasRaised ? ` The volumes were raised from ${firstVolumeGiB} to ${volumeGiB} GiB meanwhile.` : '';
  const message = `The fullest data disk, broker ${fullest.brokerId}, is ${percentOf(fullest.usedPercent)} full, within ${thresholdPercent} %.${why}`;
  const evidence = evidenceOf(facts, thresholdPercent);
  const firing = firingOf(seen);
  const { calmCount = 0 } = seen.memory;
  if (firing !== undefined && calmCount < mostCalmCount) {
    const lookAgainAtMs = nowMs + backOffMs(calmCount);
    const told = `${message} ${firing}: it is looked at again.`;
    return { action: 'hold', reason: 'alarm-not-over', message: told, evidence, lookAgainAtMs };
  }
  return {
    action: 'none',
    reason: wasRaised ? 'volume-raised' : 'under-threshold',
    message: firing === undefined ? message : `${message} ${firing}, and wakes nobody before it was OK: look why.`,
    isAlarmOver: firing === undefined,
    evidence: { ...evidence, isAlarmOver: firing === undefined },
  };
};

/** Above the threshold, but not for as long as the policy says: a burst is no reason for what cannot be undone. */
const stopTooShort = ({ seen, facts, thresholdPercent, forMinutes, nowMs }: GuardInput): Stop | undefined => {
  const limit = { warning: thresholdPercent, ...(forMinutes > 0 && { warningForMinutes: forMinutes }) };
  const isLongEnough = facts.disks.some(({ lastHour }) => evaluateLimit(limit, lastHour).severity === 'warning');
  if (isLongEnough) return undefined;
  return {
    action: 'hold',
    reason: 'not-long-enough',
    message: `Broker ${facts.fullest.brokerId}'s data disk is over ${thresholdPercent} %, but not for ${forMinutes} min yet.`,
    evidence: { ...evidenceOf(facts, thresholdPercent), forMinutes },
    lookAgainAtMs: nowMs + Math.max(Math.min(forMinutes, 5) * minuteMs, backOffMs(seen.memory.holdCount)),
  };
};

/** MSK accepts no update unless the cluster is ACTIVE and nothing runs (MSK Developer Guide, "Cluster states"). */
const stopBusy = ({ seen, facts, thresholdPercent, nowMs }: GuardInput): Stop | undefined => {
  const { cluster, operations } = facts;
  const running = operations.find((operation) => isUnderWay(operation) && !isForgotten(operation, cluster, nowMs));
  const isIdle = running === undefined && cluster.activeOperationArn === undefined;
  if (cluster.state === 'ACTIVE' && isIdle) return undefined;
  const what =
    (running && (running.type ?? nameOperation(running))) ??
    (cluster.activeOperationArn === undefined ? `state ${cluster.state}` : 'an operation under way');
  const odd = running && describeOdd(running);
  return {
    action: 'hold',
    reason: cluster.state === 'ACTIVE' ? 'operation-running' : 'not-active',
    message: `The cluster is ${cluster.state} with ${what}: MSK accepts no storage change now.${odd === undefined ? '' : ` Odd: ${odd}`}`,
    evidence: {
      ...evidenceOf(facts, thresholdPercent),
      state: cluster.state,
      operation: running === undefined ? '' : what,
    },
    lookAgainAtMs: nowMs + backOffMs(seen.memory.holdCount),
  };
};

/** 6 h after the last storage change nothing is tried (RUNBOOK 6.8). */
const stopLocked = ({ facts, thresholdPercent, nowMs }: GuardInput): Stop | undefined => {
  const { lock } = facts;
  if (lock.state !== 'held') return undefined;
  return {
    action: 'hold',
    reason: 'storage-locked',
    message: `Storage was changed lately: MSK refuses another change until ${timeOf(lock.heldUntilMs)} at least, and perhaps until ${timeOf(lock.uncertainUntilMs)}.`,
    evidence: evidenceOf(facts, thresholdPercent),
    lookAgainAtMs: Math.min(lock.heldUntilMs, nowMs + longestBlindMs),
  };
};

/** MSK said "storage is optimizing": nobody knows until when. */
const stopOptimizing = ({ seen, facts, thresholdPercent, nowMs }: GuardInput): Stop | undefined => {
  const { optimizing } = seen.memory;
  // Of a refusal that is still to come nobody knows how long ago it was: MSK says it again.
  if (optimizing === undefined || isAhead(optimizing.lastAtMs, nowMs)) return undefined;
  const pauseMs = Math.min(optimizingMs * 2 ** Math.min(optimizing.count - 1, 10), longestOptimizingMs);
  const tryAgainAtMs = optimizing.lastAtMs + pauseMs;
  if (nowMs >= tryAgainAtMs) return undefined;
  return {
    action: 'hold',
    reason: 'storage-optimizing',
    message: `MSK refused the change, since it still optimizes storage after an earlier one: it is tried again after ${timeOf(tryAgainAtMs)}.`,
    evidence: { ...evidenceOf(facts, thresholdPercent), refusals: optimizing.count },
    lookAgainAtMs: Math.min(tryAgainAtMs, nowMs + longestBlindMs),
  };
};

type Guard = (input: GuardInput) => Stop | undefined;

/** Whether anything is to be done at all. Worst first; the first that stops decides. */
export const guards: readonly Guard[] = [stopUnderThreshold, stopTooShort];

/** Whether MSK takes a change now. The disk fills meanwhile, so how long it lasts is told beside each of these. */
export const waits: readonly Guard[] = [stopBusy, stopLocked, stopOptimizing];
