import { setTimeout as pause } from 'node:timers/promises';

/** Ends what hangs: on a busy machine brokers take a minute to agree. */
const patienceMs = 120_000;
const pauseMs = 200;

/** What brokers refuse only for now. */
export class NotSettledError extends Error {
  override readonly name = 'NotSettledError';
}

/**
 * Kafka says of each of its errors whether the same question may be answered later (protocol guide, "Error codes"). By its
 * fields: the classes of kafkajs are none of its named exports in an ES module.
 */
const isForNow = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof NotSettledError || ('retriable' in error && error.retriable === true)) return true;
  // Of several topics each has its own.
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.length > 0 && error.errors.every(isForNow);
  return isForNow(error.cause);
};

type Patience = {
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
};

/**
 * Asks until brokers that still settle no longer refuse for now: a topic is made before all of them have heard of it, and
 * a broker serves before it leads. Throws at once what will not pass, and the last refusal after two minutes.
 */
export const untilSettled = async <Result>(
  ask: () => Promise<Result>,
  patience: Patience = { nowMs: () => performance.now(), pause },
): Promise<Result> => {
  const deadlineMs = patience.nowMs() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isForNow(error) || patience.nowMs() >= deadlineMs) throw error;
    }
    await patience.pause(pauseMs);
  }
};
