import type { Context } from 'aws-lambda';
import { type MockInstance, vi } from 'vitest';

/** A Lambda context with a deadline `remainingMs` from now. */
export function lambdaContext(remainingMs = 30_000): Context {
  const endsAtMs = Date.now() + remainingMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'mskeeper-orders-cluster-health',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:mskeeper-orders-cluster-health',
    memoryLimitInMB: '512',
    awsRequestId: '6f1c9a52-0000-4000-8000-000000000001',
    logGroupName: '/aws/lambda/mskeeper-orders-cluster-health',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => endsAtMs - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

export type CapturedOutput = { readonly lines: () => readonly string[]; readonly spy: MockInstance };

/** What the process writes while a test runs: Powertools writes there directly, past the global console. */
export function captureOutput(): CapturedOutput {
  const chunks: string[] = [];
  const keep = (chunk: string | Uint8Array) => {
    chunks.push(typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk));
    return true;
  };
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  return { lines: () => chunks.join('').split('\n').filter(Boolean), spy };
}
