import { minuteMs } from '../../../../shared/core/units.ts';
import type { Happening, Incident } from './document.ts';
import { claimMs, isWaiting, laneOf, type Message } from './outbox.ts';
import { type Destination, destinationsOf, endpointsOfRung, type Reach } from './reach.ts';
import type { Rung } from './rungs.ts';
import type { PagingSeverity } from './words.ts';

type Draft = Pick<Message, 'destination' | 'key' | 'action'>;

/** What every message of a happening says. */
export type Saying = Pick<Message, 'kind' | 'says' | 'rung' | 'page'>;

/** The rungs of one step, as the ladder has them. */
export type FiredRungs = readonly Rung[];

const triggersOf = (outbox: readonly Message[], incidentId: string): readonly Message[] =>
  outbox.filter((one) => one.incidentId === incidentId && one.action === 'trigger');

/** Who hears what changes and what ends: a telephone's text only ever begins (I2). */
const goesOnWith = (destination: Destination, reach: Reach): Destination | undefined => {
  if (destination.by === 'endpoint') return destination;
  const endpoints = destination.endpoints.filter((name) => reach.kindOf(name) !== 'sms');
  return endpoints.length === 0 ? undefined : { ...destination, endpoints };
};

/** What is mailed is what begins and what ends; what changes goes where it joins what is there. */
const hearsUpdates = ({ by }: Destination): boolean => by === 'endpoint';

/**
 * What people are sent because of one happening (I2, I3). Whoever is paged of an incident for the first time hears it under
 * a key of his own; who was paged before hears what changed under the key that he knows.
 *
 * @param incident as it is after the happening; of a closed or joined one, as it was
 * @param rungs that fired with it, of a rung
 */
export function planMessages(
  happening: Happening,
  incident: Incident,
  rungs: FiredRungs,
  saying: Saying,
  outbox: readonly Message[],
  reach: Reach,
  nowMs: number,
): readonly Message[] {
  const there = outbox.filter(({ incidentId }) => incidentId === incident.id).length;
  return draftsOf(happening, incident, rungs, outbox, reach, nowMs).map((draft, index) => ({
    ...draft,
    ...saying,
    id: `${incident.id}/${there + index + 1}`,
    incidentId: incident.id,
    madeAtMs: nowMs,
    dueAtMs: nowMs,
    tries: 0,
  }));
}

function draftsOf(
  happening: Happening,
  incident: Incident,
  rungs: FiredRungs,
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
      return page(reach.bySeverity(severity), severity, `${id}/${severity}`, triggers, reach);
    case 'rung': {
      const endpoints = [...new Set(rungs.flatMap((rung) => endpointsOfRung(rung, reach)))];
      return page(endpoints, severity, `${id}/${severity}/${happening.afterMinutes}`, triggers, reach);
    }
    case 'rerooted':
      return isSilent(incident, nowMs) ? [] : update(triggers);
    case 'update':
      return update(triggers);
    case 'joined':
    case 'closed':
      return triggers.flatMap(({ destination, key }): readonly Draft[] => {
        const to = goesOnWith(destination, reach);
        return to === undefined ? [] : [{ destination: to, key, action: 'resolve' }];
      });
    default:
      return happening satisfies never;
  }
}

/** Somebody wants to hear nothing of it, unless it gets worse. */
const isSilent = ({ acknowledgement }: Incident, nowMs: number): boolean =>
  acknowledgement?.isSilence === true && nowMs < acknowledgement.untilMs;

/** Pages who was not paged of this incident yet, and tells the others what changed. */
function page(
  endpoints: readonly string[],
  severity: PagingSeverity,
  key: string,
  triggers: readonly Message[],
  reach: Reach,
): readonly Draft[] {
  const paged = new Set(triggers.flatMap(({ destination }) => destination.endpoints));
  const fresh = endpoints.filter((name) => !paged.has(name));
  const begun = destinationsOf(fresh, severity, reach).map(
    (destination): Draft => ({ destination, key, action: 'trigger' }),
  );
  return [...begun, ...update(triggers)];
}

const update = (triggers: readonly Message[]): readonly Draft[] =>
  triggers
    .filter(({ destination, outcome }) => hearsUpdates(destination) && outcome !== 'refused' && outcome !== 'dropped')
    .map(({ destination, key }) => ({ destination, key, action: 'update' }));

/** Two minutes an endpoint may fail before others hear what it should have said. */
const patienceMs = 2 * minuteMs;
/** A message that whoever claimed it never tried is tried again first. */
const claimedPatienceMs = claimMs + minuteMs;

/** A page that its endpoint refused, or that did not arrive for too long. */
export function isOverdue(message: Message, nowMs: number): boolean {
  if (message.action !== 'trigger' && message.action !== 'notice') return false;
  if (message.outcome === 'refused') return true;
  const mostMs = message.why === undefined ? claimedPatienceMs : patienceMs;
  return isWaiting(message) && nowMs - message.madeAtMs >= mostMs;
}

/**
 * The other endpoints of that severity, for a page that did not arrive: those that were not paged of it, and where there are
 * none, whoever is paged at a worse severity.
 */
export function planDetours(
  incident: Incident,
  outbox: readonly Message[],
  reach: Reach,
  nowMs: number,
): readonly Message[] {
  const triggers = triggersOf(outbox, incident.id);
  const failing = triggers.filter((one) => isOverdue(one, nowMs));
  if (failing.length === 0) return [];
  const paged = new Set(triggers.flatMap(({ destination }) => destination.endpoints));
  const isHeard = triggers.some(({ outcome }) => outcome === 'delivered');
  const severities = ['warning', 'critical', 'emergency'] as const;
  const own = reach.bySeverity(incident.severity).filter((name) => !paged.has(name));
  const worse = severities
    .slice(severities.indexOf(incident.severity) + 1)
    .flatMap((severity) => reach.bySeverity(severity).map((name) => ({ name, severity })))
    .filter(({ name }) => !paged.has(name));
  const others = own.length > 0 || isHeard ? own : [...new Set(worse.map(({ name }) => name))];
  const severity = own.length > 0 || isHeard ? incident.severity : (worse[0]?.severity ?? incident.severity);
  const drafts = destinationsOf(others, severity, reach).map(
    (destination): Draft => ({ destination, key: `${incident.id}/detour`, action: 'trigger' }),
  );
  const lanes = new Set(outbox.map(laneOf));
  const there = outbox.filter(({ incidentId }) => incidentId === incident.id).length;
  return drafts
    .filter((draft) => !lanes.has(laneOf(draft)))
    .map((draft, index) => ({
      ...draft,
      kind: 'opened',
      says: `Others were to hear of it first and could not be reached: ${failing.flatMap(({ destination }) => destination.endpoints).join(', ')}.`,
      id: `${incident.id}/${there + index + 1}`,
      incidentId: incident.id,
      madeAtMs: nowMs,
      dueAtMs: nowMs,
      tries: 0,
    }));
}
