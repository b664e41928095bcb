import type { ErrorShape } from './messages.ts';
import type { OutputLine } from './output.ts';

/** How an invocation ended. `payload` is the function's JSON. */
export type SandboxEnd =
  | { readonly status: 'success'; readonly payload: string }
  | {
      readonly status: 'error' | 'timeout' | 'out-of-memory';
      readonly error: Omit<ErrorShape, 'trace'> & { trace?: readonly string[] };
    };

/** What Lambda says of a process that ended without an answer. Node leaves with 13 over a promise that never settles. */
export function endOfProcess(
  requestId: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  lines: readonly OutputLine[],
): SandboxEnd {
  if (lines.some(({ text }) => text.includes('JavaScript heap out of memory'))) {
    return exited(requestId, 'with error: signal: aborted', 'out-of-memory');
  }
  if (code === 13) {
    const errorMessage =
      'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.';
    return { status: 'error', error: { errorType: 'Runtime.NodeJsExit', errorMessage } };
  }
  if (code === 0) return exited(requestId, 'without providing a reason');
  return exited(requestId, code === null ? `with error: signal: ${signal}` : `with error: exit status ${code}`);
}

/** A process that left without an answer. `how` completes Lambda's sentence. */
export function exited(requestId: string, how: string, status: 'error' | 'out-of-memory' = 'error'): SandboxEnd {
  return {
    status,
    error: { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited ${how}` },
  };
}

/** A function that was still at work when its time was over. */
export function timedOut(requestId: string, timeoutMs: number): SandboxEnd {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    status: 'timeout',
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    },
  };
}
