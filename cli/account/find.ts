import { type Answered, ask, ifThere } from '../../shared/core/known.ts';

/** Asks for one thing, with `undefined` where it is not there: whoever looks over an account goes on with the next question. */
export const askToFind = <Value>(fetch: () => Promise<Value>): Promise<Answered<Value | undefined>> =>
  ask(() => ifThere(fetch));
