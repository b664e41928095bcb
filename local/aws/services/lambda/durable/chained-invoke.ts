import { randomUUID } from 'node:crypto';
import type { ErrorObject, Operation, OperationUpdate } from '@aws-sdk/client-lambda';
import { AwsError } from '../../../service.ts';
import type { AwsWorld } from '../../../world.ts';
import type { Execution, ExecutionAnswer } from '../executor.ts';
import { type FunctionRegistry, parseReference } from '../function-registry.ts';
import type { Activity } from './activity.ts';
import type { DurableExecution } from './execution.ts';
import { errorObjectOf } from './invocation.ts';
import type { DurableStarter } from './starter.ts';

/** Starts what an execution asked for; `finish` is told how it ended, now or much later. */
export type ChainedInvoke = (
  execution: DurableExecution,
  update: OperationUpdate,
  finish: (change: Partial<Operation>) => Promise<void>,
) => void;

/**
 * Runs another function for an execution, with the permission of its role. What Lambda refuses is the operation's
 * failure. While a durable function waits, nothing is under way.
 */
export function createChainedInvoke(options: {
  readonly world: AwsWorld;
  readonly registry: FunctionRegistry;
  readonly execute: (execution: Execution) => Promise<ExecutionAnswer>;
  readonly starter: DurableStarter;
  readonly activity: Activity;
}): ChainedInvoke {
  const { world, registry, execute, starter, activity } = options;
  return (execution, update, finish) => {
    const reference = update.ChainedInvokeOptions?.FunctionName ?? '';
    const payload = update.Payload ?? '{}';
    const start = { kind: 'sync', requestId: randomUUID(), invokedBy: execution.arn } as const;
    try {
      authorize(world, execution, reference);
      const target = registry.resolve(reference);
      if (target.configuration.durable === undefined) {
        activity.inBackground(execute({ ...start, target, payload, attempt: 1 }).then((it) => finish(endOf(it))));
        return;
      }
      const chained = starter.start({ target, payload, name: undefined, start });
      void chained.ended.promise.then(() => activity.inBackground(finish(endOfDurable(chained))));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      activity.inBackground(finish(failed({ ErrorType: error.code, ErrorMessage: error.message })));
    }
  };
}

const endOf = (answer: ExecutionAnswer): Partial<Operation> =>
  answer.functionError === undefined
    ? { Status: 'SUCCEEDED', ChainedInvokeDetails: { Result: answer.payload } }
    : failed(errorObjectOf(answer));

function endOfDurable({ status, result, error }: DurableExecution): Partial<Operation> {
  if (status === 'RUNNING') throw new Error('a chained execution that ended is running');
  return { Status: status, ChainedInvokeDetails: { Result: result, Error: error } };
}

const failed = (error: ErrorObject): Partial<Operation> => ({
  Status: 'FAILED',
  ChainedInvokeDetails: { Error: error },
});

/** @throws AwsError AccessDeniedException where the execution's role may not invoke the function */
function authorize(world: AwsWorld, { target }: DurableExecution, reference: string): void {
  const { roleArn, name: sessionName } = target.configuration;
  const { name, qualifier } = parseReference(reference);
  const functionArn = `arn:aws:lambda:${world.region}:${world.accountId}:function:${name}`;
  const sessionArn = `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${sessionName}`;
  world.authorize(
    { kind: 'role', roleArn, sessionArn },
    {
      action: 'lambda:InvokeFunction',
      resource: qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`,
    },
  );
}
