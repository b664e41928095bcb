import { DependencyError } from '../core/errors.ts';
import type { CallScope } from '../run/call-scope.ts';

/**
 * Runs until it settles or the scope's signal fires, whichever comes first.
 *
 * @throws DependencyError `timed-out`, naming the calls in flight at that moment (or the procedure itself where none is)
 */
export async function runWithinDeadline<Result>(
  procedure: string,
  calls: CallScope,
  run: () => Promise<Result>,
): Promise<Result> {
  let stopListening = () => {};
  const cutOff = new Promise<never>((_resolve, reject) => {
    const cut = () => reject(timeoutError(procedure, calls.callsInFlight()));
    if (calls.signal.aborted) return cut();
    calls.signal.addEventListener('abort', cut, { once: true });
    stopListening = () => calls.signal.removeEventListener('abort', cut);
  });
  try {
    return await Promise.race([cutOff, run()]);
  } finally {
    stopListening();
  }
}

function timeoutError(procedure: string, callsInFlight: readonly string[]): DependencyError {
  const waited = [...new Set(callsInFlight)].join(', ');
  return waited === ''
    ? new DependencyError(procedure, 'timed-out', 'the run did not end before its deadline; no call was in flight')
    : new DependencyError(waited, 'timed-out', `no answer before the deadline of ${procedure}`);
}
