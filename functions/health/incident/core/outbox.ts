import type { Tried } from '../../../../shared/core/delivery.ts';
import { minuteMs } from '../../../../shared/core/units.ts';

/** One word to one endpoint about one incident. Its text is made when it is sent, of what is known by then. */
export type Message = {
  readonly id: string;
  readonly incidentId: string;
  readonly endpoint: string;
  /** By which the endpoint joins what belongs together: the incident's for its first page, the rung's own for a rung. */
  readonly key: string;
  readonly action: 'trigger' | 'update' | 'resolve';
  readonly about: string;
  readonly madeAtMs: number;
  readonly dueAtMs: number;
  readonly tries: number;
  readonly claim?: { readonly by: string; readonly untilMs: number };
  readonly outcome?: Outcome;
};

/**
 * `delivered`: the endpoint took it. `refused`: it never will. `unknown`: it was sent, and nobody knows whether it came.
 * `dropped`: there is nothing left to say it about.
 */
export type Outcome = 'delivered' | 'refused' | 'dropped';

/** A run that died while it sent is not waited for longer. */
export const claimMs = 2 * minuteMs;

/** After how many tries how long to wait: PagerDuty's advice is 30 s, and a minute is when incident runs anyway. */
const backoffMs = [minuteMs / 2, minuteMs, 2 * minuteMs, 5 * minuteMs] as const;

const lane = ({ endpoint, key }: Message): string => `${endpoint}|${key}`;

/**
 * What may be sent now: of each key at each endpoint the oldest that is not over, so that a resolve never overtakes its
 * trigger. A message that somebody claimed waits for him, until his claim is too old.
 */
export function sendable(outbox: readonly Message[], nowMs: number): readonly Message[] {
  const first = new Map<string, Message>();
  for (const message of outbox) {
    if (message.outcome === undefined && !first.has(lane(message))) first.set(lane(message), message);
  }
  return [...first.values()].filter(
    ({ dueAtMs, claim }) => dueAtMs <= nowMs && (claim === undefined || claim.untilMs <= nowMs),
  );
}

/** Marks messages as being sent: written on condition that nobody wrote since, so that one alone sends. */
export const claimMessages = (
  outbox: readonly Message[],
  ids: ReadonlySet<string>,
  by: string,
  nowMs: number,
): readonly Message[] =>
  outbox.map((one) =>
    ids.has(one.id) ? { ...one, tries: one.tries + 1, claim: { by, untilMs: nowMs + claimMs } } : one,
  );

/** Writes what came of a try. A message that another run took over meanwhile keeps that one's claim. */
export function settleMessage(
  outbox: readonly Message[],
  id: string,
  by: string,
  tried: Tried,
  nowMs: number,
): readonly Message[] {
  return outbox.map((one) => {
    if (one.id !== id || one.outcome !== undefined) return one;
    // What was delivered is delivered, whoever holds it now.
    if (tried.result === 'delivered') return over(one, 'delivered');
    if (one.claim?.by !== by) return one;
    if (tried.result === 'refused') return over(one, 'refused');
    const { claim: _ended, ...rest } = one;
    const waitMs = backoffMs[Math.min(one.tries, backoffMs.length) - 1] ?? minuteMs;
    return { ...rest, dueAtMs: nowMs + Math.max(waitMs, tried.afterMs ?? 0) };
  });
}

const over = ({ claim: _ended, ...message }: Message, outcome: Outcome): Message => ({ ...message, outcome });

/**
 * Drops what nobody needs to hear any more: an update or an end at an endpoint that refused the beginning, and everything
 * that is over of incidents that are gone.
 */
export function sweepOutbox(outbox: readonly Message[], openIds: ReadonlySet<string>): readonly Message[] {
  const refused = new Set(outbox.filter((one) => one.action === 'trigger' && one.outcome === 'refused').map(lane));
  const swept = outbox.map((one) => (one.outcome === undefined && refused.has(lane(one)) ? over(one, 'dropped') : one));
  const waiting = new Set(swept.filter(({ outcome }) => outcome === undefined).map(({ incidentId }) => incidentId));
  return swept.filter(({ incidentId }) => openIds.has(incidentId) || waiting.has(incidentId));
}
