import type { OperationUpdate } from '@aws-sdk/client-lambda';
import type { DurableExecution } from './execution.ts';

/**
 * Where a test or a drill may break an execution: `invoked` as its process starts, `checkpoint` before updates are
 * applied, `checkpointed` when they are applied and the answer isn't out, `returned` when the process has answered and
 * Lambda doesn't know yet.
 */
export type FaultPoint = {
  readonly point: 'invoked' | 'checkpoint' | 'checkpointed' | 'returned';
  readonly executionArn: string;
  readonly executionName: string;
  /** 1 for the first invocation. */
  readonly invocationNumber: number;
  /** Of the checkpoint at hand, or of the last one; 1 for the first. */
  readonly checkpointNumber: number;
  readonly updates: readonly OperationUpdate[];
};

/** `kill` is SIGKILL; `lose` only loses the answer, so that the client repeats its request (at `returned`: Lambda does). */
export type FaultChoice = 'kill' | 'lose' | undefined;

/** The one who chooses, asked at each point of each execution. */
export type FaultPoints = {
  /** The returned function takes the chooser away again. */
  readonly inject: (choose: (point: FaultPoint) => FaultChoice) => () => void;
  readonly choose: (point: FaultPoint) => FaultChoice;
};

/** @param updates of the checkpoint at hand */
export const faultPoint = (
  execution: DurableExecution,
  point: FaultPoint['point'],
  updates: readonly OperationUpdate[] = [],
): FaultPoint => ({
  point,
  executionArn: execution.arn,
  executionName: execution.name,
  invocationNumber: execution.usage.invocationCount,
  checkpointNumber: execution.usage.checkpointCount + (point === 'checkpoint' ? 1 : 0),
  updates,
});

export function createFaultPoints(): FaultPoints {
  const choosers = new Set<(point: FaultPoint) => FaultChoice>();
  return {
    inject(choose) {
      choosers.add(choose);
      return () => void choosers.delete(choose);
    },
    choose(point) {
      const choices = [...choosers].map((choose) => choose(point));
      return choices.find((choice) => choice === 'kill') ?? choices.find((choice) => choice !== undefined);
    },
  };
}
