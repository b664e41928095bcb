import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import type { Context } from 'aws-lambda';
import type { DurableHandler } from '../../../shared/durable/handler.ts';

export type LocalOptions = {
  /** Lambda's deadline for each invocation, in its order; the last one holds for all that follow. */
  readonly remainingMs?: readonly number[];
};

export type LocalRun = {
  readonly runner: LocalDurableTestRunner;
  /** How often the handler was invoked: once, and once more for every wait and every step begun anew. */
  readonly invocations: () => number;
};

/** A handler on the SDK's own local runner, with a deadline for every invocation. */
export function openLocalRun(handler: DurableHandler, { remainingMs = [60_000] }: LocalOptions = {}): LocalRun {
  let invocations = 0;
  const invoke = (envelope: unknown, context: Context): Promise<unknown> => {
    const budgetMs = remainingMs[Math.min(invocations, remainingMs.length - 1)] ?? 60_000;
    invocations += 1;
    const endsAtMs = Date.now() + budgetMs;
    return handler(envelope, { ...context, getRemainingTimeInMillis: () => endsAtMs - Date.now() });
  };
  // The runner's types ask for the SDK's own wrapper; ours is one, behind middy.
  const handlerFunction = invoke as ConstructorParameters<typeof LocalDurableTestRunner>[0]['handlerFunction'];
  return { runner: new LocalDurableTestRunner({ handlerFunction }), invocations: () => invocations };
}
