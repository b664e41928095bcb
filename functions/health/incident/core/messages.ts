import { call, type Draft, end, page, rise, update } from './calling.ts';
import type { Fired } from './climb.ts';
import type { Happening, Incident } from './document.ts';
import type { Message } from './outbox.ts';
import { endpointsOfRung, type Reach } from './reach.ts';

/** What every message of a happening says. */
export type Saying = Pick<Message, 'kind' | 'says' | 'saysAnew' | 'rung' | 'page'>;

/** The beginnings of an incident's messages. */
export const triggersOf = (outbox: readonly Message[], incidentId: string): readonly Message[] =>
  outbox.filter((one) => one.incidentId === incidentId && one.action === 'trigger');

/**
 * What people are sent because of one happening (I2, I3). Whoever is paged of an incident for the first time hears it under
 * a key of his own; who was paged before hears what changed under the key that he knows.
 *
 * @param incident as it is after the happening; of a closed or joined one, as it was
 * @param fired the rungs, where it is one
 */
export function planMessages(
  happening: Happening,
  incident: Incident,
  fired: Fired,
  saying: Saying,
  outbox: readonly Message[],
  reach: Reach,
  nowMs: number,
): readonly Message[] {
  const drafts = draftsOf(happening, incident, fired, outbox, reach, nowMs);
  return messagesOf(incident.id, drafts, saying, outbox, nowMs);
}

/** Drafts with what they say, and numbers that no other message of the incident has or had behind it. */
export function messagesOf(
  incidentId: string,
  drafts: readonly Draft[],
  saying: Saying,
  outbox: readonly Message[],
  nowMs: number,
): readonly Message[] {
  const numbers = outbox.flatMap((one) => (one.incidentId === incidentId ? Number(one.id.split('/').at(-1)) : []));
  const last = Math.max(0, ...numbers);
  return drafts.map((draft, index) => ({
    ...draft,
    ...saying,
    id: `${incidentId}/${last + index + 1}`,
    incidentId,
    madeAtMs: nowMs,
    dueAtMs: nowMs,
    tries: 0,
  }));
}

function draftsOf(
  happening: Happening,
  incident: Incident,
  fired: Fired,
  outbox: readonly Message[],
  reach: Reach,
  nowMs: number,
): readonly Draft[] {
  const { id, severity } = incident;
  const triggers = triggersOf(outbox, id);
  switch (happening.kind) {
    case 'opened':
      return page(reach.bySeverity(severity), severity, id, triggers, reach);
    case 'raised':
      return rise(reach.bySeverity(severity), severity, `${id}/${severity}`, triggers, reach);
    case 'rung': {
      const endpoints = [...new Set(fired.rungs.flatMap((rung) => endpointsOfRung(rung, reach)))];
      const key = `${id}/${fired.severity}/${happening.afterMinutes}`;
      const isRise = fired.rungs.some(({ raisesTo }) => raisesTo !== undefined);
      return (isRise ? rise : call)(endpoints, fired.severity, key, triggers, reach);
    }
    case 'rerooted':
      return isSilent(incident, nowMs) ? [] : update(triggers);
    case 'update':
      return update(triggers);
    case 'joined':
    case 'closed':
      return end(triggers, reach);
    default:
      return happening satisfies never;
  }
}

/** Somebody wants to hear nothing of it, unless it gets worse. */
const isSilent = ({ acknowledgement }: Incident, nowMs: number): boolean =>
  acknowledgement?.isSilence === true && nowMs < acknowledgement.untilMs;
