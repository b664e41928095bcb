import type { Evidence } from '../../../../shared/core/plan.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { announceTrouble, findingOf } from './announcements.ts';
import type { Announcement, ExpandPlan, Look } from './model.ts';

/** Why an answer counted for nothing, in words that follow on "since", and who gave it, where STS said so. */
type VoidWord = { readonly since: string; readonly by?: string };

/** Whom a sentence names stands in its evidence, too: there an identifier is kept by the letter, whatever it looks like. */
export const principalOf = ({ by }: { readonly by?: string | undefined }): Evidence =>
  by === undefined ? {} : { principal: by };

/** What a person is asked, as far as he is told of it. */
type Asked = {
  readonly id: string;
  readonly cluster: string;
  readonly approvers: readonly string[];
  readonly yesesNeeded: number;
  readonly timeoutMs: number;
};

/**
 * A person has to decide: what, until when, how, and whether one more has to.
 *
 * @param doubts why nobody vouches for who set it going, which answer counted for nothing and why, and what a later look than
 *   that of the request says, where that is so
 */
export function announceWaiting(
  { plan }: Look,
  asked: Asked,
  {
    doubt,
    voidAnswer,
    meanwhile,
  }: {
    readonly doubt?: string | undefined;
    readonly voidAnswer?: VoidWord | undefined;
    readonly meanwhile?: string | undefined;
  } = {},
): Announcement {
  const { id, cluster, approvers, yesesNeeded, timeoutMs } = asked;
  const before =
    voidAnswer === undefined ? '' : `The last answer counted for nothing, since ${voidAnswer.since}. Asked anew. `;
  const [approver] = approvers;
  const evidence = { ...plan.evidence, ...(approver !== undefined && { approver }), ...principalOf(voidAnswer ?? {}) };
  const approved = approvers.length === 0 ? '' : ` ${approvers.join(' and ')} approved it; one more person has to.`;
  const needed =
    approvers.length === 0 && yesesNeeded > 1 ? ` ${yesesNeeded} different people have to approve it.` : '';
  const later = meanwhile === undefined ? '' : ` Meanwhile: ${meanwhile}`;
  const opener = doubt === undefined ? '' : ` Nobody knows who set it going, since ${doubt}.`;
  const message = `${before}Waits for approval, ${Math.round(timeoutMs / minuteMs)} min at most: ${plan.message}${later}${opener}${approved}${needed} To approve: npm run mskeeper -- approve ${cluster} ${id} and, to refuse, --refuse after it.`;
  return {
    kind: 'notice',
    // Silence is a no: it is to be heard by those who would be paged.
    severity: 'critical',
    headline: message,
    findings: [findingOf('storage-scaling', 'warning', { ...plan, message, evidence })],
    plan: { action: 'awaiting-approval', reason: plan.reason, ...evidence },
  };
}

/** The request for approval could not be written down, so nobody was asked, and nothing happens. */
export const announceNotAsked = ({ toGiB, message, evidence }: ExpandPlan, why: string): Announcement =>
  announceTrouble('critical', {
    reason: 'approval-not-asked',
    message: `Nobody could be asked whether storage may grow to ${toGiB} GiB (${why}), and nothing happens without a yes: allow the call to the role of storage-scaling-run, or see why it fails. It is asked anew as soon as that is mended. ${message}`,
    evidence,
  });
