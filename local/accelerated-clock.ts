import type { Clock } from './clock.ts';

/** Node's longest timeout; a longer wait is taken in steps. */
const longestTimeoutMs = 2 ** 31 - 1;

/** @property realMsSince how long ago a moment of this clock was on the machine's, 0 for one that is to come */
export type AcceleratedClock = Clock & {
  readonly rate: number;
  readonly atWork: () => () => void;
  readonly realMsSince: (clockMs: number) => number;
};

/** From a moment on the clock has gone at one rate. */
type Stretch = { readonly realMs: number; readonly clockMs: number; readonly rate: number };

/**
 * A clock that starts where it is told and runs faster than the machine's: at rate 20 a schedule of five minutes fires
 * every fifteen seconds. While somebody is at work it runs no faster than the machine's, so that what takes a second takes a
 * second, and a busy machine is slow and not late. A failing timer is handed to `onFailure`, since nobody awaits it and it must
 * not be lost.
 *
 * @param startMs milliseconds since the epoch
 * @param rate milliseconds of this clock that pass in one real millisecond while nobody works; 1 is real speed
 */
export function acceleratedClock(
  startMs: number,
  rate: number,
  onFailure: (failure: unknown) => void,
): AcceleratedClock {
  if (!(rate > 0)) throw new RangeError(`a clock cannot run at rate ${rate}: it must be above 0`);
  const stretches: [Stretch, ...Stretch[]] = [{ realMs: performance.now(), clockMs: startMs, rate }];
  const waiting = new Set<() => void>();
  let workers = 0;
  const current = (): Stretch => stretches.at(-1) ?? stretches[0];
  const nowMs = (): number => {
    const { realMs, clockMs, rate: now } = current();
    return clockMs + (performance.now() - realMs) * now;
  };
  const goAt = (next: number): void => {
    const clockMs = nowMs();
    stretches.push({ realMs: performance.now(), clockMs, rate: next });
    for (const arm of waiting) arm();
  };
  return {
    nowMs,
    rate,
    atWork: () => {
      workers += 1;
      if (workers === 1) goAt(Math.min(1, rate));
      let isDone = false;
      return () => {
        if (isDone) return;
        isDone = true;
        workers -= 1;
        if (workers === 0) goAt(rate);
      };
    },
    realMsSince: (clockMs) => {
      const found = stretches.findLast((one) => one.clockMs <= clockMs) ?? stretches[0];
      const thenMs = found.realMs + (clockMs - found.clockMs) / found.rate;
      return Math.max(0, performance.now() - thenMs);
    },
    schedule: (atMs, run) => {
      let timeout: NodeJS.Timeout;
      const fire = () => {
        if (nowMs() < atMs) return arm();
        waiting.delete(arm);
        Promise.try(run).catch(onFailure);
      };
      const arm = () => {
        clearTimeout(timeout);
        const realMs = Math.ceil((atMs - nowMs()) / current().rate);
        timeout = setTimeout(fire, Math.min(Math.max(realMs, 0), longestTimeoutMs));
        // The world is kept alive by its brokers and its server, never by a timer that waits for tomorrow.
        timeout.unref();
      };
      waiting.add(arm);
      arm();
      return {
        cancel: () => {
          waiting.delete(arm);
          clearTimeout(timeout);
        },
      };
    },
  };
}
