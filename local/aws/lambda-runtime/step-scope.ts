import { AsyncLocalStorage } from 'node:async_hooks';

/** What the durable SDK (2.4.0) keeps for the code that it runs: an attempt inside of a step or a poll's look only. */
type OperationScope = { readonly contextId: string; readonly attempt: number | undefined };

/**
 * Watches the durable SDK's own scopes, so that the process knows whether code runs in a step, which is kept, or between
 * steps, which is replayed. The SDK sits inside the function's bundle and offers no other way to see it from outside.
 *
 * @returns the step that the running code belongs to; undefined between steps
 */
export function watchSteps(): () => string | undefined {
  const scopes = new AsyncLocalStorage<OperationScope>();
  const { run } = AsyncLocalStorage.prototype;
  const enter = (scope: OperationScope, work: () => unknown): unknown => run.call(scopes, scope, work);
  AsyncLocalStorage.prototype.run = function <Result>(
    this: AsyncLocalStorage<unknown>,
    store: unknown,
    callback: (...args: unknown[]) => Result,
    ...args: unknown[]
  ): Result {
    const inner = isOperationScope(store) ? () => enter(store, () => callback(...args)) : () => callback(...args);
    // The callback's own result comes through both.
    return run.call(this, store, inner) as Result;
  };
  return () => {
    const scope = scopes.getStore();
    return scope?.attempt === undefined ? undefined : scope.contextId;
  };
}

function isOperationScope(store: unknown): store is OperationScope {
  return typeof store === 'object' && store !== null && 'contextId' in store && 'durableExecutionMode' in store;
}
