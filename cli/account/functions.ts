import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { callAws } from '../../shared/aws/call.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/** A function as Lambda has it. */
export type DeployedFunction = {
  /** Pending, Active, Inactive or Failed. */
  readonly state: string;
  readonly lastUpdateStatus: string;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Set when a function is made, and never after. */
  readonly isDurable: boolean;
};

/**
 * @param name a function's, or `name:alias`
 * @throws DependencyError naming `lambda:GetFunctionConfiguration`; `not-found` where there is none
 */
export const fetchFunction = async (
  client: LambdaClient,
  calls: CallScope,
  name: string,
): Promise<DeployedFunction> => {
  const command = new GetFunctionConfigurationCommand({ FunctionName: name });
  const answer = await callAws(calls, 'lambda:GetFunctionConfiguration', (options) => client.send(command, options));
  return {
    state: answer.State ?? 'unknown',
    lastUpdateStatus: answer.LastUpdateStatus ?? 'unknown',
    roleArn: answer.Role ?? '',
    environment: answer.Environment?.Variables ?? {},
    isDurable: answer.DurableConfig !== undefined,
  };
};

/**
 * Asks for the durable executions of a function, which need not exist: Lambda knows the operation wherever it offers
 * durable functions, and answers then with a list or with its own `ResourceNotFoundException`.
 *
 * @throws DependencyError naming `lambda:ListDurableExecutionsByFunction`
 */
export const probeDurableFunctions = async (client: LambdaClient, calls: CallScope, name: string): Promise<void> => {
  const command = new ListDurableExecutionsByFunctionCommand({ FunctionName: name, MaxItems: 1 });
  await callAws(calls, 'lambda:ListDurableExecutionsByFunction', (options) => client.send(command, options));
};
