import * as z from 'zod';

/**
 * Who somebody is, told by AWS and not by himself: he signs a GetCallerIdentity for STS with his own credentials, over the
 * digest of what he says, and whoever wants to know sends it. Address, method, body and every header that is not the
 * signature's own are made here on both sides, so nothing of the signer's goes anywhere but to STS of this Region, and a
 * signature over another digest is none.
 * Source: STS API Reference, "GetCallerIdentity"; IAM User Guide, "Create a signed AWS API request".
 */
export const callerProof = z.strictObject({
  authorization: z
    .string()
    .max(1_000)
    .regex(
      /^AWS4-HMAC-SHA256 Credential=[A-Z0-9]{16,128}\/\d{8}\/[a-z0-9-]{1,40}\/sts\/aws4_request, SignedHeaders=[a-z0-9;-]{1,300}, Signature=[0-9a-f]{64}$/,
    ),
  'x-amz-date': z.string().regex(/^\d{8}T\d{6}Z$/),
  /** Of credentials for a time. Visible characters alone: it stands in a header. */
  'x-amz-security-token': z
    .string()
    .regex(/^[\x21-\x7e]{1,8192}$/)
    .exactOptional(),
});
export type CallerProof = z.infer<typeof callerProof>;
