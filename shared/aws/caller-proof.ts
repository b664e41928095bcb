import { createHash } from 'node:crypto';
import { DependencyError } from '../core/errors.ts';
import { partitionOfRegion } from '../core/partitions.ts';
import { accountOf } from '../core/principal.ts';
import type { CallerProof } from '../events/caller-proof.ts';
import type { CallScope } from '../run/call-scope.ts';
import { failureOfName } from './errors.ts';

/** What STS said. `why` is for people, and holds nothing of the proof. */
export type ProvenCaller =
  | { readonly isProven: true; readonly arn: string }
  | { readonly isProven: false; readonly why: string };

export const proofBody = 'Action=GetCallerIdentity&Version=2011-06-15';
const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
const contentDigest = createHash('sha256').update(proofBody).digest('hex');

/** STS of a Region: AWS's own, or where `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` send every client of it. */
export const stsUrlOf = (region: string, environment: Readonly<Record<string, string | undefined>>): URL => {
  const given = environment.AWS_ENDPOINT_URL_STS || environment.AWS_ENDPOINT_URL;
  return new URL(given || `https://sts.${region}.${partitionOfRegion(region).dnsSuffix}/`);
};

/** The headers that are the same for signer and sender; `host` follows from the address. */
export const proofHeaders = (digest: string): Readonly<Record<string, string>> => ({
  'content-type': contentType,
  'x-amz-content-sha256': contentDigest,
  'x-mskeeper-digest': digest,
});

/** All of them, and no other one: nothing is sent that is not signed. */
const signedHeadersOf = (proof: CallerProof): string =>
  [...Object.keys(proofHeaders('')), 'host', ...Object.keys(proof).filter((name) => name !== 'authorization')]
    .toSorted()
    .join(';');

/** STS answers some hundred bytes at once. */
const longestMs = 5_000;
const mostBytes = 16_384;

const call = 'sts:GetCallerIdentity';

/**
 * Asks STS who signed.
 *
 * @param region the cluster's: a signature for another one is none
 * @param digest what must have been signed, worked out by whoever asks
 * @throws DependencyError `unreachable`, `timed-out`, `throttled` or `failed` where STS said nothing: nobody knows
 */
export async function fetchProvenCaller(
  calls: CallScope,
  region: string,
  digest: string,
  proof: CallerProof,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  withinMs = longestMs,
): Promise<ProvenCaller> {
  const problem = findProblem(region, proof);
  if (problem !== undefined) return { isProven: false, why: problem };
  const url = stsUrlOf(region, environment);
  const { status, body } = await calls.track(call, () => send(calls, url, { digest, proof, withinMs }));
  if (status === 200) return readCaller(body);
  const code = /<Code>([A-Za-z.]{1,60})<\/Code>/.exec(body)?.[1];
  const failure = code === undefined ? undefined : failureOfName(code);
  if (status === 429 || failure === 'throttled')
    throw new DependencyError(call, 'throttled', `throttled: STS answered ${status}`);
  if (status === 408 || failure === 'timed-out')
    throw new DependencyError(call, 'timed-out', `timed-out: STS answered ${status}`);
  if (status >= 500) throw new DependencyError(call, 'failed', `failed: STS answered ${status}`);
  const expired = /Signature expired/.test(body) || code === 'ExpiredToken' ? ', since it is too old' : '';
  return { isProven: false, why: `STS does not take the signature${expired} (${status} ${code ?? 'without a code'})` };
}

/** What is wrong with a proof by its own words, before anybody is asked. */
function findProblem(region: string, proof: CallerProof): string | undefined {
  const [, day, place, signed] =
    /Credential=[^/]+\/(\d{8})\/([^/]+)\/sts\/aws4_request, SignedHeaders=([^,]+),/.exec(proof.authorization) ?? [];
  if (place !== region) return 'it was signed for another Region';
  if (day !== proof['x-amz-date'].slice(0, 8)) return 'it was signed for another day than it says';
  return signed === signedHeadersOf(proof) ? undefined : 'it does not sign exactly the headers that are sent';
}

type Question = { readonly digest: string; readonly proof: CallerProof; readonly withinMs: number };

async function send(calls: CallScope, url: URL, { digest, proof, withinMs }: Question) {
  const signal = AbortSignal.any([calls.signal, AbortSignal.timeout(withinMs)]);
  calls.countRequests(call, 1);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: proofBody,
      headers: { ...proofHeaders(digest), ...proof },
      redirect: 'manual',
      signal,
    });
    return { status: answer.status, body: await readText(answer) };
  } catch (error) {
    // Its words may quote what was sent.
    if (error instanceof DependencyError) throw error;
    const failure = signal.aborted ? 'timed-out' : 'unreachable';
    throw new DependencyError(call, failure, `${failure}: STS gave no answer`);
  }
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new DependencyError(call, 'bad-answer', `bad answer: more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const field = (name: string): string => `<${name}>(?<${name}>[^<>&]{1,2048})</${name}>`;
/** The whole answer as STS documents it, its three fields in any order. */
const frame = new RegExp(
  '^(?:<\\?xml[^<>]*\\?>)?\\s*<GetCallerIdentityResponse(?: xmlns="https://sts\\.amazonaws\\.com/doc/2011-06-15/")?>\\s*' +
    '<GetCallerIdentityResult>(?<result>(?:\\s*<(?:Arn|UserId|Account)>[^<>&]*</(?:Arn|UserId|Account)>){3})\\s*</GetCallerIdentityResult>' +
    '\\s*(?:<ResponseMetadata>\\s*<RequestId>[\\w-]*</RequestId>\\s*</ResponseMetadata>\\s*)?</GetCallerIdentityResponse>\\s*$',
);

function readCaller(body: string): ProvenCaller {
  const result = frame.exec(body)?.groups?.result ?? '';
  const valuesOf = (name: string) => [...result.matchAll(new RegExp(field(name), 'g'))].map((found) => found[1]);
  const [[arn, ...otherArns], [account, ...otherAccounts]] = [valuesOf('Arn'), valuesOf('Account')];
  const isWhole = otherArns.length + otherAccounts.length === 0 && valuesOf('UserId').length === 1;
  if (arn === undefined || account === undefined || !isWhole)
    return { isProven: false, why: 'STS answered something that cannot be read' };
  return accountOf(arn) === account
    ? { isProven: true, arn }
    : { isProven: false, why: 'STS names neither a user nor the session of a role' };
}
