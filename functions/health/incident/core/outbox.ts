import type { Tried } from '../../../../shared/core/delivery.ts';
import { minuteMs, secondMs } from '../../../../shared/core/units.ts';
import type { Page } from '../../../../shared/telling/core/page.ts';
import type { Destination } from './reach.ts';

/**
 * One word to one destination. Of an open incident its text is made when it is sent, of what is known by then.
 *
 * @property incidentId absent for a notice
 * @property key by which an endpoint joins what belongs together
 * @property action `trigger` begins what `update` and `resolve` go on with; `notice` stands alone
 * @property kind why it is sent
 * @property says what it adds, one sentence
 * @property isTooMuch its endpoint is there, and asked to be left alone for now
 * @property saysAnew what it says of its kind is made when it is sent, too: of an opening, a rise, a rung
 * @property rung by which step of the ladder
 * @property page all of its text, where no open incident gives it
 * @property reference how its endpoint calls it, once it began there what others join: a thread
 * @property isIntent somebody waits for its receipt before he acts
 * @property failedAtMs when the last try did not arrive, as far as anybody knows
 * @property isHeld what it says is not so for now, or nobody is to be called: it waits, and is judged again with each step
 * @property freedAtMs when it was to be sent again
 * @property outcomeAtMs when it was over
 */
export type Message = {
  readonly id: string;
  readonly incidentId?: string;
  readonly destination: Destination;
  readonly key: string;
  readonly action: 'trigger' | 'update' | 'resolve' | 'notice';
  readonly kind: Page['kind'];
  readonly says: string;
  readonly saysAnew?: true;
  readonly rung?: NonNullable<Page['rung']>;
  readonly page?: Page;
  readonly madeAtMs: number;
  readonly dueAtMs: number;
  readonly tries: number;
  readonly isIntent?: true;
  readonly mayHaveArrived?: boolean;
  readonly isTooMuch?: true;
  readonly why?: string;
  readonly claim?: { readonly by: string; readonly untilMs: number };
  readonly failedAtMs?: number;
  readonly isHeld?: true;
  readonly freedAtMs?: number;
  readonly outcome?: Outcome;
  readonly outcomeAtMs?: number;
  readonly reference?: string;
};

/** `dropped`: there is nothing left to say it about, or nobody there who heard the beginning. */
export type Outcome = 'delivered' | 'refused' | 'dropped';

/** More are counted and not kept. */
export const mostMessages = 500;

/** A run that died while it sent is not waited for longer. */
export const claimMs = 2 * minuteMs;

/**
 * After how many tries how long to wait: PagerDuty's advice is 30 s, and then so many minutes of incident's, less what a try may
 * take: what is due a second after a minute began waits for the one after.
 */
const backOffMs = [30, 45, 105, 285].map((seconds) => seconds * secondMs);
/** The longest wait after a try whose endpoint did not ask for another one. */
export const longestBackOffMs = Math.max(...backOffMs);

export const isWaiting = ({ outcome }: Message): boolean => outcome === undefined;

/** Whether somebody sends it just now. */
export const isClaimed = ({ claim }: Message, nowMs: number): boolean => claim !== undefined && nowMs < claim.untilMs;

/** Since when it waits to arrive: what is held waits for something else. */
export const overdueMs = (message: Message, nowMs: number): number =>
  isWaiting(message) && message.isHeld !== true ? nowMs - (message.freedAtMs ?? message.madeAtMs) : 0;

/** Messages of one key at one destination keep their order: no end overtakes its beginning. */
export const laneOf = ({ destination: { lane }, key }: Pick<Message, 'destination' | 'key'>): string =>
  `${lane}|${key}`;

/** What may be sent now: of each lane the oldest that is not over, unless somebody is at it or it is held. */
export function sendable(outbox: readonly Message[], nowMs: number): readonly Message[] {
  const first = new Map<string, Message>();
  for (const message of outbox) {
    if (isWaiting(message) && !first.has(laneOf(message))) first.set(laneOf(message), message);
  }
  return [...first.values()].filter((one) => one.dueAtMs <= nowMs && one.isHeld !== true && !isClaimed(one, nowMs));
}

/**
 * Marks messages as being sent: written on condition that nobody wrote since, so that one alone sends. Whoever takes over a
 * claim that ran out knows that the message may have arrived.
 */
export const claimMessages = (
  outbox: readonly Message[],
  ids: ReadonlySet<string>,
  by: string,
  nowMs: number,
): readonly Message[] =>
  outbox.map((one) =>
    ids.has(one.id)
      ? {
          ...one,
          tries: one.tries + 1,
          ...(one.claim !== undefined && { mayHaveArrived: true }),
          claim: { by, untilMs: nowMs + claimMs },
        }
      : one,
  );

/** Writes what came of a try. What was delivered is delivered, whoever holds the message now. */
export const settleMessage = (
  outbox: readonly Message[],
  id: string,
  by: string,
  tried: Tried,
  nowMs: number,
): readonly Message[] => outbox.map((one) => (one.id === id && isWaiting(one) ? settled(one, by, tried, nowMs) : one));

function settled(message: Message, by: string, tried: Tried, nowMs: number): Message {
  if (tried.result === 'delivered') {
    const { reference } = tried;
    return {
      ...over(message, 'delivered', nowMs),
      ...(isBeginning(message) && reference !== undefined && { reference }),
    };
  }
  // Another run took it over meanwhile, and knows better.
  if (message.claim?.by !== by) return message;
  if (tried.result === 'refused') {
    const { page } = message;
    // What nobody else was sent yet goes elsewhere, with the same text.
    const kept = message.action === 'notice' && page !== undefined ? { page } : {};
    return { ...over(message, 'refused', nowMs), ...kept, why: tried.why };
  }
  const { claim: _ended, isTooMuch: _before, ...rest } = message;
  // Who says how long to leave him alone is there: he is not left alone for longer and longer.
  const tries = tried.afterMs === undefined ? message.tries : 1;
  const waitMs = backOffMs[Math.min(tries, backOffMs.length) - 1] ?? minuteMs;
  return {
    ...rest,
    why: tried.why,
    failedAtMs: nowMs,
    ...(tried.result === 'unknown' && { mayHaveArrived: true }),
    ...(tried.afterMs !== undefined && { isTooMuch: true }),
    dueAtMs: nowMs + Math.max(waitMs, tried.afterMs ?? 0),
  };
}

/** What is over needs no text any more. */
export const over = (
  { claim: _ended, page: _said, isHeld: _late, ...message }: Message,
  outcome: Outcome,
  nowMs: number,
): Message => ({
  ...message,
  outcome,
  outcomeAtMs: nowMs,
});

/** How long what is over is remembered, for people who ask what was told. */
const keptMs = 24 * 60 * minuteMs;

const isBeginning = ({ action }: Message): boolean => action === 'trigger';

/** A notice, too, is open where it calls people, until it is ended. */
const mayBeEnded = (one: Message): boolean => isBeginning(one) || one.action === 'notice';

/**
 * Drops what nobody needs to hear any more: what begins or goes on of an incident that is over; what follows a beginning that was
 * refused; an end of which no beginning can have arrived; an older update behind a newer one. What is over goes with its
 * incident, or after a day.
 */
export function sweepOutbox(
  outbox: readonly Message[],
  openIds: ReadonlySet<string>,
  nowMs: number,
): { readonly outbox: readonly Message[]; readonly leftOutCount: number } {
  const current = dropStale(dropOutlived(outbox, openIds, nowMs), nowMs);
  const swept = dropSuperseded(dropUnheard(current, nowMs), nowMs).filter((one) => isKept(one, openIds, nowMs));
  return bound(swept, openIds);
}

/**
 * Of an incident that is over nothing is to be begun: to ask again for what may have arrived would call people, and where it did
 * arrive its end alone is enough; where it did not, an endpoint drops that end. The end waits as long as the beginning would
 * have: right behind one that is still under way it would be lost, and a page would stay open (PagerDuty, Events API v2).
 */
const dropOutlived = (outbox: readonly Message[], openIds: ReadonlySet<string>, nowMs: number): readonly Message[] =>
  outbox.map((one) => {
    const isOutlived = one.incidentId !== undefined && !openIds.has(one.incidentId) && one.action !== 'resolve';
    if (!isWaiting(one) || !isOutlived || isClaimed(one, nowMs)) return one;
    if (isBeginning(one) && one.mayHaveArrived === true && nowMs < one.dueAtMs) return one;
    return over(one.claim === undefined ? one : { ...one, mayHaveArrived: true }, 'dropped', nowMs);
  });

function dropUnheard(outbox: readonly Message[], nowMs: number): readonly Message[] {
  const unheard = new Set<string>();
  for (const one of outbox) {
    if (mayBeEnded(one) && one.outcome === 'refused') unheard.add(laneOf(one));
  }
  for (const one of outbox) {
    // One that is not due yet ends what may still begin.
    if (one.action !== 'resolve' || one.dueAtMs > nowMs) continue;
    const beginnings = outbox.filter((other) => mayBeEnded(other) && laneOf(other) === laneOf(one));
    // A trial: whether an end is taken that ends nothing, and so calls nobody.
    if (one.kind === 'test' && beginnings.length === 0) continue;
    const mayBeHeard = beginnings.some(
      ({ outcome, mayHaveArrived, claim }) =>
        outcome === 'delivered' || (outcome !== 'refused' && mayHaveArrived === true) || claim !== undefined,
    );
    if (!mayBeHeard) unheard.add(laneOf(one));
  }
  return outbox.map((one) => (isWaiting(one) && unheard.has(laneOf(one)) ? over(one, 'dropped', nowMs) : one));
}

/** A word that nobody took for a day is news no more. */
const dropStale = (outbox: readonly Message[], nowMs: number): readonly Message[] =>
  outbox.map((one) =>
    isWaiting(one) && one.action === 'notice' && nowMs - one.madeAtMs >= keptMs ? over(one, 'dropped', nowMs) : one,
  );

/** Of several updates that wait in a lane the newest says all. */
function dropSuperseded(outbox: readonly Message[], nowMs: number): readonly Message[] {
  const newest = new Map<string, string>();
  for (const one of outbox) if (isWaiting(one) && one.action !== 'trigger') newest.set(laneOf(one), one.id);
  return outbox.map((one) =>
    isWaiting(one) && one.action === 'update' && one.claim === undefined && newest.get(laneOf(one)) !== one.id
      ? over(one, 'dropped', nowMs)
      : one,
  );
}

const isKept = (one: Message, openIds: ReadonlySet<string>, nowMs: number): boolean =>
  isWaiting(one) ||
  (one.incidentId !== undefined && openIds.has(one.incidentId)) ||
  nowMs - (isNoticesEnd(one) ? one.madeAtMs : (one.outcomeAtMs ?? one.madeAtMs)) < keptMs;

/** It goes with what it ends, so that the same notice a day later has a lane of its own. */
const isNoticesEnd = ({ incidentId, action }: Message): boolean => incidentId === undefined && action === 'resolve';

/**
 * What is over and nobody asks for goes first, oldest first; then updates, beginnings that are known to be over, notices; what
 * begins and ends stays as long as anything else can go.
 */
function bound(outbox: readonly Message[], openIds: ReadonlySet<string>) {
  const surplus = outbox.length - mostMessages;
  if (surplus <= 0) return { outbox, leftOutCount: 0 };
  const isOfOpen = ({ incidentId, action }: Message): boolean =>
    action === 'trigger' && incidentId !== undefined && openIds.has(incidentId);
  const rankOf = (one: Message): number => {
    if (!isWaiting(one)) return isOfOpen(one) ? 2 : 0;
    return one.action === 'update' ? 1 : one.action === 'notice' ? 3 : 4;
  };
  const leaving = outbox
    .map((one, index) => ({ one, index, rank: rankOf(one) }))
    .toSorted((left, right) => left.rank - right.rank || left.index - right.index)
    .slice(0, surplus);
  const gone = new Set(leaving.map(({ index }) => index));
  return {
    outbox: outbox.filter((_, index) => !gone.has(index)),
    leftOutCount: leaving.filter(({ one }) => isWaiting(one)).length,
  };
}
