import { isOverdue, patienceMs } from './detours.ts';
import type { Message } from './outbox.ts';
import { findingWordKey, type Word } from './words.ts';

const procedure = 'incident';
const check = 'endpoint-fails';

const word = (endpoint: string, says: Word['says'], message: string, atMs: number, sinceMs: number): Word => ({
  key: findingWordKey(procedure, check, `endpoint ${endpoint}`),
  by: 'finding',
  procedure,
  check,
  subject: `endpoint ${endpoint}`,
  severity: 'critical',
  reason: 'not-delivered',
  message,
  source: 'mskeeper',
  brokers: [],
  sinceMs,
  atMs,
  says,
});

/**
 * What the outbox says of the endpoints: one that does not take a page is itself a fault, until it takes one. One that takes what
 * it can, and asks to be left alone with the rest for now, is none.
 */
export function wordsOfDeliveries(outbox: readonly Message[], nowMs: number): readonly Word[] {
  const byEndpoint = new Map<string, Message[]>();
  for (const message of outbox) {
    for (const endpoint of message.destination.endpoints) {
      byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), message]);
    }
  }
  return [...byEndpoint].flatMap(([endpoint, messages]): readonly Word[] => {
    // What was never tried says nothing of its endpoint.
    const failing = messages.findLast((one) => one.why !== undefined && isOverdue(one, nowMs));
    const deliveredAtMs = messages.flatMap((one) => (one.outcome === 'delivered' ? (one.outcomeAtMs ?? []) : []));
    const provenAtMs = Math.max(0, ...deliveredAtMs);
    const isSlow = failing?.isTooMuch === true && nowMs - provenAtMs < patienceMs;
    if (failing !== undefined && (failing.outcomeAtMs ?? nowMs) > provenAtMs && !isSlow) {
      const why = failing.why ?? 'nobody knows why';
      const text = `${endpoint} does not take what it is sent: ${why}`;
      // Up to now it failed: what this very moment brings is newer.
      return [word(endpoint, 'live', text, failing.outcomeAtMs ?? nowMs - 1, failing.madeAtMs)];
    }
    return deliveredAtMs.length === 0
      ? []
      : [word(endpoint, 'gone', `${endpoint} takes pages.`, provenAtMs, provenAtMs)];
  });
}
