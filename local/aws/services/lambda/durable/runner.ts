import type { ErrorObject, ExecutionStatus, Operation } from '@aws-sdk/client-lambda';
import type { Clock } from '../../../../clock.ts';
import type { ExecutionAnswer } from '../executor.ts';
import type { Activity } from './activity.ts';
import type { Announcements } from './announcements.ts';
import type { DurableExecution } from './execution.ts';
import { type FaultPoints, faultPoint } from './fault-points.ts';
import { eventOfEnd, eventOfSettlement, recordEvent } from './history.ts';
import type { InvokeOnce } from './invocation.ts';
import { invalidOutput, readInvocationAnswer } from './invocation-answer.ts';
import { isClosed } from './operation-update.ts';
import type { DurableTimers } from './timers.ts';

export type DurableEnd = {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly result?: string | undefined;
  readonly error?: ErrorObject | undefined;
};

/** Moves executions on. */
export type DurableRunner = {
  /** Invokes an execution that has something to do, until it suspends, crashes or ends. Resolves when it has. */
  readonly wake: (execution: DurableExecution) => Promise<void>;
  /** Notes what happened to an operation from outside; `wake` is the caller's. False where it had ended already. */
  readonly settle: (execution: DurableExecution, operationId: string, change: Partial<Operation>) => boolean;
  /** Ends the execution; later ends are ignored. */
  readonly end: (execution: DurableExecution, end: DurableEnd) => void;
};

export type DurableRunnerOptions = {
  readonly clock: Clock;
  readonly timers: DurableTimers;
  readonly faults: FaultPoints;
  readonly announcements: Announcements;
  readonly invokeOnce: InvokeOnce;
  readonly crashDelayMs: (crashCount: number) => number;
  readonly onCrash: (execution: DurableExecution, answer: ExecutionAnswer) => void;
  /** After its end, so that its name is free again one day. */
  readonly onEnd: (execution: DurableExecution) => void;
  readonly activity: Activity;
  readonly isStopped: () => boolean;
};

/** A throttled invocation of an execution comes back after this long; AWS's own pause is not documented. */
const throttleDelayMs = 1000;

export function createDurableRunner(options: DurableRunnerOptions): DurableRunner {
  const { clock, timers, faults, announcements, invokeOnce, activity } = options;

  const end = (execution: DurableExecution, { status, result, error }: DurableEnd): void => {
    if (execution.status !== 'RUNNING') return;
    Object.assign(execution, { status, result, error, endedAtMs: clock.nowMs(), token: undefined });
    timers.cancelAll(execution.arn);
    // API reference, StopDurableExecution: operations in progress are terminated.
    if (status === 'STOPPED' || status === 'TIMED_OUT') execution.kill?.();
    recordEvent(execution, clock.nowMs(), eventOfEnd(execution));
    options.onEnd(execution);
    activity.inBackground(announcements.ended(execution).finally(execution.ended.resolve));
  };

  const settle: DurableRunner['settle'] = (execution, operationId, change) => {
    const operation = execution.operations.get(operationId);
    if (execution.status !== 'RUNNING' || operation === undefined || isClosed(operation)) return false;
    const settled = { ...operation, ...change };
    const after = isClosed(settled) ? { ...settled, EndTimestamp: new Date(clock.nowMs()) } : settled;
    execution.operations.put(after);
    for (const key of [operationId, `${operationId}:heartbeat`]) timers.cancel(execution.arn, key);
    const event = eventOfSettlement(after);
    if (event !== undefined) recordEvent(execution, clock.nowMs(), event);
    return true;
  };

  const retryAfterCrash = (execution: DurableExecution, answer: ExecutionAnswer): 'again' | 'suspended' => {
    execution.usage.operationCount += 1; // "Invocation-level Retry" of the metering tables
    const delayMs = options.crashDelayMs(execution.crashCount);
    execution.crashCount += 1;
    options.onCrash(execution, answer);
    if (delayMs === 0) return 'again';
    timers.set(execution.arn, 'invocation', clock.nowMs() + delayMs, nothing);
    return 'suspended';
  };

  /** What an ended process means for its execution; runs in one go, so that no settlement falls in between. */
  const judge = (execution: DurableExecution, answer: ExecutionAnswer | undefined): 'again' | 'suspended' => {
    if (execution.status !== 'RUNNING' || options.isStopped()) return 'suspended';
    if (answer === undefined) {
      timers.set(execution.arn, 'invocation', clock.nowMs() + throttleDelayMs, nothing);
      return 'suspended';
    }
    const isLost = faults.choose(faultPoint(execution, 'returned')) !== undefined;
    if (isLost || answer.functionError !== undefined) return retryAfterCrash(execution, answer);
    const verdict = readInvocationAnswer(answer.payload);
    if (verdict.kind === 'succeeded') end(execution, { status: 'SUCCEEDED', result: verdict.result });
    else if (verdict.kind === 'failed') end(execution, { status: 'FAILED', error: verdict.error });
    // Something settled while the process was suspending, so it never heard of it.
    else if (execution.operations.revision() > execution.deliveredRevision) return 'again';
    else if (!execution.operations.all().some(isAwaited))
      end(execution, {
        status: 'FAILED',
        error: invalidOutput('Cannot return PENDING status with no pending operations.'),
      });
    return 'suspended';
  };

  const run = async (execution: DurableExecution): Promise<void> => {
    execution.isActive = true;
    try {
      let next: 'again' | 'suspended' = 'again';
      while (next === 'again') next = judge(execution, await invokeOnce(execution));
    } finally {
      execution.isActive = false;
    }
  };
  const wake = async (execution: DurableExecution): Promise<void> => {
    if (execution.status !== 'RUNNING' || execution.isActive || options.isStopped()) return;
    timers.cancel(execution.arn, 'invocation');
    await activity.track(run(execution));
  };

  return { wake, settle, end };
}

/** A timer that only wakes. */
const nothing = (): void => {};

/** Something from outside will end it. */
const isAwaited = (operation: Operation): boolean =>
  operation.Type !== 'EXECUTION' &&
  operation.Type !== 'CONTEXT' &&
  !isClosed(operation) &&
  operation.Status !== 'READY';
