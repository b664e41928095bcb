import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { ifThere } from '../../shared/core/known.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/** Executions at once in one account and Region. */
export type Reservations = {
  /** What no function of the account has reserved. */
  readonly unreserved: number;
  /** What these functions have reserved already. */
  readonly ofThisStack: number;
};

const fetchReserved = async (client: LambdaClient, calls: CallScope, name: string): Promise<number> => {
  const command = new GetFunctionConcurrencyCommand({ FunctionName: name });
  const answer = await ifThere(() =>
    callAws(calls, 'lambda:GetFunctionConcurrency', (options) => client.send(command, options)),
  );
  return answer?.ReservedConcurrentExecutions ?? 0;
};

/**
 * What is left to be reserved, and what functions of these names have; one that is not there yet has nothing.
 *
 * @throws DependencyError naming `lambda:GetAccountSettings` or `lambda:GetFunctionConcurrency`
 */
export const fetchReservations = async (
  client: LambdaClient,
  calls: CallScope,
  names: readonly string[],
): Promise<Reservations> => {
  const call = 'lambda:GetAccountSettings';
  const answer = await callAws(calls, call, (options) => client.send(new GetAccountSettingsCommand({}), options));
  const unreserved = answer.AccountLimit?.UnreservedConcurrentExecutions;
  if (unreserved === undefined)
    throw new DependencyError(call, 'bad-answer', 'bad answer: expected UnreservedConcurrentExecutions of the account');
  const reserved = await Promise.all(names.map((name) => fetchReserved(client, calls, name)));
  return { unreserved, ofThisStack: reserved.reduce((sum, one) => sum + one, 0) };
};
