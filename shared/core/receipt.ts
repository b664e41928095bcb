import { clockSkewMs, isAhead } from './clocks.ts';
import { minuteMs } from './units.ts';

/** So long whoever is about to act waits for a receipt. */
export const receiptWaitMs = 2 * minuteMs;

/**
 * What people have to hear before an act, as the bus is told of it.
 *
 * @property key of the notice: the same for every try of one act, and for no other
 * @property sinceMs when the act was planned: nobody was told of it before
 */
export type Intent = { readonly cluster: string; readonly key: string; readonly sinceMs: number };

/** That somebody was told: an endpoint whose outcome is known took it, or SNS did. @property atMs when that was */
export type Receipt = { readonly version: 1; readonly cluster: string; readonly key: string; readonly atMs: number };

/**
 * Whether a receipt says that people heard of this intent: of that very key and cluster, and of no time before it was planned
 * or still to come. Where there is none nobody heard.
 */
export const isReceiptOf = (receipt: Receipt | undefined, intent: Intent, nowMs: number): boolean =>
  receipt !== undefined &&
  receipt.cluster === intent.cluster &&
  receipt.key === intent.key &&
  receipt.atMs >= intent.sinceMs - clockSkewMs &&
  !isAhead(receipt.atMs, nowMs);
