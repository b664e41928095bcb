import type { STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import { proofBody, proofHeaders, stsUrlOf } from '../../shared/aws/caller-proof.ts';
import { type CallerProof, callerProof } from '../../shared/events/caller-proof.ts';

/** The world's time as AWS told it in its last answer to this client: a computer's own clock may be wrong by minutes. */
export const nowMsOf = (client: STSClient): number => Date.now() + client.config.systemClockOffset;

/**
 * Signs a GetCallerIdentity with the client's own credentials, over a digest: whoever sends it learns from STS who signed, for
 * 15 minutes from its date, which is now, and can do nothing else with it.
 *
 * @param region the cluster's, where it will be sent to
 * @throws what the SDK throws where there are no credentials
 */
export async function signProof(
  client: STSClient,
  region: string,
  digest: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<CallerProof> {
  const url = stsUrlOf(region, environment);
  const scheme = { name: 'sigv4', signingName: 'sts', signingRegion: region, properties: {} };
  const signer = await client.config.signer(scheme);
  const { hostname, port, host, protocol } = url;
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: '/',
      headers: { host, ...proofHeaders(digest) },
      body: proofBody,
    }),
    { signingDate: new Date(nowMsOf(client)) },
  );
  const { authorization, 'x-amz-date': date, 'x-amz-security-token': token } = signed.headers;
  return callerProof.parse({
    authorization,
    'x-amz-date': date,
    ...(token !== undefined && { 'x-amz-security-token': token }),
  });
}
