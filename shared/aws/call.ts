import type { CallScope } from '../run/call-scope.ts';
import { attemptsOf, toDependencyError } from './errors.ts';

type SentOptions = { readonly abortSignal: AbortSignal };
type Answer = { readonly $metadata: { readonly attempts?: number | undefined } };

/**
 * One call to AWS under its name: ends with the run's signal, is counted with its retries, and fails as a
 * DependencyError that carries the SDK's error.
 *
 * @param call service and operation, `kafka:DescribeClusterV2`
 * @param send `(options) => client.send(new Command(input), options)`
 */
export const callAws = <Output extends Answer>(
  calls: CallScope,
  call: string,
  send: (options: SentOptions) => Promise<Output>,
): Promise<Output> =>
  calls.track(call, async () => {
    try {
      const answer = await send({ abortSignal: calls.signal });
      calls.countRequests(call, answer.$metadata.attempts ?? 1);
      return answer;
    } catch (error) {
      calls.countRequests(call, attemptsOf(error));
      throw toDependencyError(call, error);
    }
  });
