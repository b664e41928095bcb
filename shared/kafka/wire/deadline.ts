/**
 * Settles as `work` does, or rejects with `onTimeout()` after `timeoutMs`. The work itself goes on: its owner must end
 * it, and its later failure is of no interest.
 */
export const withinDeadline = async <Value>(
  work: Promise<Value>,
  timeoutMs: number,
  onTimeout: () => Error,
): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(onTimeout()), Math.max(0, timeoutMs));
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
};
