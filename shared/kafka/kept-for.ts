/**
 * Keeps what was fetched for a while, so that a warm function does not fetch it anew; a failed fetch is not kept.
 * `forget` makes the next call fetch.
 */
export const keptFor = <Input, Value>(
  keptMs: number,
  fetchValue: (input: Input) => Promise<Value>,
  nowMs: () => number = Date.now,
): { readonly fetch: (input: Input) => Promise<Value>; readonly forget: () => void } => {
  let kept: { readonly value: Promise<Value>; readonly sinceMs: number } | undefined;
  const forget = () => {
    kept = undefined;
  };
  const fetch = async (input: Input) => {
    if (kept === undefined || nowMs() - kept.sinceMs >= keptMs) kept = { value: fetchValue(input), sinceMs: nowMs() };
    const { value } = kept;
    try {
      return await value;
    } catch (error) {
      if (kept?.value === value) forget();
      throw error;
    }
  };
  return { fetch, forget };
};
