/**
 * The time of the local world. Everything that waits (schedules, retries, alarm periods) asks a Clock, so that a drill
 * runs in real time and a test lets ninety days pass in seconds.
 */
export type Clock = {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Runs `run` once, at or after `atMs`. A time that has passed means: at once, but never before this call returns. */
  schedule(atMs: number, run: () => void | Promise<void>): Timer;
  /** Milliseconds of it that pass in one of the machine's; absent: as many, or it stands still. */
  readonly rate?: number;
  /** Somebody works at the machine's speed until he calls what this gives: a clock that runs faster waits for him. */
  readonly atWork?: () => () => void;
};

export type Timer = { cancel(): void };

export type ManualClock = Clock & {
  /**
   * Moves time forward to `ms`, running each due timer in order of its time and awaiting it, also those that a timer
   * adds on the way. Rejects with the first timer's error; the time then stands where it failed.
   */
  advanceTo(ms: number): Promise<void>;
};

/** setTimeout takes a signed 32-bit delay and turns a longer one into 1 ms. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The machine's clock. A failing timer is an uncaught error: nobody awaits it, and it must not be lost. */
export function realClock(): Clock {
  return {
    nowMs: () => Date.now(),
    schedule(atMs, run) {
      let timeout: NodeJS.Timeout;
      const arm = (): void => {
        const remainingMs = Math.max(0, atMs - Date.now());
        timeout = setTimeout(remainingMs > LONGEST_TIMEOUT_MS ? arm : fire, Math.min(remainingMs, LONGEST_TIMEOUT_MS));
        timeout.unref();
      };
      const fire = (): void => {
        // Timeouts may fire up to a millisecond early.
        if (Date.now() < atMs) arm();
        else void run();
      };
      arm();
      return { cancel: () => clearTimeout(timeout) };
    },
  };
}

/** A clock that stands still until it is advanced. */
export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const waiting = new Set<{ atMs: number; run: () => void | Promise<void> }>();
  const nextDue = (untilMs: number) => {
    let first: { atMs: number; run: () => void | Promise<void> } | undefined;
    // Strictly earlier wins, so equal times keep the order in which they were scheduled.
    for (const timer of waiting) if (timer.atMs <= untilMs && (!first || timer.atMs < first.atMs)) first = timer;
    return first;
  };
  return {
    nowMs: () => nowMs,
    schedule(atMs, run) {
      const timer = { atMs, run };
      waiting.add(timer);
      return { cancel: () => void waiting.delete(timer) };
    },
    async advanceTo(ms) {
      if (ms < nowMs) throw new RangeError(`a clock cannot go back from ${nowMs} to ${ms}`);
      for (let due = nextDue(ms); due; due = nextDue(ms)) {
        waiting.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        await due.run();
      }
      nowMs = ms;
    },
  };
}
