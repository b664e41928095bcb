import type { Clock, Timer } from '../../../../clock.ts';

/** What executions wait for, on the world's clock; an owner is an execution's ARN. */
export type DurableTimers = {
  /** Replaces the owner's timer of that key. `settle` notes that it is due. */
  readonly set: (owner: string, key: string, atMs: number, settle: () => void) => void;
  readonly cancel: (owner: string, key: string) => void;
  readonly cancelAll: (owner: string) => void;
  /** The earliest of all, by the world's clock; undefined where nothing waits. */
  readonly nextAtMs: () => number | undefined;
};

type DurableTimer = { readonly timer: Timer; readonly atMs: number; readonly settle: () => void };

/** @param onDue told once when all of an owner's timers that are due have settled, so that one invocation sees them all */
export function createDurableTimers(clock: Clock, onDue: (owner: string) => Promise<void>): DurableTimers {
  const timers = new Map<string, Map<string, DurableTimer>>();
  const cancel = (owner: string, key: string): void => {
    timers.get(owner)?.get(key)?.timer.cancel();
    timers.get(owner)?.delete(key);
  };
  const fire = async (owner: string): Promise<void> => {
    const due = [...(timers.get(owner) ?? [])].filter(([, { atMs }]) => atMs <= clock.nowMs());
    for (const [key] of due) cancel(owner, key);
    for (const [, { settle }] of due) settle();
    await onDue(owner);
  };
  return {
    set(owner, key, atMs, settle) {
      cancel(owner, key);
      const own = timers.get(owner) ?? new Map<string, DurableTimer>();
      timers.set(owner, own);
      own.set(key, { timer: clock.schedule(atMs, () => fire(owner)), atMs, settle });
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
