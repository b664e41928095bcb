import { secondMs } from '../../../../shared/core/units.ts';
import { isOverdue } from './detours.ts';
import { messagesOfNotice, pagingOf } from './notices.ts';

import type { Message } from './outbox.ts';
import { destinationsOf, isSurelyHeard, type Reach } from './reach.ts';

/** Who waits for a receipt before he acts waits for two minutes: what he says goes elsewhere with the next minute. */
const intentPatienceMs = 30 * secondMs;

const isFailing = (one: Message, nowMs: number): boolean =>
  one.isIntent === true ? isOverdue(one, nowMs, intentPatienceMs) : isOverdue(one, nowMs);

/**
 * The other endpoints of its severity, for a notice that nobody heard who is known to have: once, and never those of a worse
 * severity, since it tells of no fault. Where somebody heard it, that an endpoint fails is told as mskeeper's own fault.
 */
export function planNoticeDetours(outbox: readonly Message[], reach: Reach, nowMs: number): readonly Message[] {
  const byKey = new Map<string, Message[]>();
  for (const one of outbox) {
    if (one.kind === 'notice' && one.action === 'notice') byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  }
  return [...byKey].flatMap(([key, messages]): readonly Message[] => {
    const isHeard = messages.some((one) => one.outcome === 'delivered' && isSurelyHeard(one.destination, reach));
    const failing = messages.find((one) => isFailing(one, nowMs));
    const text = messages.find(({ page }) => page !== undefined);
    if (isHeard || failing === undefined || text?.page === undefined) return [];
    const severity = pagingOf(text.page.severity) ?? 'warning';
    const told = new Set(messages.flatMap(({ destination }) => destination.endpoints));
    const others = reach.bySeverity(severity).filter((name) => !told.has(name));
    const saying = { key, says: text.says, page: text.page, isIntent: text.isIntent === true };
    return messagesOfNotice(`notice/${key}/detour`, destinationsOf(others, severity, reach), saying, reach, nowMs);
  });
}
