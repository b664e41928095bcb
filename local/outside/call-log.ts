/**
 * One call that left the account. Neither its body nor its credentials are kept here.
 *
 * @property atMs world's clock, when it came
 * @property caller the function that made it; undefined where nobody said
 * @property path without the query; empty where the connection was refused before there was one
 * @property status undefined where the caller got no answer
 * @property outcome `ok`, or what was wrong in the host's own word; a fault says `fault:` before it, `lost` is an answer that
 * never came of a request that took effect, `no-such-host` a name that nobody has here
 */
type OutsideCall = {
  readonly atMs: number;
  readonly caller: string | undefined;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly outcome: string;
  readonly durationMs: number;
};

/** Every call since the start, in the order in which they ended. */
export type OutsideCallLog = {
  readonly all: readonly OutsideCall[];
  record(call: OutsideCall): void;
  /** Calls of one kind at one host: `POST events.pagerduty.com/v2/enqueue`. */
  of(methodAndAddress: string): readonly OutsideCall[];
};

export function createOutsideCallLog(): OutsideCallLog {
  const all: OutsideCall[] = [];
  return {
    all,
    record: (call) => void all.push(call),
    of: (name) => all.filter(({ method, host, path }) => `${method} ${host}${path}` === name),
  };
}
