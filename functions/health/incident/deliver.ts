import type { Tried } from '../../../shared/core/delivery.ts';
import { ask } from '../../../shared/core/known.ts';
import type { Page } from '../../../shared/telling/core/page.ts';
import type { Rules } from './core/advance.ts';
import type { IncidentDocument } from './core/document.ts';
import type { Message } from './core/outbox.ts';
import { pageOf } from './core/pages.ts';
import { isCaller, paceMsOf } from './core/reach.ts';
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
    if (ports.nowMs() >= untilMs) return { message, tried: { result: 'failed', why: 'the run had no time left' } };
    return { message, tried: await send(message, document, rules, ports) };
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
    const closed = await findClosed(message, ports);
    if (closed !== undefined) return closed;
  }
  const thread = threadOf(message, document);
  const told = message.mayHaveArrived === true ? { ...page, isRepeated: true } : page;
  const answered = await ask(() => ports.send(message, told, thread));
  return answered.isKnown ? answered.value : { result: 'failed', why: answered.why };
}

/**
 * What becomes of an update where nothing is open that it could join: a person resolved it there, or nobody can be asked. It would
 * call people anew.
 */
async function findClosed({ destination, key }: Message, ports: Ports): Promise<Tried | undefined> {
  const [endpoint = ''] = destination.endpoints;
  const answered = await ask(() => ports.fetchPagerWord(endpoint, key));
  if (!answered.isKnown) return { result: 'failed', why: answered.why };
  return answered.value === undefined || answered.value.status === 'resolved'
    ? { result: 'refused', why: 'nothing is known to be open there that it could join' }
    : undefined;
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
  return pageOf(incident, message, rules.frame, dealing, ended, nowMs);
}

/** The thread that its own beginning began there: also of an incident that is over. */
function threadOf({ incidentId, destination }: Message, { outbox }: IncidentDocument): Thread {
  const [endpoint] = destination.endpoints;
  const began = outbox.find(
    (one) => one.incidentId === incidentId && one.reference !== undefined && one.destination.endpoints[0] === endpoint,
  );
  return began?.reference === undefined ? {} : { reference: began.reference };
}
