import { LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import { proofBody, proofHeaders, stsUrlOf } from '../../../../shared/aws/caller-proof.ts';
import type { ApprovalAnswer, ApprovalDocument } from '../../../../shared/durable/approval.ts';
import { digestOfAnswer } from '../../../../shared/durable/approval-digest.ts';
import { type CallerProof, callerProof } from '../../../../shared/events/caller-proof.ts';
import type { Credentials } from '../../../aws/iam/identities.ts';
import type { StandIn } from '../../../aws/stand-in.ts';
import type { Person } from './people.ts';

/** A proof over a digest by credentials, whoever they belong to: what a program of somebody's own can make. */
export async function signProof(
  { url: endpoint, world }: Pick<StandIn, 'url' | 'world'>,
  credentials: Credentials,
  digest: string,
): Promise<CallerProof> {
  const { region } = world;
  const client = new STSClient({ endpoint, region, credentials });
  const { hostname, port, host, protocol } = stsUrlOf(region, { AWS_ENDPOINT_URL: endpoint });
  const scheme = { name: 'sigv4', signingName: 'sts', signingRegion: region, properties: {} };
  const signer = await client.config.signer(scheme);
  const request = new HttpRequest({
    method: 'POST',
    protocol,
    hostname,
    port: Number(port),
    path: '/',
    headers: { host, ...proofHeaders(digest) },
    body: proofBody,
  });
  const { headers } = await signer.sign(request, { signingDate: new Date(world.clock.nowMs()) });
  return callerProof.parse({
    authorization: headers.authorization,
    'x-amz-date': headers['x-amz-date'],
    'x-amz-security-token': headers['x-amz-security-token'],
  });
}

/** Somebody's own credentials but for the secret, which is made up: what a forger knows of him. */
export const forgedOf = ({ credentials }: Person): Credentials => ({ ...credentials, secretAccessKey: 'made-up' });

/** A yes to this request, with whatever proof. */
export const yesTo = (request: ApprovalDocument, proof: CallerProof): ApprovalAnswer => ({
  version: 2,
  decision: 'approved',
  digest: digestOfYes(request),
  proof,
});

/** What is to be signed for it. */
export const digestOfYes = (request: ApprovalDocument): string => digestOfAnswer(request, { decision: 'approved' });

/**
 * Sends an answer past mskeeper's own command, with the power of the callback's id.
 *
 * @throws what Lambda answers, `CallbackTimeoutException` for a request that was answered before
 */
export async function sendAnswer(
  { url: endpoint, world }: Pick<StandIn, 'url' | 'world'>,
  { credentials }: Person,
  { callbackId: CallbackId }: ApprovalDocument,
  answer: ApprovalAnswer,
): Promise<void> {
  const client = new LambdaClient({ endpoint, region: world.region, credentials, maxAttempts: 1 });
  const Result = Buffer.from(JSON.stringify(answer));
  await client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }));
}
