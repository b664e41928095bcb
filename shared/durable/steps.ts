import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { DependencyError } from '../core/errors.ts';
import { runWithinDeadline } from '../lambda/deadline.ts';
import type { CallScope } from '../run/call-scope.ts';
import { keepError, restoreStepError, toStepError } from './errors.ts';
import { keepAsJson } from './json.ts';
import { planRetryPauseMs, wholeSeconds } from './retry.ts';

/** A try without a value. `isCutOff`: the invocation's deadline ended it, so the step itself has not failed. */
type FailedTry = { readonly isAnswered: false; readonly error: unknown; readonly isCutOff: boolean };
type Try<Value> = { readonly isAnswered: true; readonly value: Value } | FailedTry;

/** Runs the code of a step until it settles or the invocation's calls end, whichever comes first. */
export async function tryWithinDeadline<Value>(
  name: string,
  calls: CallScope,
  run: () => Promise<Value>,
): Promise<Try<Value>> {
  if (calls.signal.aborted) {
    // It would only be cut off in the middle of its first call.
    const error = new DependencyError(name, 'timed-out', 'not begun, since the invocation was at its deadline');
    return { isAnswered: false, error, isCutOff: true };
  }
  try {
    const value = await runWithinDeadline(name, calls, async () => run());
    return { isAnswered: true, value: keepAsJson(name, value) };
  } catch (error) {
    return { isAnswered: false, error, isCutOff: calls.signal.aborted };
  }
}

/**
 * One step of the SDK with our retries. A try that the deadline cut off is no failure: it is written down as one to
 * begin again, which ends this invocation and begins another.
 *
 * @param hidden texts that no error of it may keep
 * @throws the step's own error, also at a replay
 */
export async function runStep<Value>(
  context: DurableContext,
  calls: CallScope,
  name: string,
  run: () => Promise<Value>,
  hidden: readonly string[] = [],
): Promise<Value> {
  let failed: FailedTry | undefined;
  try {
    return await context.step(
      name,
      async () => {
        const tried = await tryWithinDeadline(name, calls, run);
        if (tried.isAnswered) return tried.value;
        failed = tried;
        throw toStepError(keepError(tried.error, hidden));
      },
      { retryStrategy: (_error, attempt) => retryDecision(failed, attempt) },
    );
  } catch (thrown) {
    throw restoreStepError(thrown);
  }
}

/** @param failed the try that just ended; the SDK asks for nothing else */
function retryDecision(failed: FailedTry | undefined, attempt: number) {
  const pauseMs = failed && planRetryPauseMs(failed.error, attempt, failed.isCutOff);
  if (pauseMs === undefined) return { shouldRetry: false };
  return { shouldRetry: true, delay: { seconds: wholeSeconds(pauseMs) } };
}
