import { setTimeout as delay } from 'node:timers/promises';

/** Nobody waits so long for what comes, on however busy a machine: it ends what never does, before the test's own end. */
const usualPatienceMs = 120_000;

/**
 * Repeats `assertion` until it stops throwing, and returns its value; throws its last error after two minutes. For what the
 * world does in its own time: never a bare sleep in a test.
 */
export const eventually = async <Value>(
  assertion: () => Value | Promise<Value>,
  {
    intervalMs = 100,
    patienceMs = usualPatienceMs,
  }: { readonly intervalMs?: number; readonly patienceMs?: number } = {},
): Promise<Value> => {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= deadlineMs) throw error;
    }
    await delay(intervalMs);
  }
};
