import { receiptWaitMs } from '../../../../shared/core/receipt.ts';
import type { Message } from './outbox.ts';
import { isSurelyHeard, type Reach } from './reach.ts';

/**
 * The words before an act that people were surely told, and for whose receipt somebody may wait still.
 *
 * @returns keys of the notices, each with when an endpoint took it
 */
export function receiptsDue(
  outbox: readonly Message[],
  reach: Reach,
  nowMs: number,
): readonly { readonly key: string; readonly outcomeAtMs: number }[] {
  const atMsByKey = new Map<string, number>();
  for (const { key, isIntent, outcome, outcomeAtMs, destination } of outbox) {
    const isTold = isIntent === true && outcome === 'delivered' && isSurelyHeard(destination, reach);
    if (!isTold || outcomeAtMs === undefined || nowMs - outcomeAtMs > receiptWaitMs) continue;
    atMsByKey.set(key, Math.min(outcomeAtMs, atMsByKey.get(key) ?? outcomeAtMs));
  }
  return [...atMsByKey].map(([key, outcomeAtMs]) => ({ key, outcomeAtMs }));
}
