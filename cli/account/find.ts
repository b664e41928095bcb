import { type Answered, ask, known } from '../../shared/core/known.ts';

/** Asks for one thing, with `undefined` where it is not there: whoever looks over an account goes on with the next question. */
export const askToFind = async <Value>(fetch: () => Promise<Value>): Promise<Answered<Value | undefined>> => {
  const answer = await ask(fetch);
  return !answer.isKnown && answer.failure === 'not-found' ? known(undefined) : answer;
};
