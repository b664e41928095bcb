import type { ProvenCaller } from '../aws/caller-proof.ts';
import { isAdmitted, isNamedByTool, mayBeSamePerson } from '../core/principal.ts';
import type { CallerProof } from '../events/caller-proof.ts';
import { jsonIn } from '../text/json.ts';
import { redactText } from '../text/redaction.ts';
import { type ApprovalAnswer, type ApprovalDocument, type ApprovalOutcome, approvalAnswer } from './approval.ts';
import { digestOfAnswer } from './approval-digest.ts';

/** What a run needs to judge an answer. */
export type ApprovalJudge = {
  /** ARNs of the users and roles whose answer counts. */
  readonly approverPrincipals: readonly string[];
  /** Asks STS who signed over the digest. @throws DependencyError where STS said nothing */
  readonly prove: (proof: CallerProof, digest: string) => Promise<ProvenCaller>;
};

/** A session token has some thousand characters. */
const longestAnswer = 20_000;

/**
 * What an answer means. It counts only where it was given to what the run itself asked, and by somebody whom STS names and
 * the configuration lets; a yes besides only by somebody who may say it. Everything else is void.
 *
 * @param payload the callback's result as Lambda hands it over: JSON, written by the approver's command
 * @param asked the request, made by the run from what it asked
 * @throws DependencyError where STS said nothing: nobody knows who answered
 */
export async function judgeAnswer(
  payload: string | undefined,
  asked: ApprovalDocument,
  { approverPrincipals, prove }: ApprovalJudge,
  nowMs: () => number,
): Promise<ApprovalOutcome> {
  const atMs = nowMs();
  const isTooLong = payload !== undefined && payload.length > longestAnswer;
  const parsed = approvalAnswer.safeParse(isTooLong ? undefined : jsonIn(payload));
  if (!parsed.success) return { outcome: 'void', because: 'unreadable' };
  const answer = parsed.data;
  const digest = digestOfAnswer(asked, answer);
  if (answer.digest !== digest) return { outcome: 'void', because: 'other-request' };
  const caller = await prove(answer.proof, digest);
  if (!caller.isProven) return { outcome: 'void', because: 'unproven', detail: caller.why };
  if (!isAdmitted(caller.arn, approverPrincipals)) return { outcome: 'void', because: 'stranger', by: caller.arn };
  return evaluateAnswer(answer, asked, caller.arn, atMs);
}

/** What a proven answer means by somebody who may give one. A no is always heard. */
function evaluateAnswer(
  { decision, comment, digest }: Pick<ApprovalAnswer, 'decision' | 'comment' | 'digest'>,
  asked: Pick<ApprovalDocument, 'initiator' | 'mayInitiatorApprove' | 'approvers'>,
  by: string,
  atMs: number,
): ApprovalOutcome {
  const decided = { by, atMs, digest, ...(comment !== undefined && { comment: redactText(comment) }) };
  if (decision === 'refused') return { outcome: 'refused', ...decided };
  const problem = findYesProblem(asked, by);
  return problem === undefined ? { outcome: 'approved', ...decided } : { outcome: 'void', because: problem, by };
}

/** Why a yes of this person would count for nothing. */
export function findYesProblem(
  asked: Pick<ApprovalDocument, 'initiator' | 'mayInitiatorApprove' | 'approvers'>,
  by: string,
): 'unnamed' | 'initiator' | 'approved-before' | undefined {
  if (isNamedByTool(by)) return 'unnamed';
  if (!asked.mayInitiatorApprove && mayBeSamePerson(by, asked.initiator)) return 'initiator';
  return asked.approvers.some((approver) => mayBeSamePerson(by, approver)) ? 'approved-before' : undefined;
}

/**
 * How many different people must say yes. Where the initiator may not be one of them and nobody knows who he is, of two
 * different people one is another.
 */
export const countYesesNeeded = (mayInitiatorApprove: boolean, isInitiatorProven: boolean): 1 | 2 =>
  mayInitiatorApprove || isInitiatorProven ? 1 : 2;
