import type { ResolvedFunction } from '../function-registry.ts';
import type { InvokeAnswer, InvokeRequest } from '../invoke-request.ts';
import { invalid } from './limits.ts';
import type { DurableStarter } from './starter.ts';

/**
 * Invokes a durable function: starts an execution or joins the one of that name. An `Event` is answered at once, a
 * `RequestResponse` when the execution has ended, with its result or its error.
 *
 * @throws AwsError InvalidParameterValueException for a reference without a version or an alias; what `start` throws
 */
export async function invokeDurable(
  start: DurableStarter['start'],
  target: ResolvedFunction,
  request: Omit<InvokeRequest, 'payload'> & { readonly payload: string; readonly requestId: string },
): Promise<InvokeAnswer> {
  const { payload, requestId, invocationType, durableExecutionName, invokedBy = '' } = request;
  if (target.referenceArn === target.configuration.arn)
    throw invalid('You cannot invoke a durable function using an unqualified ARN.');
  const execution = start({
    target,
    payload,
    name: durableExecutionName,
    start: { kind: invocationType === 'Event' ? 'async' : 'sync', requestId, invokedBy },
  });
  const { version } = target.configuration;
  const answer = { functionError: undefined, log: '', durableExecutionArn: execution.arn } as const;
  if (invocationType === 'Event') return { ...answer, status: 202, payload: undefined, executedVersion: undefined };
  await execution.ended.promise;
  if (execution.status === 'SUCCEEDED')
    return { ...answer, status: 200, payload: Buffer.from(execution.result ?? 'null'), executedVersion: version };
  const {
    ErrorType: errorType = execution.status,
    ErrorMessage: errorMessage,
    StackTrace: stackTrace,
  } = execution.error ?? {};
  return {
    ...answer,
    status: 200,
    functionError: 'Unhandled',
    payload: Buffer.from(JSON.stringify({ errorType, errorMessage, stackTrace })),
    executedVersion: version,
  };
}
