import { randomUUID } from 'node:crypto';
import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { AwsError, type OperationHandler } from '../../service.ts';
import type { AsyncQueue } from './async-queue.ts';
import { releasePlace, takePlace, throttled } from './concurrency.ts';
import { invokeDurable } from './durable/invoke-durable.ts';
import { invalid } from './durable/limits.ts';
import type { DurableStarter } from './durable/starter.ts';
import type { Execution, ExecutionAnswer } from './executor.ts';
import { type FunctionRegistry, parseReference } from './function-registry.ts';
import type { InvokeAnswer, InvokeRequest } from './invoke-request.ts';

/** Developer Guide, "Lambda quotas": request payloads. */
const syncRequestBytes = 6 * 1024 * 1024;
const asyncRequestBytes = 1024 * 1024;
/** LogType Tail answers with the last 4 KB. */
const logTailBytes = 4096;

/** Invokes a function for whoever was already judged. Rejects with AwsError for what Lambda refuses. */
export function createInvoker(options: {
  readonly registry: FunctionRegistry;
  readonly queue: AsyncQueue;
  readonly execute: (execution: Execution) => Promise<ExecutionAnswer>;
  readonly startDurable: DurableStarter['start'];
  readonly onThrottle: (functionName: string) => void;
}) {
  const { registry, queue, execute, startDurable, onThrottle } = options;
  return async (request: InvokeRequest): Promise<InvokeAnswer> => {
    const { functionName: reference, qualifier, invocationType, invokedBy = '', clientContext } = request;
    const requestId = request.requestId ?? randomUUID();
    const target = registry.resolve(reference, qualifier);
    const payload = readPayload(request.payload, invocationType);
    const isDurable = target.configuration.durable !== undefined;
    if (request.durableExecutionName !== undefined && !isDurable)
      throw invalid('A DurableExecutionName is for durable functions only.');
    const nothing = { functionError: undefined, payload: undefined, executedVersion: undefined, log: '' };
    if (invocationType === 'DryRun') return { ...nothing, status: 204 };
    if (isDurable) return invokeDurable(startDurable, target, { ...request, invocationType, payload, requestId });
    if (invocationType === 'Event') {
      queue.accept({ reference, qualifier, payload, requestId, invokedBy, clientContext });
      return { ...nothing, status: 202 };
    }
    if (!takePlace(target.lambdaFunction)) {
      onThrottle(target.configuration.name);
      throw throttled();
    }
    try {
      const answer = await execute({ target, payload, requestId, kind: 'sync', attempt: 1, invokedBy, clientContext });
      return { ...answer, status: 200, payload: Buffer.from(answer.payload) };
    } finally {
      releasePlace(target.lambdaFunction);
    }
  };
}

/** The Invoke operation of the API: what the caller's role and the function's policy allow, then the invocation. */
export function invokeOperation(
  invoke: ReturnType<typeof createInvoker>,
): OperationHandler<InvokeCommandInput, Omit<InvokeCommandOutput, '$metadata'>> {
  return {
    authorize(input, call) {
      const { name, qualifier = input.Qualifier } = parseReference(input.FunctionName ?? '');
      const arn = `arn:aws:lambda:${call.region}:${call.accountId}:function:${name}`;
      return [{ action: 'lambda:InvokeFunction', resource: qualifier === undefined ? arn : `${arn}:${qualifier}` }];
    },
    async run(input, call) {
      const answer = await invoke({
        functionName: input.FunctionName ?? '',
        qualifier: input.Qualifier,
        // The schema hands a blob over as bytes, whatever the client sent.
        payload: input.Payload as Uint8Array | undefined,
        invocationType: input.InvocationType ?? 'RequestResponse',
        requestId: call.requestId,
        durableExecutionName: input.DurableExecutionName,
        invokedBy: call.caller.principalArn,
        clientContext:
          input.ClientContext === undefined ? undefined : Buffer.from(input.ClientContext, 'base64').toString(),
      });
      const tail = Buffer.from(answer.log).subarray(-logTailBytes).toString('base64');
      return {
        StatusCode: answer.status,
        ...(answer.functionError === undefined ? {} : { FunctionError: answer.functionError }),
        ...(answer.executedVersion === undefined ? {} : { ExecutedVersion: answer.executedVersion }),
        ...(answer.durableExecutionArn === undefined ? {} : { DurableExecutionArn: answer.durableExecutionArn }),
        ...(answer.payload === undefined ? {} : { Payload: answer.payload as InvokeCommandOutput['Payload'] & object }),
        ...(input.LogType === 'Tail' && answer.status === 200 ? { LogResult: tail } : {}),
      };
    },
  };
}

function readPayload(bytes: Uint8Array | undefined, invocationType: InvokeRequest['invocationType']): string {
  const limitBytes = invocationType === 'Event' ? asyncRequestBytes : syncRequestBytes;
  if (bytes === undefined || bytes.length === 0) return '{}';
  if (bytes.length > limitBytes) {
    throw new AwsError(
      'RequestTooLargeException',
      413,
      `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
      { Type: 'User' },
    );
  }
  const text = Buffer.from(bytes).toString();
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new AwsError(
      'InvalidRequestContentException',
      400,
      `Could not parse request body into json: ${String(cause)}`,
      {
        Type: 'User',
      },
    );
  }
  return text;
}
