import type { ErrorObject, OperationUpdate } from '@aws-sdk/client-lambda';
import { AwsError } from '../../../service.ts';

/** Developer Guide, "Monitoring durable functions": DurableExecutionOperations (maximum 3,000). */
const executionOperations = 3000;
/** The same page: DurableExecutionStorageWrittenBytes (maximum 100 MB). */
const executionStorageBytes = 100 * 1024 * 1024;
/** SDK, CHECKPOINT_SIZE_LIMIT_BYTES; the service says so in the words of `payloadTooLarge`. */
const operationPayloadBytes = 256 * 1024;
/** Invocation payloads, and the result of a whole execution (Developer Guide, "Lambda quotas"). */
export const invocationPayloadBytes = 6 * 1024 * 1024;

/** What an execution has used up so far. */
export type Usage = {
  /** Metered operations: what counts towards 3,000. */
  operationCount: number;
  /** Checkpoints with at least one update. */
  checkpointCount: number;
  invocationCount: number;
  storageBytes: number;
};

/**
 * Operations that an update is metered as. A step or a poll counts once an attempt, so 3,000 polls fill an execution,
 * although its history holds one operation. Source: Developer Guide, "How durable operations are metered"; chained
 * invokes are not in its tables and are counted like waits.
 */
export function meteredOperations(update: OperationUpdate, isNew: boolean): number {
  switch (update.Type) {
    case 'STEP':
      return update.Action === 'START' ? 0 : 1;
    case 'WAIT':
    case 'CALLBACK':
    case 'CHAINED_INVOKE':
      return update.Action === 'START' ? 1 : 0;
    case 'CONTEXT':
      return isNew ? 1 : 0;
    case 'EXECUTION':
    case undefined:
      return 0;
    default:
      return update.Type satisfies never;
  }
}

/** Bytes that an execution keeps for a payload or an error. */
export const storedBytes = (payload: string | undefined, error: ErrorObject | undefined): number =>
  Buffer.byteLength(payload ?? '') + (error === undefined ? 0 : Buffer.byteLength(JSON.stringify(error)));

/** @throws AwsError InvalidParameterValueException for a payload or an error beyond 256 KB (6 MB for the execution's own) */
export function refuseLargePayload(update: OperationUpdate): void {
  const limitBytes = update.Type === 'EXECUTION' ? invocationPayloadBytes : operationPayloadBytes;
  if (storedBytes(update.Payload, update.Error) > limitBytes)
    throw payloadTooLarge(`${update.Type} output`, limitBytes);
}

/** @throws AwsError for a callback's result or error beyond 256 KB */
export function refuseLargeCallback(bytes: number): void {
  if (bytes > operationPayloadBytes) throw payloadTooLarge('CALLBACK', operationPayloadBytes);
}

/**
 * @throws AwsError InvalidParameterValueException where the execution would go beyond its quota; the SDK then fails the
 * execution. That AWS refuses in these words was not seen.
 */
export function refuseBeyondQuota(usage: Pick<Usage, 'operationCount' | 'storageBytes'>): void {
  if (usage.operationCount > executionOperations)
    throw invalid(`The durable execution exceeded the maximum number of operations: ${executionOperations}.`);
  if (usage.storageBytes > executionStorageBytes)
    throw invalid(`The durable execution exceeded the maximum storage: ${executionStorageBytes} bytes.`);
}

const payloadTooLarge = (what: string, limitBytes: number): AwsError =>
  invalid(`${what} payload size must be less than or equal to ${limitBytes} bytes.`);

/** What Lambda refuses as a wrong parameter. */
export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', 400, message, { Type: 'User' });
