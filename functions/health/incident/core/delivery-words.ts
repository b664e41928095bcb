import { minuteMs } from '../../../../shared/core/units.ts';
import { isOverdue } from './detours.ts';
import { type Hearing, heardBy } from './heard-by.ts';
import type { Message } from './outbox.ts';
import { findingWordKey, type PagingSeverity, type Word } from './words.ts';

const procedure = 'incident';
const check = 'endpoint-fails';

/**
 * How bad it is that an endpoint takes nothing: as bad as what it is to hear of, by a topic or by a rung, and no P0, since others
 * are told what it was not. Who hears of acts and plans alone is nobody's night.
 */
const severityOf = (endpoint: string, hearing: Hearing): PagingSeverity =>
  (['emergency', 'critical'] as const).some((topic) => heardBy(topic, hearing).includes(endpoint))
    ? 'critical'
    : 'warning';

const word = (endpoint: string, said: Pick<Word, 'severity' | 'says' | 'message' | 'atMs' | 'sinceMs'>): Word => ({
  key: findingWordKey(procedure, check, `endpoint ${endpoint}`),
  by: 'finding',
  procedure,
  check,
  subject: `endpoint ${endpoint}`,
  reason: 'not-delivered',
  source: 'mskeeper',
  brokers: [],
  ...said,
});

/** So long an endpoint may take nothing before it is a fault: others hear by then what it did not take. */
const failingMs = 2 * minuteMs - 1;

/**
 * What the outbox says of the endpoints: one that does not take a page is itself a fault, until it takes one. One that takes what
 * it can, and asks to be left alone with the rest for now, is none; nor is one that mskeeper.yml names no more.
 */
export function wordsOfDeliveries(outbox: readonly Message[], hearing: Hearing, nowMs: number): readonly Word[] {
  const byEndpoint = new Map<string, Message[]>();
  for (const message of outbox) {
    for (const endpoint of message.destination.endpoints) {
      byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), message]);
    }
  }
  return [...byEndpoint].flatMap(([endpoint, messages]): readonly Word[] => {
    const severity = severityOf(endpoint, hearing);
    // What was never tried says nothing of its endpoint.
    const failing = messages.findLast((one) => one.why !== undefined && isOverdue(one, nowMs, failingMs));
    const deliveredAtMs = messages.flatMap((one) => (one.outcome === 'delivered' ? (one.outcomeAtMs ?? []) : []));
    const provenAtMs = Math.max(0, ...deliveredAtMs);
    const failedAtMs = failing?.outcomeAtMs ?? failing?.failedAtMs ?? failing?.madeAtMs ?? 0;
    if (failing !== undefined && hearing.reach.kindOf(endpoint) === undefined) {
      const message = `mskeeper.yml has no endpoint ${endpoint} any more.`;
      // Behind the word that it fails, and the same in each run.
      const atMs = failedAtMs + 1;
      return [word(endpoint, { severity, says: 'gone', message, atMs, sinceMs: atMs })];
    }
    const isSlow = failing?.isTooMuch === true && nowMs - provenAtMs <= failingMs;
    if (failing !== undefined && failedAtMs > provenAtMs && !isSlow) {
      const why = failing.why ?? 'nobody knows why';
      const message = `${endpoint} does not take what it is sent: ${why}`;
      return [word(endpoint, { severity, says: 'live', message, atMs: failedAtMs, sinceMs: failing.madeAtMs })];
    }
    if (deliveredAtMs.length === 0) return [];
    const message = `${endpoint} takes pages.`;
    return [word(endpoint, { severity, says: 'gone', message, atMs: provenAtMs, sinceMs: provenAtMs })];
  });
}
