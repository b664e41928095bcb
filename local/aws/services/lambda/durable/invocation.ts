import { randomBytes, randomUUID } from 'node:crypto';
import type { ErrorObject } from '@aws-sdk/client-lambda';
import type { Clock } from '../../../../clock.ts';
import type { Disturbance } from '../../../lambda-runtime/messages.ts';
import { releasePlace, takePlace } from '../concurrency.ts';
import type { Execution, ExecutionAnswer } from '../executor.ts';
import { createEnvelope } from './envelope.ts';
import type { DurableExecution } from './execution.ts';
import { type FaultPoints, faultPoint } from './fault-points.ts';
import { recordEvent } from './history.ts';

/** Runs one process of an execution. Undefined where the function has no place for it. */
export type InvokeOnce = (execution: DurableExecution) => Promise<ExecutionAnswer | undefined>;

/** A token that makes all earlier ones stale; what changed up to now is delivered with it. */
export function nextToken(execution: DurableExecution): string {
  execution.deliveredRevision = execution.operations.revision();
  execution.token = randomBytes(48).toString('base64');
  return execution.token;
}

/** Invokes durable functions with an execution's state, through the executor that runs every function. */
export function createInvocation(options: {
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly execute: (execution: Execution) => Promise<ExecutionAnswer>;
  readonly pageSize: () => number;
  readonly disturb: (execution: DurableExecution) => Disturbance | undefined;
  readonly onThrottle: (functionName: string) => void;
  /** A fault or a person is about to kill the execution's process. */
  readonly onKill: (execution: DurableExecution) => void;
}): InvokeOnce {
  const { clock, faults, execute } = options;

  const recordCompletion = (
    execution: DurableExecution,
    startedMs: number,
    requestId: string,
    answer: ExecutionAnswer,
  ) =>
    recordEvent(execution, clock.nowMs(), {
      EventType: 'InvocationCompleted',
      InvocationCompletedDetails: {
        StartTimestamp: new Date(startedMs),
        EndTimestamp: new Date(clock.nowMs()),
        RequestId: requestId,
        ...(answer.functionError === undefined ? {} : { Error: { Payload: errorObjectOf(answer) } }),
      },
    });

  const run = async (execution: DurableExecution): Promise<ExecutionAnswer> => {
    const { target, usage, operations, start } = execution;
    const updated = usage.invocationCount === 0 ? undefined : operations.changedSince(execution.deliveredRevision);
    usage.invocationCount += 1;
    const token = nextToken(execution);
    const requestId = randomUUID();
    const startedMs = clock.nowMs();
    const answer = await execute({
      target,
      payload: JSON.stringify(createEnvelope(execution, { token, updated, pageSize: options.pageSize() })),
      requestId,
      kind: 'durable',
      attempt: usage.invocationCount,
      invokedBy: start.invokedBy,
      disturbance: options.disturb(execution),
      onStart: (killProcess) => {
        const kill = () => {
          options.onKill(execution);
          killProcess();
        };
        execution.kill = kill;
        // It may have been stopped while its process was being made.
        if (faults.choose(faultPoint(execution, 'invoked')) === 'kill' || execution.status !== 'RUNNING') kill();
      },
    });
    recordCompletion(execution, startedMs, requestId, answer);
    return answer;
  };

  return async (execution) => {
    const { lambdaFunction, configuration } = execution.target;
    if (!takePlace(lambdaFunction)) {
      options.onThrottle(configuration.name);
      return undefined;
    }
    try {
      return await run(execution);
    } finally {
      execution.kill = undefined;
      execution.token = undefined;
      releasePlace(lambdaFunction);
    }
  };
}

/** A function's error as durable executions keep it. */
export function errorObjectOf({ payload }: ExecutionAnswer): ErrorObject {
  const { errorType, errorMessage } = Object(JSON.parse(payload));
  return { ErrorType: String(errorType), ErrorMessage: String(errorMessage) };
}
