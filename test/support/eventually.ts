import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats `assertion` until it stops throwing, and returns its value; throws its last error when `timeoutMs` is over.
 * For what the world does in its own time: never a bare sleep in a test.
 */
export const eventually = async <Value>(
  assertion: () => Value | Promise<Value>,
  { timeoutMs = 15_000, intervalMs = 100 }: { readonly timeoutMs?: number; readonly intervalMs?: number } = {},
): Promise<Value> => {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() >= deadlineMs) throw error;
    }
    await delay(intervalMs);
  }
};
