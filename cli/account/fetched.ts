import { DependencyError, type DependencyFailure } from '../../shared/core/errors.ts';

/** What a call answered, or why it did not: whoever looks over an account goes on with the next question. */
export type Fetched<Value> =
  | { readonly kind: 'known'; readonly value: Value }
  | {
      readonly kind: 'unknown';
      readonly call: string;
      readonly failure: DependencyFailure;
      readonly message: string;
      /** The error's name at AWS: `ResourceNotFoundException`. */
      readonly awsName: string | undefined;
    };

/** A known value. */
const known = <Value>(value: Value): Fetched<Value> => ({ kind: 'known', value });

const awsNameOf = ({ cause }: DependencyError): string | undefined => (cause instanceof Error ? cause.name : undefined);

/** Runs one question. What is no DependencyError is a mistake of ours and is thrown on. */
export const attempt = async <Value>(ask: () => Promise<Value>): Promise<Fetched<Value>> => {
  try {
    return known(await ask());
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    const { call, failure, message } = error;
    return { kind: 'unknown', call, failure, message, awsName: awsNameOf(error) };
  }
};

/** The same, with `undefined` for what is not there. */
export const attemptToFind = async <Value>(ask: () => Promise<Value>): Promise<Fetched<Value | undefined>> => {
  const fetched = await attempt(ask);
  return fetched.kind === 'unknown' && fetched.failure === 'not-found' ? known(undefined) : fetched;
};
