/** Another is asked beside one that has not answered for so long: a frozen broker costs a second and not its timeout. */
const staggerMs = 1_000;

/** Waits until `work` has ended, at most so long, and no longer than until the signal aborts. A failure is thrown on. */
export const waitFor = (work: Promise<unknown>, timeoutMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      act();
    };
    const end = () => settle(resolve);
    const timer = setTimeout(end, Math.max(0, timeoutMs));
    signal?.addEventListener('abort', end);
    work.then(end, (error: unknown) => settle(() => reject(error)));
    if (signal?.aborted) end();
  });

/** How a hedged question ended. */
export type Hedged<Candidate, Value> = {
  readonly winner: { readonly candidate: Candidate; readonly value: Value } | undefined;
  /**
   * Who else was asked, in order; `value` is absent where it had not come when another won. `hadLonger`: it was asked before
   * the winner; of the others nobody knows whether they would have answered.
   */
  readonly others: readonly { readonly candidate: Candidate; readonly value?: Value; readonly hadLonger: boolean }[];
};

/**
 * Asks one after another, each a second after the last or as soon as that one's answer is no good one; the first good
 * answer wins. Ends without a winner where all have answered otherwise, or when the signal aborts.
 */
export const hedge = async <Candidate, Value>(
  candidates: readonly Candidate[],
  ask: (candidate: Candidate) => Promise<Value>,
  isGood: (value: Value) => boolean,
  signal?: AbortSignal,
): Promise<Hedged<Candidate, Value>> => {
  const asked: { candidate: Candidate; value?: Value }[] = [];
  const over = new AbortController();
  const end = () => over.abort();
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  let winner: Hedged<Candidate, Value>['winner'];

  const attempt = async (candidate: Candidate): Promise<void> => {
    const entry: (typeof asked)[number] = { candidate };
    asked.push(entry);
    const value = await ask(candidate);
    if (over.signal.aborted) return;
    entry.value = value;
    if (!isGood(value)) return;
    winner = { candidate, value };
    end();
  };

  const running: Promise<void>[] = [];
  for (const candidate of candidates) {
    if (over.signal.aborted) break;
    const attempted = attempt(candidate);
    running.push(attempted);
    await waitFor(attempted, staggerMs, over.signal);
  }
  const untilOver = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()));
  if (!over.signal.aborted) await Promise.race([Promise.all(running), untilOver]);
  signal?.removeEventListener('abort', end);
  const place = asked.findIndex(({ candidate }) => candidate === winner?.candidate);
  const others = asked.map((entry, index) => ({ ...entry, hadLonger: index < place }));
  return { winner, others: others.filter((_, index) => index !== place) };
};
