import { DependencyError, type DependencyFailure } from '../../../shared/core/errors.ts';

/** What becomes of one question to the world. `sent-twice` is the SDK's own retry after a lost answer. */
export type Fate = 'answered' | 'fails' | 'answer-lost' | 'late' | 'sent-twice' | 'dies-before' | 'dies-after';

/** How a run ends that is killed: no DependencyError, so nothing may catch it. */
export class Killed extends Error {}

/** One run, which waits at the turnstile with every question. */
export type Runner = { readonly name: string; isDead: boolean };

type Question = {
  readonly runner: Runner;
  readonly sentAtMs: number;
  readonly canBeSentTwice: boolean;
  /** Instead of the turn's. */
  readonly fate: Fate | undefined;
  readonly perform: (attempt: number) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

/** Nothing that was sent arrives later than this: Lambda's longest run. */
const longestInFlightMs = 15 * 60_000;

/**
 * Holds every question that runs ask the world until somebody lets one through, in any order and with any fate: so a
 * history of concurrent runs is a list of turns, and the same list is the same history.
 */
export const createTurnstile = (nowMs: () => number) => {
  let waiting: Question[] = [];
  let late: Question[] = [];

  return {
    ask: <Value>(
      runner: Runner,
      perform: (attempt: number) => Value,
      { canBeSentTwice = true, fate }: { readonly canBeSentTwice?: boolean; readonly fate?: Fate | undefined } = {},
    ): Promise<Value> =>
      new Promise((resolve, reject) => {
        if (runner.isDead) return reject(new Killed(runner.name));
        // Questions of every type wait in one list; each is resolved with what its own `perform` gave.
        const settle = resolve as (value: unknown) => void;
        waiting.push({ runner, sentAtMs: nowMs(), canBeSentTwice, fate, perform, resolve: settle, reject });
      }),
    waitingCount: () => waiting.length,
    /** Lets one question through. */
    settle: (index: number, fate: Fate, failure: DependencyFailure) => {
      const one = waiting[index % Math.max(waiting.length, 1)];
      if (one === undefined) return;
      waiting = waiting.filter((other) => other !== one);
      const own = one.fate ?? fate;
      if (own === 'late') late.push(one);
      settleOne(one, own, failure, nowMs());
    },
    /** What came late arrives now, or never. */
    landLate: () => {
      const landing = late;
      late = [];
      for (const { sentAtMs, perform } of landing) if (nowMs() - sentAtMs <= longestInFlightMs) quietly(perform);
    },
  };
};

/** Nobody waits for the answer any more. */
const quietly = (perform: Question['perform']): void => {
  try {
    perform(1);
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
  }
};

function settleOne(one: Question, fate: Fate, failure: DependencyFailure, nowMs: number): void {
  const { runner, perform, resolve, reject } = one;
  const lost = new DependencyError('any:Call', failure, `${failure}: no answer`);
  const isTooLate = nowMs - one.sentAtMs > longestInFlightMs;
  if (fate === 'dies-before' || fate === 'dies-after') runner.isDead = true;
  const hasArrived = fate !== 'dies-before' && fate !== 'fails' && fate !== 'late' && !isTooLate;
  let answer: { readonly value: unknown } | { readonly error: unknown } = { error: lost };
  if (hasArrived) {
    const attempts = fate === 'sent-twice' && one.canBeSentTwice ? 2 : 1;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        answer = { value: perform(attempt) };
      } catch (error) {
        answer = { error };
      }
    }
  }
  if (runner.isDead) reject(new Killed(runner.name));
  else if (fate === 'answer-lost') reject(lost);
  else if ('error' in answer) reject(answer.error);
  else resolve(answer.value);
}
