import type {
  CheckpointDurableExecutionCommandInput,
  CheckpointDurableExecutionCommandOutput,
  Operation,
  OperationUpdate,
} from '@aws-sdk/client-lambda';
import type { Clock } from '../../../../clock.ts';
import { ConnectionLost } from '../../../service.ts';
import type { Announcements } from './announcements.ts';
import type { Callbacks } from './callbacks.ts';
import type { ChainedInvoke } from './chained-invoke.ts';
import type { DurableExecution } from './execution.ts';
import { type FaultPoint, type FaultPoints, faultPoint } from './fault-points.ts';
import { eventOfUpdate, recordEvent } from './history.ts';
import { nextToken } from './invocation.ts';
import { invalid, meteredOperations, refuseBeyondQuota, refuseLargePayload, storedBytes } from './limits.ts';
import { applyUpdate, isClosed } from './operation-update.ts';
import type { DurableRunner } from './runner.ts';
import type { DurableTimers } from './timers.ts';

type Input = CheckpointDurableExecutionCommandInput;
type Output = Omit<CheckpointDurableExecutionCommandOutput, '$metadata'>;

/** @throws AwsError in the words by which the SDK knows a stale process and lets it go */
export function refuseStaleToken(execution: DurableExecution, token: string | undefined): void {
  if (execution.status !== 'RUNNING' || token === undefined || token !== execution.token)
    throw invalid('Invalid Checkpoint Token: the token is stale or the execution is closed.');
}

/** Saves a function's progress: all updates of a request or none. */
export function createCheckpoint(options: {
  readonly clock: Clock;
  readonly timers: DurableTimers;
  readonly faults: FaultPoints;
  readonly runner: DurableRunner;
  readonly callbacks: Callbacks;
  readonly announcements: Announcements;
  readonly chain: ChainedInvoke;
}): (execution: DurableExecution, input: Input) => Output {
  const { clock, timers, faults, runner, callbacks, announcements, chain } = options;

  const settleAndWake = async (execution: DurableExecution, id: string, change: Partial<Operation>): Promise<void> => {
    if (runner.settle(execution, id, change)) await runner.wake(execution);
  };

  /** What an accepted update sets going. */
  const arm = (execution: DurableExecution, update: OperationUpdate, operation: Operation): void => {
    const { Id: id = '', StepDetails: step, WaitDetails: wait } = operation;
    if (isClosed(operation)) timers.cancel(execution.arn, id);
    else if (operation.Status === 'PENDING' && step?.NextAttemptTimestamp !== undefined) {
      const ready = { Status: 'READY', StepDetails: { ...step, NextAttemptTimestamp: undefined } } as const;
      timers.set(execution.arn, id, step.NextAttemptTimestamp.getTime(), () => runner.settle(execution, id, ready));
    } else if (wait?.ScheduledEndTimestamp !== undefined) {
      const over = { Status: 'SUCCEEDED' } as const;
      timers.set(execution.arn, id, wait.ScheduledEndTimestamp.getTime(), () => runner.settle(execution, id, over));
    } else if (operation.Type === 'CALLBACK') callbacks.await(execution, operation, update.CallbackOptions);
    else if (operation.Type === 'CHAINED_INVOKE')
      chain(execution, update, (change) => settleAndWake(execution, id, change));
  };

  /** @throws AwsError before anything is changed */
  const draftOf = (execution: DurableExecution, updates: readonly OperationUpdate[]) => {
    const { operations, usage } = execution;
    const draft = new Map<string, Operation>();
    const changes: { readonly update: OperationUpdate; readonly after: Operation }[] = [];
    let { operationCount, storageBytes } = usage;
    updates.forEach((update, index) => {
      refuseLargePayload(update);
      const id = update.Id ?? '';
      const known = draft.get(id) ?? operations.get(id);
      operationCount += meteredOperations(update, known === undefined);
      storageBytes += storedBytes(update.Payload, update.Error);
      if (update.Type === 'EXECUTION') {
        if (index !== updates.length - 1) throw invalid('EXECUTION checkpoint must be the last update.');
        return;
      }
      const after = applyUpdate(update, (of) => draft.get(of) ?? operations.get(of), {
        nowMs: clock.nowMs(),
        newCallbackId: (operationId) => callbacks.newId(execution, operationId),
      });
      draft.set(id, after);
      changes.push({ update, after });
    });
    refuseBeyondQuota({ operationCount, storageBytes });
    return { draft, changes, operationCount, storageBytes };
  };

  const pass = (execution: DurableExecution, name: FaultPoint['point'], updates: readonly OperationUpdate[]): void => {
    const choice = faults.choose(faultPoint(execution, name, updates));
    if (choice === 'kill') execution.kill?.();
    if (choice !== undefined) throw new ConnectionLost();
  };

  return (execution, { CheckpointToken: token, ClientToken: clientToken, Updates: updates = [] }) => {
    const { lastAnswer } = execution;
    // A client that lost the answer repeats its request, with the same two tokens.
    if (clientToken !== undefined && lastAnswer?.clientToken === clientToken && lastAnswer.checkpointToken === token)
      return lastAnswer.response;
    refuseStaleToken(execution, token);
    const known = execution.deliveredRevision;
    if (updates.length > 0) pass(execution, 'checkpoint', updates);
    const { draft, changes, operationCount, storageBytes } = draftOf(execution, updates);
    for (const operation of draft.values()) execution.operations.put(operation);
    for (const { update, after } of changes) {
      const event = eventOfUpdate(update, after);
      if (event !== undefined) recordEvent(execution, clock.nowMs(), event);
      if (draft.get(after.Id ?? '') === after) arm(execution, update, after);
    }
    if (updates.length > 0) {
      Object.assign(execution.usage, {
        operationCount,
        storageBytes,
        checkpointCount: execution.usage.checkpointCount + 1,
      });
      execution.crashCount = 0;
      announcements.used(execution);
    }
    const response = {
      NewExecutionState: { Operations: [...execution.operations.changedSince(known)] },
      CheckpointToken: nextToken(execution),
    };
    execution.lastAnswer = { clientToken, checkpointToken: token, response };
    const last = updates.at(-1);
    if (last?.Type === 'EXECUTION') {
      const isSuccess = last.Action === 'SUCCEED';
      runner.end(
        execution,
        isSuccess ? { status: 'SUCCEEDED', result: last.Payload } : { status: 'FAILED', error: last.Error },
      );
    }
    if (updates.length > 0) pass(execution, 'checkpointed', updates);
    return response;
  };
}
