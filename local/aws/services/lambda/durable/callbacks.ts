import { randomUUID } from 'node:crypto';
import type { CallbackDetails, CallbackOptions, Operation } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Clock } from '../../../../clock.ts';
import { AwsError } from '../../../service.ts';
import type { DurableExecution } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import { invalid } from './limits.ts';
import { isClosed } from './operation-update.ts';
import type { DurableRunner } from './runner.ts';
import type { DurableTimers } from './timers.ts';

const callbackId = z.object({ executionArn: z.string(), operationId: z.string() });

/** The callbacks that executions wait for. */
export type Callbacks = {
  readonly newId: (execution: DurableExecution, operationId: string) => string;
  /** Whose callback an id is: what a permission is asked for. @throws AwsError for what never was an id */
  readonly executionArnOf: (id: string) => string;
  /** Starts the clock of a callback's time-outs. */
  readonly await: (execution: DurableExecution, operation: Operation, options: CallbackOptions | undefined) => void;
  /** @throws AwsError ResourceNotFoundException for an unknown id, CallbackTimeoutException for one that is closed */
  readonly finish: (
    id: string,
    end: { readonly status: 'SUCCEEDED' | 'FAILED'; readonly details: CallbackDetails },
  ) => DurableExecution;
  /** Starts the heartbeat's time-out anew. @throws AwsError as `finish` */
  readonly heartbeat: (id: string) => void;
};

export function createCallbacks(options: {
  readonly clock: Clock;
  readonly timers: DurableTimers;
  readonly executions: ExecutionStore;
  readonly runner: DurableRunner;
}): Callbacks {
  const { clock, timers, executions, runner } = options;
  const heartbeatSecondsById = new Map<string, number>();

  const read = (id: string) => {
    try {
      return callbackId.parse(JSON.parse(Buffer.from(id, 'base64').toString()));
    } catch {
      throw invalid('Invalid callback id.');
    }
  };
  const find = (id: string) => {
    const { executionArn, operationId } = read(id);
    const execution = executions.get(executionArn);
    const operation = execution.operations.get(operationId);
    if (operation?.CallbackDetails?.CallbackId !== id)
      throw new AwsError('ResourceNotFoundException', 404, 'Callback not found.', { Type: 'User' });
    if (execution.status !== 'RUNNING' || isClosed(operation))
      throw new AwsError('CallbackTimeoutException', 400, 'The callback has timed out or is already closed.', {
        Type: 'User',
      });
    return { execution, operationId, details: operation.CallbackDetails };
  };
  const expire = (execution: DurableExecution, operationId: string, message: string): void => {
    const details = execution.operations.get(operationId)?.CallbackDetails;
    const error = { ErrorType: 'Callback.Timeout', ErrorMessage: message };
    runner.settle(execution, operationId, { Status: 'TIMED_OUT', CallbackDetails: { ...details, Error: error } });
  };
  const awaitHeartbeat = (execution: DurableExecution, operationId: string, seconds: number): void =>
    timers.set(execution.arn, `${operationId}:heartbeat`, clock.nowMs() + seconds * 1000, () =>
      expire(execution, operationId, 'Callback timed out on heartbeat'),
    );

  return {
    newId: ({ arn }, operationId) =>
      Buffer.from(JSON.stringify({ executionArn: arn, operationId, id: randomUUID() })).toString('base64'),
    executionArnOf: (id) => read(id).executionArn,
    await(execution, { Id: operationId = '', CallbackDetails: details }, callbackOptions) {
      const { TimeoutSeconds: seconds = 0, HeartbeatTimeoutSeconds: heartbeatSeconds = 0 } = callbackOptions ?? {};
      if (seconds > 0)
        timers.set(execution.arn, operationId, clock.nowMs() + seconds * 1000, () =>
          expire(execution, operationId, 'Callback timed out'),
        );
      if (heartbeatSeconds === 0) return;
      heartbeatSecondsById.set(details?.CallbackId ?? '', heartbeatSeconds);
      awaitHeartbeat(execution, operationId, heartbeatSeconds);
    },
    finish(id, { status, details: added }) {
      const { execution, operationId, details } = find(id);
      runner.settle(execution, operationId, { Status: status, CallbackDetails: { ...details, ...added } });
      return execution;
    },
    heartbeat(id) {
      const { execution, operationId } = find(id);
      const seconds = heartbeatSecondsById.get(id);
      if (seconds !== undefined) awaitHeartbeat(execution, operationId, seconds);
    },
  };
}
