import type { Tried } from '../../../shared/core/delivery.ts';
import { ask } from '../../../shared/core/known.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import type { Page } from '../../../shared/telling/core/page.ts';
import type { Rules } from './core/advance.ts';
import type { IncidentDocument } from './core/document.ts';
import { laneOf, type Message } from './core/outbox.ts';
import { pageOf } from './core/pages.ts';
import { isCaller, paceMsOf } from './core/reach.ts';
import { saysNow } from './core/says-now.ts';
import { worksOf } from './core/telling.ts';
import type { Ports, Thread } from './ports.ts';

/** All sends of a run. */
const longestSendingMs = 20_000;
/** Kept for writing what came of them. */
const settlingMs = 5_000;

/** A message with what came of it. */
export type Sent = { readonly message: Message; readonly tried: Tried };

/** Sends what this run claimed: to all endpoints at once, and to one that takes so many a second one after another. */
export async function sendAll(
  claimed: readonly Message[],
  document: IncidentDocument,
  rules: Rules,
  ports: Ports,
): Promise<readonly Sent[]> {
  const untilMs = ports.nowMs() + Math.min(longestSendingMs, Math.max(0, ports.remainingMs() - settlingMs));
  const sendInTime = async (message: Message): Promise<Sent> => {
    const leftMs = untilMs - ports.nowMs();
    if (leftMs <= 0) return { message, tried: { result: 'failed', why: 'the run had no time left' } };
    // One try may be many calls: a token, a secret, a question, the message itself.
    const tried = await ports.inTime(send(message, document, rules, ports), leftMs);
    return { message, tried: tried?.value ?? { result: 'unknown', why: 'it took longer than the run could wait' } };
  };
  const lastByLane = new Map<string, Promise<Sent>>();
  return Promise.all(
    claimed.map((message): Promise<Sent> => {
      const paceMs = paceMsOf(message.destination, rules.reach);
      if (paceMs === 0) return sendInTime(message);
      const { lane } = message.destination;
      const before = lastByLane.get(lane);
      const sent =
        before === undefined
          ? sendInTime(message)
          : before.then(() => ports.pause(paceMs)).then(() => sendInTime(message));
      lastByLane.set(lane, sent);
      return sent;
    }),
  );
}

async function send(message: Message, document: IncidentDocument, rules: Rules, ports: Ports): Promise<Tried> {
  const page = textOf(message, document, rules, ports.nowMs());
  if (page === undefined) return { result: 'refused', why: 'its incident is gone' };
  if (message.action === 'update' && isCaller(message.destination, rules.reach)) {
    const closed = await findClosed(message, document.outbox, ports);
    if (closed !== undefined) return closed;
  }
  const thread = threadOf(message, document);
  const told = message.mayHaveArrived === true ? { ...page, isRepeated: true } : page;
  const answered = await ask(() => ports.send(message, told, thread));
  return answered.isKnown ? answered.value : { result: 'failed', why: answered.why };
}

/** So long a pager may take until there is an incident of what it accepted. */
const makingMs = 2 * minuteMs;

/** Of what a page that nobody answered wakes people again, where it is open no more. */
const ringing: readonly Message['kind'][] = ['raised', 'rung'];

/**
 * What becomes of an update where nothing is open that it could join, since it would call people anew: a person resolved it
 * there, or nobody can be asked. What ended by itself there was answered by nobody: there a rise and a step of the ladder call.
 */
async function findClosed(message: Message, outbox: readonly Message[], ports: Ports): Promise<Tried | undefined> {
  const [endpoint = ''] = message.destination.endpoints;
  const answered = await ask(() => ports.fetchPagerWord(endpoint, message.key));
  if (!answered.isKnown) return { result: 'failed', why: answered.why };
  const word = answered.value;
  if (word === undefined) {
    return isBeingMade(message, outbox, ports.nowMs())
      ? { result: 'failed', why: 'what it is to join may not be there yet' }
      : { result: 'refused', why: 'nothing is known to be open there that it could join' };
  }
  if (word.status !== 'resolved') return undefined;
  if (word.isByNobody !== true) return { result: 'refused', why: 'somebody resolved there what it could join' };
  return ringing.includes(message.kind)
    ? undefined
    : { result: 'refused', why: 'what it could join ended there by itself, and this calls nobody anew' };
}

/** An event is accepted before an incident is made of it (PagerDuty, Events API v2). */
function isBeingMade(message: Message, outbox: readonly Message[], nowMs: number): boolean {
  const begun = outbox.findLast(
    (one) => one.action === 'trigger' && one.outcome === 'delivered' && laneOf(one) === laneOf(message),
  );
  return begun?.outcomeAtMs !== undefined && nowMs - begun.outcomeAtMs < makingMs;
}

/** What a message says, of what is known now. */
function textOf(
  message: Message,
  { incidents, works, ended }: IncidentDocument,
  rules: Rules,
  nowMs: number,
): Page | undefined {
  if (message.page !== undefined) return message.page;
  const incident = incidents.find(({ id }) => id === message.incidentId);
  if (incident === undefined) return undefined;
  const dealing = worksOf(incident, [...works, ...rules.windows], nowMs);
  const about = { ...message, says: saysNow(message, incident, dealing, nowMs) };
  return pageOf(incident, about, rules.frame, dealing, ended, nowMs);
}

/** The thread that its own beginning began there: also of an incident that is over. */
function threadOf({ incidentId, destination }: Message, { outbox }: IncidentDocument): Thread {
  const [endpoint] = destination.endpoints;
  const began = outbox.find(
    (one) => one.incidentId === incidentId && one.reference !== undefined && one.destination.endpoints[0] === endpoint,
  );
  return began?.reference === undefined ? {} : { reference: began.reference };
}
