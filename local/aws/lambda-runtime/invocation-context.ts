import type { InvokeMessage } from './messages.ts';

/** The second argument of a handler, as Lambda's Node.js runtime makes it. */
export function invocationContext(message: InvokeMessage, environment: NodeJS.ProcessEnv): object {
  const deadlineMs = performance.now() + message.timeoutMs;
  return {
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: message.invokedFunctionArn,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: message.requestId,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    ...(message.clientContext === undefined ? {} : { clientContext: JSON.parse(message.clientContext) }),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMs - performance.now())),
  };
}
