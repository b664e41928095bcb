import { createHash } from 'node:crypto';
import type { ProvenCaller } from '../../../shared/aws/caller-proof.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import type { ApprovalAnswer } from '../../../shared/durable/approval.ts';

type CallerProof = ApprovalAnswer['proof'];

/** STS takes a signature that is no older (IAM User Guide, "Create a signed AWS API request"). */
const longestMs = 15 * minuteMs;

/** Who signed over which digest, as far as STS can tell: by the secret of each, for a quarter of an hour. */
export const createSts = (nowMs: () => number) => {
  const signed = new Map<string, { readonly arn: string; readonly digest: string; readonly atMs: number }>();
  const headersOf = (signature: string): CallerProof => ({
    authorization: `AWS4-HMAC-SHA256 Credential=ASIALOCALLOCALLOCAL/20260114/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=${signature}`,
    'x-amz-date': '20260114T120000Z',
  });
  return {
    sign: (arn: string, digest: string): CallerProof => {
      const atMs = nowMs();
      const signature = createHash('sha256').update(`${arn} signs ${digest} at ${atMs}`).digest('hex');
      const proof = headersOf(signature);
      signed.set(proof.authorization, { arn, digest, atMs });
      return proof;
    },
    /** Of the right shape, by nobody's secret. */
    forge: (): CallerProof => headersOf('0'.repeat(64)),
    prove: (proof: CallerProof, digest: string): ProvenCaller => {
      const found = signed.get(proof.authorization);
      const isGood = found !== undefined && found.digest === digest && nowMs() - found.atMs <= longestMs;
      return isGood ? { isProven: true, arn: found.arn } : { isProven: false, why: 'STS does not take the signature' };
    },
  };
};
