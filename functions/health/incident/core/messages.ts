import type { Happening, Incident } from './document.ts';
import type { Message } from './outbox.ts';
import type { PagingSeverity } from './words.ts';

/** Endpoints by name: whom each severity pages, and whom each level of the contact tree is called by. */
export type Reach = {
  readonly bySeverity: Readonly<Record<PagingSeverity, readonly string[]>>;
  readonly byLevel: Readonly<Record<'management' | 'executives', readonly string[]>>;
};

type Draft = Pick<Message, 'endpoint' | 'key' | 'action' | 'about'>;

const isLevel = (to: string): to is keyof Reach['byLevel'] => to === 'management' || to === 'executives';

/** What was triggered of an incident, by endpoint and key: it hears what changes, and the end. */
const triggeredOf = (outbox: readonly Message[], incidentId: string): readonly Pick<Message, 'endpoint' | 'key'>[] =>
  outbox.filter((one) => one.incidentId === incidentId && one.action === 'trigger');

/**
 * What people are sent because of one happening (I2, I3). Whoever is paged of an incident for the first time hears it under
 * a key of his own; who was paged before hears what changed under the key that he knows.
 *
 * @param incident as it is after the happening; of a closed or joined one, as it was
 */
export function planMessages(
  happening: Happening,
  incident: Incident,
  outbox: readonly Message[],
  reach: Reach,
  nowMs: number,
): readonly Message[] {
  const triggered = triggeredOf(outbox, incident.id);
  const drafts = draftsOf(happening, incident, triggered, reach);
  const there = outbox.filter(({ incidentId }) => incidentId === incident.id).length;
  return drafts.map((draft, index) => ({
    ...draft,
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
  triggered: readonly Pick<Message, 'endpoint' | 'key'>[],
  reach: Reach,
): readonly Draft[] {
  const { kind } = happening;
  switch (kind) {
    case 'opened':
      return page(reach.bySeverity[incident.severity], `${incident.id}`, triggered, kind);
    case 'raised':
      return page(reach.bySeverity[incident.severity], `${incident.id}/${incident.severity}`, triggered, kind);
    case 'rung': {
      const { to } = happening;
      const endpoints = isLevel(to) ? reach.byLevel[to] : reach.bySeverity[incident.severity];
      return page(endpoints, `${incident.id}/${to}`, triggered, `rung ${happening.afterMinutes} ${to}`);
    }
    case 'rerooted':
      return update(triggered, kind);
    case 'joined':
    case 'closed':
      return triggered.map(({ endpoint, key }) => ({ endpoint, key, action: 'resolve', about: kind }));
    default:
      return kind satisfies never;
  }
}

/** Pages who was not paged of this incident yet, and tells the others what changed. */
function page(
  endpoints: readonly string[],
  key: string,
  triggered: readonly Pick<Message, 'endpoint' | 'key'>[],
  about: string,
): readonly Draft[] {
  const paged = new Set(triggered.map(({ endpoint }) => endpoint));
  const fresh = [...new Set(endpoints)].filter((endpoint) => !paged.has(endpoint));
  const trigger = fresh.map((endpoint): Draft => ({ endpoint, key, action: 'trigger', about }));
  return [...trigger, ...update(triggered, about)];
}

const update = (triggered: readonly Pick<Message, 'endpoint' | 'key'>[], about: string): readonly Draft[] =>
  triggered.map(({ endpoint, key }) => ({ endpoint, key, action: 'update', about }));
