import { randomUUID } from 'node:crypto';
import type { ErrorObject, Event, Execution, ExecutionStatus, Operation } from '@aws-sdk/client-lambda';
import type { ResolvedFunction } from '../function-registry.ts';
import { storedBytes, type Usage } from './limits.ts';
import { createOperationStore, type OperationStore } from './operation-store.ts';

/** Who started an execution and whether anybody waits for it. */
export type ExecutionStart = {
  readonly kind: 'sync' | 'async';
  readonly requestId: string;
  /** An ARN; empty for the local world itself. */
  readonly invokedBy: string;
};

/** The answer to a checkpoint, kept for a client that repeats its request. */
type KeptAnswer = {
  readonly clientToken: string | undefined;
  readonly checkpointToken: string | undefined;
  readonly response: {
    readonly CheckpointToken: string;
    readonly NewExecutionState: { readonly Operations: Operation[] };
  };
};

/** One run of a durable function, which takes as many invocations as its waits and crashes need. */
export type DurableExecution = {
  readonly arn: string;
  readonly name: string;
  /** The version that it started on; it stays there. */
  readonly target: ResolvedFunction;
  readonly payload: string;
  readonly start: ExecutionStart;
  readonly startedAtMs: number;
  readonly operations: OperationStore;
  readonly usage: Usage;
  readonly history: Event[];
  status: ExecutionStatus;
  endedAtMs: number | undefined;
  result: string | undefined;
  error: ErrorObject | undefined;
  /** The only checkpoint token that is accepted; none while no process runs. */
  token: string | undefined;
  /** The operation store's revision that the function's process knows. */
  deliveredRevision: number;
  lastAnswer: KeptAnswer | undefined;
  /** Ends the process that runs now. */
  kill: (() => void) | undefined;
  isActive: boolean;
  /** Invocations in a row that died without a checkpoint. */
  crashCount: number;
  readonly ended: PromiseWithResolvers<void>;
};

/** A fresh execution with its EXECUTION operation, which always comes first. */
export function createExecution(options: {
  readonly target: ResolvedFunction;
  readonly name: string;
  readonly payload: string;
  readonly start: ExecutionStart;
  readonly nowMs: number;
}): DurableExecution {
  const { target, name, payload, start, nowMs } = options;
  const { arn, version } = target.configuration;
  const operations = createOperationStore();
  operations.put({
    Id: randomUUID(),
    Type: 'EXECUTION',
    Status: 'STARTED',
    StartTimestamp: new Date(nowMs),
    ExecutionDetails: { InputPayload: payload },
  });
  return {
    arn: `${arn}:${version}/durable-execution/${name}/${randomUUID()}`,
    name,
    target: { ...target, qualifier: version, referenceArn: `${arn}:${version}` },
    payload,
    start,
    startedAtMs: nowMs,
    operations,
    usage: { operationCount: 1, checkpointCount: 0, invocationCount: 0, storageBytes: storedBytes(payload, undefined) },
    history: [],
    status: 'RUNNING',
    endedAtMs: undefined,
    result: undefined,
    error: undefined,
    token: undefined,
    deliveredRevision: 0,
    lastAnswer: undefined,
    kill: undefined,
    isActive: false,
    crashCount: 0,
    ended: Promise.withResolvers<void>(),
  };
}

/** An execution as lists show it. */
export const summarise = (execution: DurableExecution): Execution => ({
  DurableExecutionArn: execution.arn,
  DurableExecutionName: execution.name,
  FunctionArn: execution.target.referenceArn,
  Status: execution.status,
  StartTimestamp: new Date(execution.startedAtMs),
  EndTimestamp: execution.endedAtMs === undefined ? undefined : new Date(execution.endedAtMs),
});
