/**
 * Runs something whose errors are mostly meant: they come without their stacks, into whose collecting half of the time of a
 * history went. What fails is found by its history, which is drawn again from its seed.
 */
export async function withoutStacks<Value>(run: () => Promise<Value>): Promise<Value> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
