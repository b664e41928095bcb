import type { ExecutionAnswer } from '../executor.ts';
import type { DurableExecution } from './execution.ts';

/** After so many crashes in a row without a checkpoint, an execution goes nowhere. */
const hopelessCrashes = 5;

/**
 * Says once of an execution that its function cannot even be loaded, or dies at the same place again and again: Lambda
 * invokes it anew until the execution's time is over, and nobody would see why nothing happens.
 *
 * @param report told a sentence
 */
export function createCrashWatch(report: (sentence: string) => void) {
  const reported = new Set<string>();
  /** Crashes that a test or a drill wanted, by execution. */
  const wanted = new Set<string>();
  return {
    /** The next crash of this execution is no news. */
    expect: (execution: DurableExecution): void => void wanted.add(execution.arn),
    onCrash(execution: DurableExecution, { payload, functionError, initMs }: ExecutionAnswer): void {
      if (wanted.delete(execution.arn) || functionError === undefined || reported.has(execution.arn)) return;
      const isUnloadable = initMs === undefined;
      if (!isUnloadable && execution.crashCount < hopelessCrashes) return;
      reported.add(execution.arn);
      const { errorType, errorMessage } = Object(JSON.parse(payload));
      const what = isUnloadable ? 'cannot load its function' : `died ${execution.crashCount} times at the same place`;
      report(
        `the durable execution ${execution.name} ${what} and is tried again for ever: ${errorType}: ${errorMessage}`,
      );
    },
  };
}
