import type { Operation } from '@aws-sdk/client-lambda';
import type { DurableExecution } from './execution.ts';
import { invocationPayloadBytes } from './limits.ts';
import { pageOfOperations } from './operation-store.ts';

/** Room for the envelope itself in an invocation's 6 MB. */
const envelopeBytes = 64 * 1024;

/**
 * The event of one invocation, as the SDK reads it; what doesn't fit, the function asks for (GetDurableExecutionState).
 *
 * @param updated operations that changed since the last invocation knew them; undefined on the first
 */
export function createEnvelope(
  execution: DurableExecution,
  options: { readonly token: string; readonly updated: readonly Operation[] | undefined; readonly pageSize: number },
): unknown {
  const page = pageOfOperations(execution.operations.replayed(), {
    marker: 0,
    maxItems: options.pageSize,
    maxBytes: invocationPayloadBytes - envelopeBytes,
  });
  return {
    DurableExecutionArn: execution.arn,
    CheckpointToken: options.token,
    ...(options.updated === undefined ? {} : { UpdatedOperationIds: options.updated.map(({ Id }) => Id) }),
    // Dates become ISO strings here, where the API answers with seconds.
    InitialExecutionState: { Operations: page.operations, NextMarker: page.nextMarker ?? '' },
  };
}
