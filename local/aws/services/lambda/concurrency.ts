import { AwsError } from '../../service.ts';
import type { LambdaFunction } from './function.ts';

/** Takes one of a function's reserved places, or says that there is none. A function without a reservation has no end. */
export function takePlace(lambdaFunction: LambdaFunction): boolean {
  const { reservedConcurrency, runningCount } = lambdaFunction;
  if (reservedConcurrency !== undefined && runningCount >= reservedConcurrency) return false;
  lambdaFunction.runningCount += 1;
  return true;
}

export function releasePlace(lambdaFunction: LambdaFunction): void {
  lambdaFunction.runningCount -= 1;
}

/** What Invoke answers when every reserved place is taken. */
export function throttled(): AwsError {
  return new AwsError('TooManyRequestsException', 429, 'Rate Exceeded.', {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    Type: 'User',
  });
}
