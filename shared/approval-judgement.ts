import { type ApprovalOutcome, type ApprovalRequest, approvalAnswer } from './approval.ts';

/**
 * What an answer means. Only a well-formed yes by somebody who may say it is one.
 *
 * @param payload the callback's result as Lambda hands it over: JSON, written by the approver's command
 */
export function evaluateApproval(payload: string | undefined, request: ApprovalRequest): ApprovalOutcome {
  const parsed = approvalAnswer.safeParse(parseJson(payload));
  if (!parsed.success) return { outcome: 'refused', because: 'unreadable' };
  const { decision, by, atMs, comment } = parsed.data;
  const said = { by, atMs, ...(comment !== undefined && { comment }) };
  if (decision === 'refused') return { outcome: 'refused', because: 'person', ...said };
  if (!request.mayInitiatorApprove && isSamePerson(by, request.initiator)) {
    return { outcome: 'refused', because: 'initiator', ...said };
  }
  return { outcome: 'approved', ...said };
}

function parseJson(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? '');
  } catch {
    // No JSON has the same answer as JSON of another shape: no yes.
    return undefined;
  }
}

/**
 * An initiator is a name that a person gave, or his ARN; the approver is an ARN such as
 * `arn:aws:sts::123456789012:assumed-role/approver/alice`. The same last part, or the same whole, is the same person.
 */
function isSamePerson(approverArn: string, initiator: string): boolean {
  const [approver, other] = [approverArn, initiator].map((name) => name.trim().toLowerCase());
  const nameOf = (arn = '') => arn.slice(arn.lastIndexOf('/') + 1);
  return approver === other || nameOf(approver) === nameOf(other);
}
