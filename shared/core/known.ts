import { type AnswerFacts, DependencyError, type DependencyFailure } from './errors.ts';

/**
 * What a source said, or why nobody knows. Never a default in place of an answer. Plain data, so that a durable run's
 * history keeps it.
 */
export type Known<Value> = { readonly isKnown: true; readonly value: Value } | NotKnown;

/**
 * `why` is a sentence for people. `isAsked` tells a source that did not answer, with the call that failed and how, from one
 * that this run had no reason to ask.
 */
export type NotKnown = Unanswered | NotAsked;

export type Unanswered = {
  readonly isKnown: false;
  readonly isAsked: true;
  readonly call: string;
  readonly failure: DependencyFailure;
  readonly facts: AnswerFacts;
  readonly why: string;
};

type NotAsked = { readonly isKnown: false; readonly isAsked: false; readonly why: string };

/** What came of asking a source. */
export type Answered<Value> = { readonly isKnown: true; readonly value: Value } | Unanswered;

export const known = <Value>(value: Value): Answered<Value> => ({ isKnown: true, value });

/** Nothing was asked: `why` says for what reason. */
export const notKnown = (why: string): NotAsked => ({ isKnown: false, isAsked: false, why });

/**
 * One thing of which a source may say that it is not there.
 *
 * @returns undefined where it says so
 * @throws DependencyError for any other answer that did not come
 */
export async function ifThere<Value>(fetch: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await fetch();
  } catch (error) {
    if (error instanceof DependencyError && error.failure === 'not-found') return undefined;
    throw error;
  }
}

/** A failed call as a thing that is not known. */
export const unanswered = ({ call, failure, facts, message }: DependencyError): Unanswered => ({
  isKnown: false,
  isAsked: true,
  call,
  failure,
  facts,
  why: message,
});

/** The same call's error again, for whoever cannot go on without its answer. */
export const errorOf = ({ call, failure, facts, why }: Unanswered): DependencyError => {
  const prefix = `${call}: `;
  return new DependencyError(call, failure, why.startsWith(prefix) ? why.slice(prefix.length) : why, { facts });
};

/**
 * Asks a source. A dependency that fails is an answer that did not come; anything else is a mistake of ours and ends the
 * run.
 */
export async function ask<Value>(fetch: () => Promise<Value>): Promise<Answered<Value>> {
  try {
    return known(await fetch());
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return unanswered(error);
  }
}
