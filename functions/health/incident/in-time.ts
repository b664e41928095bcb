import { setTimeout } from 'node:timers/promises';

/**
 * Waits for work no longer than it may take. The work itself goes on: whoever must not be too late cannot wait for its end.
 *
 * @param ms how long
 * @returns undefined where it did not come so soon
 * @throws what the work throws within its time
 */
export async function inTime<Value>(work: Promise<Value>, ms: number): Promise<{ readonly value: Value } | undefined> {
  const over = new AbortController();
  const late = setTimeout(Math.max(0, ms), undefined, { signal: over.signal });
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    over.abort();
  }
}
