import { approvalPolicyOf, modeOf } from '../../../shared/core/configuration.ts';
import { dayMs, minuteMs } from '../../../shared/core/units.ts';
import type { ApprovalOutcome } from '../../../shared/durable/approval.ts';
import { announceTrouble, announceWaiting, wakeByHand } from './core/announcements.ts';
import type { ExpandPlan, Look } from './core/model.ts';
import type { Run } from './memory.ts';
import { announce } from './news.ts';

/** A yes of yesterday is none: the disk has moved on. */
const approvalKeptMs = dayMs;

/** What a person said; after a yes that was waited for, the world is looked at anew before anything happens. */
export type Approval =
  | { readonly kind: 'approved'; readonly plan: ExpandPlan }
  | { readonly kind: 'look-again' }
  | { readonly kind: 'not-approved'; readonly reason: 'refused' | 'timed-out' };

/**
 * A person's decision, where the policy wants one and the mode is `act`. A yes holds for a day and for volumes of that size
 * at most: an attempt that had to wait for something else does not ask again, and never takes more than was approved.
 *
 * @param endsAtMs the run's own end, which no request outlasts
 */
export async function approveExpansion(run: Run, look: Look, plan: ExpandPlan, endsAtMs: number): Promise<Approval> {
  const { durable, ports, memory, input } = run;
  const { configuration } = ports.configuration;
  const { isRequired, timeoutMinutes, mayInitiatorApprove } = approvalPolicyOf(configuration, 'storage-scaling');
  const { fromGiB, toGiB, action, reason, message, evidence } = plan;
  if (!isRequired || modeOf(configuration, 'storage-scaling') !== 'act') return { kind: 'approved', plan };
  const { approved } = memory;
  const isKept = approved?.fromGiB === fromGiB && look.atMs < approved.atMs + approvalKeptMs;
  if (approved !== undefined && isKept) return { kind: 'approved', plan: withinApproval(plan, approved.toGiB) };
  const id = `${input.cluster}-storage-scaling-${input.episode}-${memory.looks}`;
  await durable.transition('awaiting-approval', { id, toGiB });
  await announce(run, `approval ${memory.looks}`, look, announceWaiting(look, input.cluster, id, timeoutMinutes));
  const request = {
    plan: { action, reason, message, evidence },
    initiator: input.openedBy,
    mayInitiatorApprove,
    timeoutMs: Math.min(timeoutMinutes * minuteMs, Math.max(minuteMs, endsAtMs - look.atMs)),
  };
  const answer = await durable.approval(`approval ${memory.looks}`, request, (callbackId) =>
    ports.keepApproval(id, durable.executionName, request, callbackId),
  );
  if (answer.outcome === 'approved') {
    memory.approved = { by: answer.by, atMs: answer.atMs, fromGiB, toGiB };
    return { kind: 'look-again' };
  }
  const told = `Storage is not enlarged to ${toGiB} GiB: ${whyNot(answer, request.timeoutMs)}. ${plan.message} ${wakeByHand}`;
  const approver = answer.outcome === 'refused' && answer.by !== undefined ? { approver: answer.by } : {};
  const facts = { reason: `approval-${answer.outcome}`, message: told, evidence: { ...evidence, ...approver } };
  await announce(run, `not approved ${memory.looks}`, look, announceTrouble('critical', facts));
  return { kind: 'not-approved', reason: answer.outcome };
}

/** Who said no, or that nobody said anything, in words. */
function whyNot(answer: Exclude<ApprovalOutcome, { outcome: 'approved' }>, timeoutMs: number): string {
  if (answer.outcome === 'timed-out') return `nobody answered within ${Math.round(timeoutMs / minuteMs)} min`;
  const { because, by = 'somebody who gave no name', comment } = answer;
  const said = comment === undefined ? '' : ` ("${comment}")`;
  switch (because) {
    case 'person':
      return `refused by ${by}${said}`;
    case 'initiator':
      return `${by} approved it${said}, but may have set it going, and the policy wants somebody else who says his name`;
    case 'unreadable':
      return 'the answer was none that can be read';
    default:
      return because satisfies never;
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
