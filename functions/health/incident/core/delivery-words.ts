import { isOverdue } from './messages.ts';
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
 * What the outbox says of the endpoints: one that does not take a page is itself a fault, until it takes one. A page that was
 * made later and arrived says more than an older one that did not.
 */
export function wordsOfDeliveries(outbox: readonly Message[], nowMs: number): readonly Word[] {
  const byEndpoint = new Map<string, Message[]>();
  for (const message of outbox) {
    for (const endpoint of message.destination.endpoints) {
      byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), message]);
    }
  }
  return [...byEndpoint].flatMap(([endpoint, messages]): readonly Word[] => {
    const failing = messages.findLast((one) => isOverdue(one, nowMs));
    const delivered = messages.findLast(({ outcome }) => outcome === 'delivered');
    const provenAtMs = delivered?.outcomeAtMs ?? 0;
    if (failing !== undefined && (failing.outcomeAtMs ?? nowMs) > provenAtMs) {
      const why = failing.why ?? 'nobody knows why';
      const text = `${endpoint} does not take what it is sent: ${why}`;
      return [word(endpoint, 'live', text, failing.outcomeAtMs ?? nowMs, failing.madeAtMs)];
    }
    return delivered === undefined ? [] : [word(endpoint, 'gone', `${endpoint} takes pages.`, provenAtMs, provenAtMs)];
  });
}
