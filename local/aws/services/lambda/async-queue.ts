import type { AwsWorld } from '../../world.ts';
import { releasePlace, takePlace } from './concurrency.ts';
import { type AsyncEnd, deliverEnd } from './destinations.ts';
import type { Execution, ExecutionAnswer } from './executor.ts';
import { defaultAsyncSettings } from './function.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** An event that Lambda has accepted and owes an invocation. */
type AsyncEvent = {
  readonly reference: string;
  readonly qualifier: string | undefined;
  readonly payload: string;
  readonly requestId: string;
  readonly invokedBy: string;
  readonly clientContext?: string | undefined;
};

export type AsyncQueue = {
  /** Accepts an event; it runs at once, in its own time. */
  accept(event: AsyncEvent): void;
  /** Resolves when nothing runs and nothing is about to; retries that wait for the clock don't count. */
  idle(): Promise<void>;
  isIdle(): boolean;
};

/** Developer Guide, "Error handling for asynchronous invocation": a minute before the second try, two before the third. */
const retryDelaysMs = [60_000, 120_000];
/** Throttled events come back after 1 s, then twice as long each time up to 5 minutes; this costs no attempt. */
const firstThrottleDelayMs = 1000;
const longestThrottleDelayMs = 300_000;

export function createAsyncQueue(options: {
  readonly world: AwsWorld;
  readonly registry: FunctionRegistry;
  readonly execute: (execution: Execution) => Promise<ExecutionAnswer>;
  readonly publish: (functionName: string, metric: string, value: number) => void;
  /** The world has ended: what it killed is not tried again, in folders that are gone. */
  readonly isOver: () => boolean;
}): AsyncQueue {
  const { world, registry, execute, publish, isOver } = options;
  const { clock } = world;
  const running = new Set<Promise<void>>();

  const attempt = async (
    event: AsyncEvent,
    acceptedMs: number,
    count: number,
    throttleCount: number,
  ): Promise<void> => {
    if (isOver()) return;
    const target = registry.resolve(event.reference, event.qualifier);
    const { name } = target.configuration;
    const { asyncSettings, reservedConcurrency } = target.lambdaFunction;
    const settings = asyncSettings.get(target.qualifier) ?? defaultAsyncSettings;
    const expiresMs = acceptedMs + settings.maxEventAgeSeconds * 1000;
    const finish = async (
      condition: AsyncEnd['condition'],
      answer: ExecutionAnswer | undefined,
      invokeCount: number,
    ) => {
      const { requestId, payload } = event;
      if (condition !== 'Success') publish(name, 'AsyncEventsDropped', 1);
      const end: AsyncEnd = { condition, requestId, payload, invokeCount, answer };
      for (const failure of await deliverEnd(world, target, settings, end)) publish(name, failure.metric, 1);
    };
    const again = (delayMs: number, nextCount: number, nextThrottleCount: number) =>
      clock.schedule(clock.nowMs() + delayMs, () => track(attempt(event, acceptedMs, nextCount, nextThrottleCount)));

    if (clock.nowMs() > expiresMs) return finish('EventAgeExceeded', undefined, count - 1);
    // A function with no places at all is switched off: its events go where failures go, unprocessed.
    if (reservedConcurrency === 0) return finish('RetriesExhausted', undefined, 0);
    if (!takePlace(target.lambdaFunction)) {
      publish(name, 'Throttles', 1);
      again(Math.min(longestThrottleDelayMs, firstThrottleDelayMs * 2 ** throttleCount), count, throttleCount + 1);
      return;
    }
    publish(name, 'AsyncEventAge', clock.nowMs() - acceptedMs);
    let answer: ExecutionAnswer;
    try {
      answer = await execute({ ...event, target, kind: 'async', attempt: count });
    } catch (error) {
      if (isOver()) return;
      throw error;
    } finally {
      releasePlace(target.lambdaFunction);
    }
    if (isOver()) return;
    if (answer.functionError === undefined) return finish('Success', answer, count);
    const delayMs = retryDelaysMs[count - 1];
    if (count > settings.maxRetryAttempts || delayMs === undefined) return finish('RetriesExhausted', answer, count);
    if (clock.nowMs() + delayMs > expiresMs) return finish('EventAgeExceeded', answer, count);
    again(delayMs, count + 1, 0);
  };

  const track = (promise: Promise<void>): Promise<void> => {
    running.add(promise);
    return promise.finally(() => running.delete(promise));
  };

  return {
    accept(event) {
      const { configuration } = registry.resolve(event.reference, event.qualifier);
      publish(configuration.name, 'AsyncEventsReceived', 1);
      void track(attempt(event, clock.nowMs(), 1, 0));
    },
    isIdle: () => running.size === 0,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
