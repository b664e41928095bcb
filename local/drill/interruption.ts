import process from 'node:process';

/** npm passes a Ctrl-C on that the terminal has sent already: what comes this soon is the same key. */
const sameKeyMs = 1_000;

/**
 * Turns Ctrl-C, and a terminal that is closed, into a signal upon which everything is stopped in order. A second Ctrl-C
 * leaves at once: brokers and temporary folders end with this process whatever happens.
 */
export const listenForInterruption = (say: (line: string) => void): AbortSignal => {
  const interruption = new AbortController();
  let firstAtMs: number | undefined;
  const interrupt = (name: NodeJS.Signals): void => {
    if (firstAtMs === undefined) {
      firstAtMs = performance.now();
      say('Stopping what was started; Ctrl-C again leaves at once');
      interruption.abort(new Error(name));
    } else if (performance.now() - firstAtMs > sameKeyMs) process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return interruption.signal;
};
