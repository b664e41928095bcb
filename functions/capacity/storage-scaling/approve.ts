import type { Approval as ActApproval, Decision } from '../../../shared/acting/core/request.ts';
import { isWithin } from '../../../shared/core/clocks.ts';
import { type ApprovalPolicy, approvalPolicyOf, modeOf } from '../../../shared/core/configuration.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import type { ApprovalOutcome, ApprovalRequest, Decided } from '../../../shared/durable/approval.ts';
import { approvalIdOf } from '../../../shared/durable/approval-id.ts';
import { countYesesNeeded } from '../../../shared/durable/approval-judgement.ts';
import { configurationNameOf } from '../../../shared/durable/own-configuration.ts';
import { whyVoid } from '../../../shared/durable/void-answer.ts';
import { announceReport, wakeByHand } from './core/announcements.ts';
import { announceNotAsked, announceWaiting, principalOf } from './core/announcements-of-approval.ts';
import { longestBlindMs } from './core/guards.ts';
import type { ExpandPlan, Look } from './core/model.ts';
import { close, endFaults } from './ends.ts';
import { applyRefusal } from './expand.ts';
import type { YesAwaited } from './look.ts';
import { noteLook } from './look-news.ts';
import { lookMeanwhile, takeLook } from './looks.ts';
import type { Run, RunMemory } from './memory.ts';
import { announce, announceLasting, tellDealing } from './news.ts';
import { fetchInputDoubt } from './own-episode.ts';

/** Why an act is stopped whose request nobody could read. */
const notAsked = 'approval-not-asked';

/** After so many answers that count for nothing somebody has to look who gives them. */
const mostVoidAnswers = 5;

/** What people said; after a yes that was waited for, the world is looked at anew before anything happens. */
export type Approval =
  | { readonly kind: 'approved'; readonly plan: ExpandPlan; readonly approval?: ActApproval }
  | { readonly kind: 'look-again' }
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'not-approved'; readonly reason: 'refused' | 'timed-out' | 'unproven' };

/**
 * People's decision, where the policy wants one and the mode is `act`. A yes holds as long as the policy says, by the run's
 * own clock, and for volumes of that size at most: an attempt that had to wait for something else does not ask again, and
 * never takes more than was approved. An answer that counts for nothing is asked for anew, some times.
 *
 * @param endsAtMs the run's own end, which no request outlasts
 */
export async function approveExpansion(run: Run, look: Look, plan: ExpandPlan, endsAtMs: number): Promise<Approval> {
  const { durable, ports, memory, input } = run;
  const policy = wantedOf(run);
  if (policy === undefined) return { kind: 'approved', plan };
  const doubt = input.isOpenerProven === true ? await fetchInputDoubt(run) : undefined;
  const isOpenerProven = input.isOpenerProven === true && doubt === undefined;
  const { kept, yesesNeeded, isEnough } = standingOf(run, policy, plan, { atMs: look.atMs, isOpenerProven });
  if (isEnough) {
    const approvedGiB = Math.min(...kept.map(({ toGiB }) => toGiB));
    return { kind: 'approved', plan: withinApproval(plan, approvedGiB), ...approvalOf(kept) };
  }
  const request = requestOf(run, look, plan, { policy, kept, isOpenerProven, yesesNeeded, endsAtMs });
  const key = `approval ${memory.looks}`;
  const endMs = request.requestedAtMs + request.timeoutMs;
  const voidAnswer = memory.voidAnswers.at(-1);
  const tellWaiting = (seen: Look) => {
    const left = { ...request, timeoutMs: endMs - seen.atMs };
    const meanwhile = seen === look ? undefined : seen.plan.message;
    return announceLasting(run, key, seen, announceWaiting(look, left, { doubt, voidAnswer, meanwhile }));
  };
  const { approverPrincipals } = ports.configuration.configuration;
  const answer = await durable.approval(
    key,
    request,
    { approverPrincipals, keep: ports.keepApproval, prove: ports.proveCaller },
    {
      whenAsked: async () => {
        if (memory.stoppedBy === notAsked) memory.stoppedBy = undefined;
        endFaults(memory, plan.message, ({ reason }) => reason === notAsked);
        await close(run, look);
        await tellDealing(run, look, undefined, plan.message);
        await durable.transition('awaiting-approval', { id: request.id, toGiB: plan.toGiB });
        await tellWaiting(look);
      },
      everyMs: longestBlindMs,
      look: async () => {
        const seen = await lookMeanwhile(run, () => endMs);
        await tellWaiting(seen);
        // The newer run asks for itself, and what was deployed meanwhile may want something else.
        const isOver = (seen.newestEpisode ?? 0) > input.episode || seen.isOfOtherConfiguration === true;
        return isOver ? 'lapsed' : 'go-on';
      },
    },
  );
  if (answer.outcome === 'lapsed') return { kind: 'look-again' };
  if (answer.outcome === 'unasked') {
    memory.stoppedBy = notAsked;
    await announceLasting(run, 'approval not asked', look, announceNotAsked(plan, answer.why));
    return { kind: 'not-asked' };
  }
  if (answer.outcome === 'approved') {
    const { outcome: _yes, ...decided } = answer;
    memory.yeses = [...kept, { ...decided, fromGiB: plan.fromGiB, toGiB: plan.toGiB }];
    return { kind: 'look-again' };
  }
  if (answer.outcome === 'void') {
    const { because, by } = answer;
    const given = { because, ...(by !== undefined && { by }), askedAtMs: look.atMs };
    memory.voidAnswers.push({ ...given, since: whyVoid(answer) });
    if (memory.voidAnswers.length < mostVoidAnswers) return { kind: 'look-again' };
  }
  return notApproved(run, look, plan, { answer, timeoutMs: request.timeoutMs });
}

/** What the policy wants of people; undefined where it waits for none. */
function wantedOf({ ports }: Run): ApprovalPolicy | undefined {
  const { configuration } = ports.configuration;
  const policy = approvalPolicyOf(configuration, 'storage-scaling');
  return policy.isRequired && modeOf(configuration, 'storage-scaling') === 'act' ? policy : undefined;
}

/** The yeses to a change of that size that still hold, and whether they are as many as the policy wants. */
function standingOf(
  { memory }: Run,
  { validMinutes, mayInitiatorApprove }: ApprovalPolicy,
  { fromGiB }: ExpandPlan,
  { atMs, isOpenerProven }: { readonly atMs: number; readonly isOpenerProven: boolean },
) {
  const kept = memory.yeses.filter(
    (yes) => yes.fromGiB === fromGiB && isWithin(yes.atMs, validMinutes * minuteMs, atMs),
  );
  const yesesNeeded = countYesesNeeded(mayInitiatorApprove, isOpenerProven);
  return { kept, yesesNeeded, isEnough: kept.length >= yesesNeeded };
}

/** For a look: until when a person would be waited for, were he asked now; undefined where no yes is missing. */
export const yesAwaited =
  (run: Run): YesAwaited =>
  (plan, atMs) => {
    const policy = wantedOf(run);
    if (policy === undefined) return undefined;
    // Whether somebody vouches for the opener is known once a person was asked.
    const isOpenerProven = run.input.isOpenerProven === true && run.memory.inputDoubt?.why === undefined;
    const { isEnough } = standingOf(run, policy, plan, { atMs, isOpenerProven });
    return isEnough ? undefined : atMs + policy.timeoutMinutes * minuteMs;
  };

type Asking = {
  readonly policy: ApprovalPolicy;
  readonly kept: RunMemory['yeses'];
  readonly isOpenerProven: boolean;
  readonly yesesNeeded: 1 | 2;
  readonly endsAtMs: number;
};

function requestOf(
  { durable, ports, memory, input }: Run,
  look: Look,
  { action, reason, message, evidence }: ExpandPlan,
  { policy, kept, isOpenerProven, yesesNeeded, endsAtMs }: Asking,
): ApprovalRequest {
  const { executionName } = durable;
  return {
    id: approvalIdOf({ ...input, procedure: 'storage-scaling', executionName }, memory.looks),
    cluster: input.cluster,
    procedure: 'storage-scaling',
    executionName,
    plan: { action, reason, message, evidence },
    initiator: input.openedBy,
    isInitiatorProven: isOpenerProven,
    mayInitiatorApprove: policy.mayInitiatorApprove,
    approvers: kept.map(({ by }) => by),
    yesesNeeded,
    configuration: configurationNameOf(ports.configuration.configuration),
    requestedAtMs: look.atMs,
    timeoutMs: Math.min(policy.timeoutMinutes * minuteMs, Math.max(minuteMs, endsAtMs - look.atMs)),
  };
}

/** For the audit: the last word first. */
function approvalOf(yeses: readonly Decided[]): { readonly approval?: ActApproval } {
  const [last, ...earlier] = yeses.map(decisionOf).toReversed();
  return last === undefined ? {} : { approval: { ...last, ...(earlier.length > 0 && { earlier }) } };
}

const decisionOf = ({ by, atMs, digest, comment }: Decided): Decision => ({
  by,
  atMs,
  digest,
  isProven: true,
  ...(comment !== undefined && { comment }),
});

type Negative = Extract<ApprovalOutcome, { outcome: 'refused' | 'void' | 'timed-out' }>;

/**
 * Tells people how the disks stand now that nothing is done, and keeps in the audit a person's no, or whose answers counted for
 * nothing.
 */
async function notApproved(
  run: Run,
  look: Look,
  plan: ExpandPlan,
  { answer, timeoutMs }: { readonly answer: Negative; readonly timeoutMs: number },
): Promise<Approval> {
  const isRefused = answer.outcome === 'refused';
  if (isRefused) await applyRefusal(run, look, plan, { ...decisionOf(answer), isRefused: true });
  else if (run.memory.voidAnswers.length > 0) await applyRefusal(run, look, plan);
  const reason = answer.outcome === 'void' ? 'unproven' : answer.outcome;
  const key = `not approved ${run.memory.looks}`;
  const now = await takeLook(run);
  noteLook(run, now);
  const message = `Storage is not enlarged to ${plan.toGiB} GiB: ${whyNot(answer, timeoutMs)}. ${now.plan.message} ${wakeByHand}`;
  const who = isRefused ? { approver: answer.by } : principalOf(answer.outcome === 'void' ? answer : {});
  const facts = { reason: `approval-${reason}`, message, evidence: { ...now.plan.evidence, ...who } };
  await announce(run, key, now, announceReport(now.plan.action === 'none' ? 'warning' : 'critical', facts));
  return { kind: 'not-approved', reason };
}

/** Who said no, or that nobody said anything that counts, in words. */
function whyNot(answer: Negative, timeoutMs: number): string {
  switch (answer.outcome) {
    case 'timed-out':
      return `nobody answered within ${Math.round(timeoutMs / minuteMs)} min`;
    case 'refused':
      return `refused by ${answer.by}${answer.comment === undefined ? '' : ` ("${answer.comment}")`}`;
    case 'void':
      return `${mostVoidAnswers} answers counted for nothing, the last one since ${whyVoid(answer)}`;
    default:
      return answer satisfies never;
  }
}

/** The approved size, where the disk by now asks for more. */
const withinApproval = (plan: ExpandPlan, approvedGiB: number): ExpandPlan =>
  plan.toGiB <= approvedGiB
    ? plan
    : {
        ...plan,
        toGiB: approvedGiB,
        message: `${plan.message} Only ${approvedGiB} GiB were approved.`,
        evidence: { ...plan.evidence, wantedGiB: plan.toGiB, toGiB: approvedGiB },
      };
