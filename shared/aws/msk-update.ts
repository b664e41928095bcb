import { KafkaClient, UpdateBrokerStorageCommand } from '@aws-sdk/client-kafka';
import * as z from 'zod';
import { DependencyError } from '../core/errors.ts';
import { classifyUpdateRefusal } from '../core/msk-refusal.ts';
import type { CallScope } from '../run/call-scope.ts';
import { parseAnswer } from './answer.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';

/** A client for what changes a cluster: never repeated by the SDK, since only the door of acts knows whether it may be. */
export const createMskUpdateClient = (): KafkaClient => createClient(KafkaClient, { maxAttempts: 1 });

const updateAnswer = z.object({
  ClusterOperationArn: z.string().min(1),
  $metadata: z.object({ requestId: z.string().optional() }),
});

/** MSK took the change: the operation that carries it out, and the request's id for the audit. */
export type AcceptedUpdate = { readonly operationArn: string; readonly requestId: string };

/**
 * Gives every broker's volume a new size. Cannot be undone, and locks storage for hours. Source: UpdateBrokerStorage;
 * single brokers cannot be chosen (MSK Developer Guide, "Manual scaling").
 *
 * @param client of `createMskUpdateClient`: the call has no idempotency token, only `currentVersion` keeps a repeat from
 *   acting twice
 * @param currentVersion the cluster's version that the plan was made from; MSK refuses any other
 * @throws DependencyError naming `kafka:UpdateBrokerStorage`; its facts say what a refusal means (`UpdateRefusal`), and
 *   `conflict` is a version that moved
 */
export async function applyBrokerStorage(
  client: KafkaClient,
  calls: CallScope,
  clusterArn: string,
  { currentVersion, volumeGiB }: { readonly currentVersion: string; readonly volumeGiB: number },
): Promise<AcceptedUpdate> {
  const call = 'kafka:UpdateBrokerStorage';
  const command = new UpdateBrokerStorageCommand({
    ClusterArn: clusterArn,
    CurrentVersion: currentVersion,
    TargetBrokerEBSVolumeInfo: [{ KafkaBrokerNodeId: 'All', VolumeSizeGB: volumeGiB }],
  });
  const answer = await callAws(calls, call, (options) => client.send(command, options)).catch(nameRefusal);
  const { ClusterOperationArn: operationArn, $metadata } = parseAnswer(call, updateAnswer, answer);
  return { operationArn, requestId: $metadata.requestId ?? 'none' };
}

/** MSK says every refusal as BadRequestException: what it means stands in its sentence alone. */
function nameRefusal(error: unknown): never {
  if (!(error instanceof DependencyError)) throw error;
  const { call, detail, facts, cause } = error;
  const refusal = facts.httpStatus === undefined ? 'other' : classifyUpdateRefusal(detail);
  if (refusal === 'other') throw error;
  const failure = refusal === 'version-moved' ? 'conflict' : error.failure;
  throw new DependencyError(call, failure, `${refusal}: ${detail}`, { cause, facts: { ...facts, refusal } });
}
