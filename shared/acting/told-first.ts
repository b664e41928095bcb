import { DependencyError } from '../core/errors.ts';
import { type Intent, isReceiptOf, type Receipt, receiptWaitMs } from '../core/receipt.ts';
import { secondMs } from '../core/units.ts';
import type { BackOff, Durable } from '../durable/durable.ts';
import type { ActDecision } from './core/request.ts';
import { describeUntold } from './event.ts';

/** An endpoint is asked within seconds; whoever has not heard after two minutes is not waited for. */
const receiptBackOff: BackOff = { firstMs: 3 * secondMs, factor: 1.5, longestMs: 15 * secondMs, maxMs: receiptWaitMs };

type ReceiptPorts = {
  readonly nowMs: () => number;
  /** @throws DependencyError */
  readonly fetchReceipt: (key: string) => Promise<Receipt | undefined>;
  readonly reportProblem: (message: string) => void;
};

/** What one pass of the door came to, and when. */
export type Pass<Outcome> = { readonly decision: ActDecision<Outcome>; readonly atMs: number };

/**
 * One pass through the door of acts as a step of a durable run; and once more, with the same request, where people had to hear
 * of it first and did within two minutes. Waiting costs nothing. Killed anywhere it asks for the same under the same key, and the
 * door itself reads the receipt before each call.
 *
 * @param name of the step; the run uses it once
 */
export async function passTold<Outcome>(
  durable: Pick<Durable, 'step' | 'poll'>,
  name: string,
  pass: () => Promise<Pass<Outcome>>,
  ports: ReceiptPorts,
): Promise<Pass<Outcome>> {
  const first = await durable.step(name, pass);
  const { decision } = first;
  if (decision.decision !== 'stopped' || decision.awaits === undefined) return first;
  const { key } = decision.awaits;
  const receipt = await awaitReceipt(durable, `receipt of ${name}`, decision.awaits, ports);
  if (receipt.isThere) return durable.step(`${name} told`, pass);
  return durable.step(`untold ${name}`, async () => {
    ports.reportProblem(`people were not told of ${key}: ${receipt.why}`);
    return { decision: { ...decision, message: describeUntold(receipt.why) }, atMs: ports.nowMs() };
  });
}

async function awaitReceipt(
  durable: Pick<Durable, 'poll'>,
  name: string,
  intent: Intent,
  { nowMs, fetchReceipt }: ReceiptPorts,
): Promise<{ readonly isThere: true } | { readonly isThere: false; readonly why: string }> {
  try {
    const { isDone } = await durable.poll(name, {
      look: async () => isReceiptOf(await fetchReceipt(intent.key), intent, nowMs()),
      isDone: (isThere) => isThere,
      backOff: receiptBackOff,
    });
    return isDone ? { isThere: true } : { isThere: false, why: 'no receipt says within 2 min that they were' };
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return { isThere: false, why: `whether they were cannot be read: ${error.message}` };
  }
}
