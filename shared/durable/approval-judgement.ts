import { redactText } from '../text/redaction.ts';
import { type ApprovalOutcome, type ApprovalRequest, approvalAnswer, unnamedPerson } from './approval.ts';

/**
 * What an answer means. Only a well-formed yes by somebody who may say it is one.
 *
 * @param payload the callback's result as Lambda hands it over: JSON, written by the approver's command
 */
export function evaluateApproval(payload: string | undefined, request: ApprovalRequest): ApprovalOutcome {
  const parsed = approvalAnswer.safeParse(parseJson(payload));
  if (!parsed.success) return { outcome: 'refused', because: 'unreadable' };
  const { decision, by, atMs, comment } = parsed.data;
  // A person's own words come in without secrets.
  const said = { by, atMs, ...(comment !== undefined && { comment: redactText(comment) }) };
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
 * `arn:aws:sts::123456789012:assumed-role/approver/alice`. The same last part is the same person, whatever domain of
 * e-mail stands behind it; a person who gave no name could be anybody.
 */
function isSamePerson(approverArn: string, initiator: string): boolean {
  return initiator === unnamedPerson || nameOf(approverArn) === nameOf(initiator);
}

/** `…/alice@example.com` → `alice`. */
const nameOf = (arn: string): string => {
  const name = arn.trim().toLowerCase();
  return name.slice(name.lastIndexOf('/') + 1).replace(/@.*$/s, '');
};
