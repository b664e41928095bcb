import { digestOf } from '../text/digest.ts';
import { toJson } from '../text/json.ts';
import { redactValue } from '../text/redaction.ts';
import {
  type ApprovalAnswer,
  type ApprovalDocument,
  type ApprovalRequest,
  approvalDocument,
  encodeApproval,
} from './approval.ts';

/** Of everything that a request says, and of its callback: a document with one letter changed has another. */
export const digestOfRequest = ({ digest: _itself, ...said }: ApprovalDocument): string =>
  digestOf({ about: 'mskeeper approval request', ...said });

/** What an approver signs: the request as he was shown it, his decision, his comment. */
export const digestOfAnswer = (
  request: ApprovalDocument,
  { decision, comment }: Pick<ApprovalAnswer, 'decision' | 'comment'>,
): string =>
  digestOf({
    about: 'mskeeper approval answer',
    request: digestOfRequest(request),
    decision,
    comment: comment ?? null,
  });

/**
 * The request as approvers read it: without secrets, as the store keeps it, with its digest. A run makes it anew from what it
 * asked when the answer comes, and never reads it back.
 */
export function documentOf({ timeoutMs, ...request }: ApprovalRequest, callbackId: string): ApprovalDocument {
  const expiresAtMs = request.requestedAtMs + timeoutMs;
  const asked: ApprovalDocument = {
    version: 2,
    ...request,
    approvers: [...request.approvers],
    expiresAtMs,
    callbackId,
    digest: '0'.repeat(64),
  };
  const kept = approvalDocument.parse(JSON.parse(toJson(redactValue(encodeApproval(asked)))));
  return { ...kept, digest: digestOfRequest(kept) };
}
