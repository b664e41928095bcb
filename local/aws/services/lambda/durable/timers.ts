import type { Clock, Timer } from '../../../../clock.ts';

/** What executions wait for, on the world's clock; an owner is an execution's ARN. */
export type DurableTimers = {
  /** Replaces the owner's timer of that key. */
  readonly set: (owner: string, key: string, atMs: number, run: () => Promise<void>) => void;
  readonly cancel: (owner: string, key: string) => void;
  readonly cancelAll: (owner: string) => void;
  /** The earliest of all, by the world's clock; undefined where nothing waits. */
  readonly nextAtMs: () => number | undefined;
};

export function createDurableTimers(clock: Clock): DurableTimers {
  const timers = new Map<string, Map<string, { readonly timer: Timer; readonly atMs: number }>>();
  const cancel = (owner: string, key: string): void => {
    timers.get(owner)?.get(key)?.timer.cancel();
    timers.get(owner)?.delete(key);
  };
  return {
    set(owner, key, atMs, run) {
      cancel(owner, key);
      const own = timers.get(owner) ?? new Map();
      timers.set(owner, own);
      const timer = clock.schedule(atMs, () => {
        own.delete(key);
        return run();
      });
      own.set(key, { timer, atMs });
    },
    cancel,
    cancelAll(owner) {
      for (const { timer } of timers.get(owner)?.values() ?? []) timer.cancel();
      timers.delete(owner);
    },
    nextAtMs() {
      const times = [...timers.values()].flatMap((own) => [...own.values()].map(({ atMs }) => atMs));
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
