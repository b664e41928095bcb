import { createHash } from 'node:crypto';
import type { ApprovalAnswer, ApprovalDocument } from '../../../shared/durable/approval.ts';
import { digestOfAnswer } from '../../../shared/durable/approval-digest.ts';
import type { ApprovalJudge } from '../../../shared/durable/approval-judgement.ts';
import type { CallerProof } from '../../../shared/events/caller-proof.ts';

const signatureOf = (arn: string, digest: string): string =>
  createHash('sha256').update(`${arn} signs ${digest}`).digest('hex');

/** A proof for tests of flows and cores: of the right shape, and good for this ARN over this digest alone. */
export const proofBy = (arn: string, digest: string): CallerProof => ({
  authorization: `AWS4-HMAC-SHA256 Credential=ASIALOCALLOCALLOCAL/20260114/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=${signatureOf(arn, digest)}`,
  'x-amz-date': '20260114T120000Z',
  'x-amz-security-token': arn,
});

/** STS, as far as it knows those proofs. */
export const proveByName: ApprovalJudge['prove'] = async (proof, digest) => {
  const arn = proof['x-amz-security-token'] ?? '';
  const isRight = proof.authorization.endsWith(`Signature=${signatureOf(arn, digest)}`);
  return isRight ? { isProven: true, arn } : { isProven: false, why: 'STS does not take the signature' };
};

/** What a person says to a request, by whose credentials. */
export type Said = { readonly decision: ApprovalAnswer['decision']; readonly by: string; readonly comment?: string };

/** The answer as the approver's command sends it. */
export const answerTo = (asked: ApprovalDocument, { by, ...words }: Said): ApprovalAnswer => {
  const digest = digestOfAnswer(asked, words);
  return { version: 2, ...words, digest, proof: proofBy(by, digest) };
};
