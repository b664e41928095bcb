import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError } from '../../infra/command-line.ts';

/**
 * Invokes a function of a world that was kept, by the address and credentials that `--keep` printed.
 *
 * @returns its answer and, where it failed, the name of the failure
 * @throws UsageError unless AWS_ENDPOINT_URL leads to this machine: a drill never reaches a real account
 */
export const invokeFunction = async (
  functionName: string,
  event: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly answer: string; readonly failure: string | undefined }> => {
  const endpoint = environment.AWS_ENDPOINT_URL;
  if (endpoint === undefined || !URL.canParse(endpoint) || !isLoopback(new URL(endpoint).hostname))
    throw new UsageError('--invoke reaches a kept world: export the AWS_… variables that --keep has printed first');
  const lambda = new LambdaClient({ endpoint });
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: event }),
  );
  return { answer: new TextDecoder().decode(Payload), failure: FunctionError };
};

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.');
