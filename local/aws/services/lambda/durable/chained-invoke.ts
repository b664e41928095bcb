import { randomUUID } from 'node:crypto';
import type { ErrorObject, Operation, OperationUpdate } from '@aws-sdk/client-lambda';
import { AwsError } from '../../../service.ts';
import type { AwsWorld } from '../../../world.ts';
import type { Execution, ExecutionAnswer } from '../executor.ts';
import { type FunctionRegistry, parseReference } from '../function-registry.ts';
import type { DurableExecution } from './execution.ts';
import { invalid } from './limits.ts';
import type { DurableStarter } from './starter.ts';

/**
 * Runs the function that an execution asked for, with the permission of its role, and says how it ended. Never rejects:
 * what Lambda refuses is the operation's failure.
 */
export function createChainedInvoke(options: {
  readonly world: AwsWorld;
  readonly registry: FunctionRegistry;
  readonly execute: (execution: Execution) => Promise<ExecutionAnswer>;
  readonly starter: DurableStarter;
}): (execution: DurableExecution, update: OperationUpdate) => Promise<Partial<Operation>> {
  const { world, registry, execute, starter } = options;
  return async (execution, update) => {
    const reference = update.ChainedInvokeOptions?.FunctionName ?? '';
    const payload = update.Payload ?? '{}';
    try {
      authorize(world, execution, reference);
      const target = registry.resolve(reference);
      const invokedBy = execution.arn;
      const requestId = randomUUID();
      if (target.configuration.durable !== undefined) {
        const chained = starter.start({
          target,
          payload,
          name: undefined,
          start: { kind: 'sync', requestId, invokedBy },
        });
        await chained.ended.promise;
        if (chained.status === 'RUNNING') throw invalid('The chained execution did not end.');
        return { Status: chained.status, ChainedInvokeDetails: { Result: chained.result, Error: chained.error } };
      }
      const answer = await execute({ target, payload, requestId, kind: 'sync', attempt: 1, invokedBy });
      if (answer.functionError === undefined)
        return { Status: 'SUCCEEDED', ChainedInvokeDetails: { Result: answer.payload } };
      const { errorType, errorMessage } = Object(JSON.parse(answer.payload));
      return failed({ ErrorType: String(errorType), ErrorMessage: String(errorMessage) });
    } catch (error) {
      if (error instanceof AwsError) return failed({ ErrorType: error.code, ErrorMessage: error.message });
      throw error;
    }
  };
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
