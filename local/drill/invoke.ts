import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError } from '../../infra/command-line.ts';

/** What a function gave back and, where it failed, the name of the failure. */
type Outcome = { readonly answer: string; readonly failure: string | undefined };

/** Invokes a function and waits for its answer. */
export const invoke = async (lambda: LambdaClient, functionName: string, event: string): Promise<Outcome> => {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: event }),
  );
  return { answer: new TextDecoder().decode(Payload), failure: FunctionError };
};

/**
 * Invokes a function of a world that was kept, by the address and credentials that `--keep` printed.
 *
 * @throws UsageError unless AWS_ENDPOINT_URL leads to this machine: a drill never reaches a real account
 */
export const invokeFunction = async (
  functionName: string,
  event: string,
  environment: NodeJS.ProcessEnv,
): Promise<Outcome> => {
  const endpoint = environment.AWS_ENDPOINT_URL;
  if (endpoint === undefined || !URL.canParse(endpoint) || !isLoopback(new URL(endpoint).hostname))
    throw new UsageError('--invoke reaches a kept world: export the AWS_… variables that --keep has printed first');
  return invoke(new LambdaClient({ endpoint }), functionName, event);
};

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.');
