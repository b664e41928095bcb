/** The world's time. Nobody waits for it: it moves to the next moment for which somebody sleeps. */
export const createClock = (startMs: number) => {
  let nowMs = startMs;
  type Sleeper = { readonly atMs: number; readonly order: number; readonly wake: () => void };
  let sleepers: Sleeper[] = [];
  let order = 0;
  return {
    nowMs: () => nowMs,
    pass: (durationMs: number) => {
      nowMs += durationMs;
    },
    /** Until then, or until `wake` is called. */
    sleep: (atMs: number): { readonly over: Promise<void>; readonly wake: () => void } => {
      const { promise, resolve } = Promise.withResolvers<void>();
      order += 1;
      const sleeper: Sleeper = { atMs, order, wake: resolve };
      sleepers.push(sleeper);
      const wake = () => {
        sleepers = sleepers.filter((one) => one !== sleeper);
        resolve();
      };
      return { over: promise, wake };
    },
    /** Moves on to whoever wakes first. @returns false where nobody sleeps */
    moveOn: (): boolean => {
      const [first] = sleepers.toSorted((one, other) => one.atMs - other.atMs || one.order - other.order);
      if (first === undefined) return false;
      sleepers = sleepers.filter((one) => one !== first);
      nowMs = Math.max(nowMs, first.atMs);
      first.wake();
      return true;
    },
    /** Wakes everybody whose time has come meanwhile. */
    ring: () => {
      const due = sleepers.filter(({ atMs }) => atMs <= nowMs);
      sleepers = sleepers.filter(({ atMs }) => atMs > nowMs);
      for (const { wake } of due) wake();
    },
  };
};
export type Clock = ReturnType<typeof createClock>;
