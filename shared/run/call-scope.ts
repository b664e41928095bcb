/**
 * What one run asks of the outside: every call under its name, so that a run that is cut off can say which call it was
 * waiting for, and a log line can count what a run costs.
 */
export type CallScope = {
  /** Fires before the Lambda deadline; every call ends with it. */
  readonly signal: AbortSignal;
  /** Runs one call under its name (`kafka:DescribeClusterV2`), which is in flight until it settles. */
  readonly track: <Answer>(call: string, run: () => Promise<Answer>) => Promise<Answer>;
  /** Adds requests sent under a name, retries included. */
  readonly countRequests: (call: string, requestCount: number) => void;
  /** Names of the calls that have not settled, oldest first; a name twice where two are under way. */
  readonly callsInFlight: () => readonly string[];
  readonly requestCountByCall: () => Readonly<Record<string, number>>;
};

/** Opens an empty scope whose calls end with `signal`. */
export function openCallScope(signal: AbortSignal): CallScope {
  const inFlight = new Map<symbol, string>();
  const requestCounts = new Map<string, number>();
  return {
    signal,
    track: async (call, run) => {
      const key = Symbol(call);
      inFlight.set(key, call);
      try {
        return await run();
      } finally {
        inFlight.delete(key);
      }
    },
    countRequests: (call, requestCount) => {
      requestCounts.set(call, (requestCounts.get(call) ?? 0) + requestCount);
    },
    callsInFlight: () => [...inFlight.values()],
    requestCountByCall: () => Object.fromEntries(requestCounts),
  };
}
