import type { Caller, Permission } from './service.ts';

/**
 * One API call that reached the stand-in. `outcome` is `ok` or the error's code; a fault says `fault:` before it.
 *
 * @property permissions what the caller's role had to allow for it, whether it did or not; empty where the call came not so far
 */
export type RecordedCall = {
  readonly atMs: number;
  readonly service: string;
  readonly operation: string;
  readonly principalArn: Caller['principalArn'];
  readonly roleName: string | undefined;
  readonly permissions: readonly Permission[];
  readonly durationMs: number;
  readonly outcome: string;
  readonly requestId: string;
};

/** Every API call since the start, in order; read by drills, cost estimates and tests. */
export type CallLog = {
  readonly all: readonly RecordedCall[];
  record(call: RecordedCall): void;
  /** Calls of one operation, `events:PutEvents`. */
  of(serviceAndOperation: string): readonly RecordedCall[];
};

export function createCallLog(): CallLog {
  const all: RecordedCall[] = [];
  return {
    all,
    record: (call) => void all.push(call),
    of: (name) => all.filter((call) => `${call.service}:${call.operation}` === name),
  };
}
