import { minuteMs } from '../../shared/units.ts';
import type { ExpandPlan } from './storage-scaling-run-act.ts';
import { announce, type Run } from './storage-scaling-run-memory.ts';
import type { Look } from './storage-scaling-run-model.ts';
import { announceTrouble, announceWaiting } from './storage-scaling-run-tell.ts';

/**
 * A person's decision, where the policy wants one and the mode is `act`. A yes holds for these very sizes: an attempt that
 * had to wait for something else does not ask again, another size does.
 *
 * @param endsAtMs the run's own end, which no request outlasts
 * @returns `approved`, else why not
 */
export async function approveExpansion(
  run: Run,
  look: Look,
  plan: ExpandPlan,
  endsAtMs: number,
): Promise<'approved' | 'refused' | 'timed-out'> {
  const { durable, ports, memory, input } = run;
  const { approvals, modes } = ports.configuration.configuration;
  const { isRequired, timeoutMinutes, mayInitiatorApprove } = approvals['storage-scaling'];
  const { fromGiB, toGiB, action, reason, message, evidence } = plan;
  if (!isRequired || modes['storage-scaling'] !== 'act') return 'approved';
  if (memory.approved?.fromGiB === fromGiB && memory.approved.toGiB === toGiB) return 'approved';
  const id = `${input.cluster}-storage-scaling-${input.episode}-${memory.looks}`;
  await durable.transition('awaiting-approval', { id, toGiB });
  await announce(run, `approval ${memory.looks}`, look, announceWaiting(look, id, timeoutMinutes));
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
    return 'approved';
  }
  const by = answer.outcome === 'refused' ? (answer.by ?? 'nobody who said who they are') : 'nobody in time';
  const why = answer.outcome === 'refused' ? `${answer.because}: ${answer.comment ?? 'no comment'}` : 'timed-out';
  const told = `Storage is not enlarged to ${toGiB} GiB: approved by ${by} (${why}). ${plan.message}`;
  const facts = { reason: `approval-${answer.outcome}`, message: told, evidence };
  await announce(run, `not approved ${memory.looks}`, look, announceTrouble('critical', facts));
  return answer.outcome;
}
