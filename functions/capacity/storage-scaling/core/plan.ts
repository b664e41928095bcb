import type { NotKnown } from '../../../../shared/core/known.ts';
import type { Plan, RefusePlan } from '../../../../shared/core/plan.ts';
import { askingLevel, type Policy } from '../../../../shared/core/policy.ts';
import { compileFacts, type StorageFacts } from './facts.ts';
import { backOffMs, type CalmPlan, type GuardInput, guards, holdUnknown, type StorageHold, waits } from './guards.ts';
import type { StorageObservation } from './observation.ts';
import { describeForgotten } from './odd-operations.ts';
import { isScaledBy, refuseAutoScaled, refuseKind, refuseWithoutThreshold } from './refusals.ts';
import { coveredHours, planStep, type Step } from './step.ts';
import { evidenceOf, fillingOf, percentOf, round } from './words.ts';

/** All volumes, from one size to a larger one; `currentVersion` is the state that the plan was made from. */
type Expand = {
  readonly action: 'expand';
  readonly fromGiB: number;
  readonly toGiB: number;
  readonly currentVersion: string;
  readonly covers: Step['covers'];
  /** What the used share must be within afterwards. */
  readonly thresholdPercent: number;
};

type Expansion = Extract<Plan<Expand>, { readonly action: 'expand' }>;

/** Its evidence is for people: whatever code decides by has a field of its own. */
export type StorageScalingPlan = Expansion | CalmPlan | StorageHold | RefusePlan;

export type StoragePolicy = Pick<Policy, 'scaling' | 'storage'>;

/**
 * A plan, and the facts it stands on. Where a broker is silent they are those of the others, beside a hold; none where
 * anything else is unknown, or storage is not ours to judge.
 */
export type StorageJudgement = {
  readonly plan: StorageScalingPlan;
  /** The plan's message without how long the disk lasts, for who tells that himself. */
  readonly sentence: string;
  readonly facts?: StorageFacts;
  readonly thresholdPercent?: number;
  /** For how long the threshold must be passed. */
  readonly forMinutes?: number;
};

/**
 * Whether all volumes are to be enlarged, and to what (RUNBOOK C4, C5, corrections 8 and 9). Worst first: what is unknown
 * or not ours stops everything; then the reasons why nothing is to be done, or not now; then the size.
 */
export const planStorageScaling = (
  seen: StorageObservation,
  policy: StoragePolicy,
  nowMs: number,
): StorageScalingPlan => judgeStorage(seen, policy, nowMs).plan;

/** The same with the facts, for what is told beside the plan. */
export function judgeStorage(seen: StorageObservation, policy: StoragePolicy, nowMs: number): StorageJudgement {
  const judged = (plan: StorageScalingPlan): StorageJudgement => ({ plan, sentence: plan.message });
  const hold = (what: string, source?: NotKnown): StorageJudgement => judged(holdUnknown(what, seen, nowMs, source));
  if (!seen.cluster.isKnown) return hold(`the state of the cluster: ${seen.cluster.why}`, seen.cluster);
  const cluster = seen.cluster.value;
  const { kind, volumeGiB } = cluster;
  if (kind !== 'standard') return judged(refuseKind(kind));
  if (volumeGiB === undefined) return hold('the size of the volumes: MSK does not say');
  if (!seen.autoScaling.isKnown) {
    return hold(`whether auto scaling is set up: ${seen.autoScaling.why}`, seen.autoScaling);
  }
  const asking = askingLevel(policy.scaling.diskUsedPercent);
  const thresholdPercent = asking?.threshold;
  const compiled = compileFacts(seen, cluster, volumeGiB, nowMs);
  if (isScaledBy(seen.autoScaling.value)) {
    const refused = judged(refuseAutoScaled(seen.autoScaling.value));
    // Whoever holds the volumes: a disk that fills before he can help is an incident.
    return 'unknown' in compiled || thresholdPercent === undefined
      ? refused
      : { ...refused, facts: compiled.facts, thresholdPercent };
  }
  if (asking === undefined || thresholdPercent === undefined) return judged(refuseWithoutThreshold());
  if ('unknown' in compiled) {
    const { unknown, told, source } = compiled;
    return { ...hold(unknown, source), ...(told !== undefined && { facts: told, thresholdPercent }) };
  }
  const { facts } = compiled;
  const forMinutes = asking.forMinutes;
  const input: GuardInput = { seen, facts, thresholdPercent, forMinutes, nowMs };
  for (const guard of guards) {
    const plan = guard(input);
    if (plan !== undefined) return { ...judged(plan), facts, thresholdPercent, forMinutes };
  }
  for (const wait of waits) {
    const plan = wait(input);
    if (plan === undefined) continue;
    const message = `${plan.message} ${fillingOf(facts)}${describeForgotten(facts.operations, cluster, nowMs)}`;
    return { plan: { ...plan, message }, sentence: plan.message, facts, thresholdPercent, forMinutes };
  }
  const { currentVersion } = cluster;
  // Without the version MSK takes no update.
  if (currentVersion === undefined) {
    return { ...hold('the version of the cluster: MSK does not say'), facts, thresholdPercent, forMinutes };
  }
  const lookAgainAtMs = nowMs + backOffMs(seen.memory.holdCount);
  const plan = planExpansion(facts, policy, { thresholdPercent, lookAgainAtMs, currentVersion });
  const sentence = `${plan.message}${describeForgotten(facts.operations, cluster, nowMs)}`;
  // Whoever decides on it must read how long the disk lasts.
  const message = plan.action === 'expand' ? `${sentence} ${fillingOf(facts)}` : sentence;
  return { plan: { ...plan, message }, sentence, facts, thresholdPercent, forMinutes };
}

function planExpansion(
  facts: StorageFacts,
  policy: StoragePolicy,
  asked: { readonly thresholdPercent: number; readonly lookAgainAtMs: number; readonly currentVersion: string },
): Expansion | StorageHold {
  const { volumeGiB, fullest } = facts;
  const { thresholdPercent, lookAgainAtMs, currentVersion } = asked;
  const step = planStep(facts, policy, thresholdPercent);
  const evidence = evidenceOf(facts, thresholdPercent);
  const why = `Broker ${fullest.brokerId}'s data disk is ${percentOf(fullest.usedPercent)} full, over ${thresholdPercent} %`;
  if (step === undefined) {
    // No refusal: the alarm that goes on firing would wake nobody while the disk fills.
    return {
      action: 'hold',
      reason: 'at-maximum',
      message: `${why}, and volumes of ${volumeGiB} GiB are at the maximum that the policy or MSK allows.`,
      evidence,
      lookAgainAtMs,
    };
  }
  return {
    action: 'expand',
    reason: step.covers === 'no' ? 'above-threshold-not-covered' : 'above-threshold',
    message: `${why}: volumes grow from ${volumeGiB} to ${step.toGiB} GiB. ${coverageOf(step, thresholdPercent)}`,
    fromGiB: volumeGiB,
    toGiB: step.toGiB,
    currentVersion,
    covers: step.covers,
    thresholdPercent,
    evidence: {
      ...evidence,
      toGiB: step.toGiB,
      ceilingGiB: step.ceilingGiB,
      covers: step.covers,
      ...(step.neededGiB !== undefined && { neededGiB: step.neededGiB }),
      ...(step.growthGiBPerHour !== undefined && { growthGiBPerHour: round(step.growthGiBPerHour, 3) }),
    },
  };
}

/** Whether the step lasts until the next one is allowed, in words. */
function coverageOf(step: Step, thresholdPercent: number): string {
  switch (step.covers) {
    case 'yes':
      return `That covers ${coveredHours} h of growth at its 95th percentile.`;
    case 'no':
      return `That does not cover ${coveredHours} h of growth: ${step.neededGiB ?? 'no number of'} GiB would keep the disk within ${thresholdPercent} %, and ${step.ceilingGiB} GiB is the maximum.`;
    case 'unknown':
      return 'How fast it grows is unknown, since there are less than 6 h of history: the step is the policy’s, or 20 % instead of 10 where that is more.';
    default:
      return step.covers satisfies never;
  }
}
