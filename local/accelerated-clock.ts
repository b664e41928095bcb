import type { Clock } from './clock.ts';

/** Node's longest timeout; a longer wait is taken in steps. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * A clock that starts where it is told and runs faster than the machine's: at rate 20 a schedule of five minutes fires
 * every fifteen seconds. A failing timer is handed to `onFailure`, since nobody awaits it and it must not be lost.
 *
 * @param startMs milliseconds since the epoch
 * @param rate milliseconds of this clock that pass in one real millisecond; 1 is real speed
 */
export function acceleratedClock(startMs: number, rate: number, onFailure: (failure: unknown) => void): Clock {
  if (!(rate > 0)) throw new RangeError(`a clock cannot run at rate ${rate}: it must be above 0`);
  const beganMs = performance.now();
  const nowMs = () => startMs + (performance.now() - beganMs) * rate;
  return {
    nowMs,
    rate,
    schedule: (atMs, run) => {
      let timeout: NodeJS.Timeout;
      const fire = () => {
        if (nowMs() < atMs) arm();
        else Promise.try(run).catch(onFailure);
      };
      const arm = () => {
        const realMs = Math.ceil((atMs - nowMs()) / rate);
        timeout = setTimeout(fire, Math.min(Math.max(realMs, 0), longestTimeoutMs));
        // The world is kept alive by its brokers and its server, never by a timer that waits for tomorrow.
        timeout.unref();
      };
      arm();
      return { cancel: () => clearTimeout(timeout) };
    },
  };
}
