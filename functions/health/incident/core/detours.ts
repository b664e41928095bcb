import { minuteMs } from '../../../../shared/core/units.ts';
import type { Draft } from './calling.ts';
import type { Incident } from './document.ts';
import { isAnswered, type PagerWord } from './ladder.ts';
import { messagesOf, triggersOf } from './messages.ts';
import { claimMs, laneOf, type Message, overdueMs } from './outbox.ts';
import { destinationsOf, isSurelyHeard, isWaking, type Reach } from './reach.ts';
import { type PagingSeverity, pagingSeverities } from './words.ts';

/**
 * An endpoint may fail for a minute; the next one brings what it should have said to others, so that they hear it within two
 * minutes of its first failure.
 */
const patienceMs = minuteMs;
/** A message that whoever claimed it never tried is tried again first. */
const claimedPatienceMs = claimMs + minuteMs;

/**
 * A page that its endpoint refused, or that did not arrive for too long.
 *
 * @param failingMs how long a try after the other may fail
 */
export function isOverdue(message: Message, nowMs: number, failingMs = patienceMs): boolean {
  if (message.action !== 'trigger' && message.action !== 'notice') return false;
  if (message.outcome === 'refused') return true;
  return message.why === undefined
    ? overdueMs(message, nowMs) >= claimedPatienceMs
    : overdueMs(message, nowMs) > failingMs;
}

const detourKeyOf = (incidentId: string): string => `${incidentId}/detour`;

/** Whether it takes the place of a page that did not arrive. */
export const isDetour = ({ incidentId, key, action }: Message): boolean =>
  action === 'trigger' && incidentId !== undefined && key === detourKeyOf(incidentId);

/** Whether somebody heard of it as he should have: nobody knows of what is sent to Amazon Q. */
function isHeard(failing: readonly Message[], triggers: readonly Message[], reach: Reach): boolean {
  const wakes = ({ destination }: Message): boolean => destination.endpoints.some((name) => isWaking(name, reach));
  const counts = (one: Message): boolean => (failing.some(wakes) ? wakes(one) : isSurelyHeard(one.destination, reach));
  return triggers.some((one) => one.outcome === 'delivered' && counts(one));
}

/**
 * The other endpoints of that severity, for a page that did not arrive: those that were not paged of it, and where there are
 * none and nobody was reached, whoever is paged at a worse severity. Nobody, where somebody deals with it.
 */
export function planDetours(
  incident: Incident,
  outbox: readonly Message[],
  reach: Reach,
  nowMs: number,
  pager?: PagerWord,
): readonly Message[] {
  const { id, severity, quietSinceMs } = incident;
  const triggers = triggersOf(outbox, id);
  const failing = triggers.filter((one) => isOverdue(one, nowMs));
  if (failing.length === 0 || quietSinceMs !== undefined || isAnswered(incident, pager, nowMs)) return [];
  const paged = new Set(triggers.flatMap(({ destination }) => destination.endpoints));
  const unpaged = (one: PagingSeverity): readonly string[] => reach.bySeverity(one).filter((name) => !paged.has(name));
  const worse = pagingSeverities.slice(pagingSeverities.indexOf(severity) + 1);
  const wanted = unpaged(severity).length > 0 || isHeard(failing, triggers, reach) ? [severity] : worse;
  const by = wanted.find((one) => unpaged(one).length > 0);
  if (by === undefined) return [];
  const lanes = new Set(outbox.map(laneOf));
  const drafts = destinationsOf(unpaged(by), by, reach)
    .map((destination): Draft => ({ destination, key: detourKeyOf(id), action: 'trigger' }))
    .filter((draft) => !lanes.has(laneOf(draft)));
  const unreached = [...new Set(failing.flatMap(({ destination }) => destination.endpoints))].join(', ');
  const says = `Others were to hear of it first and could not be reached: ${unreached}.`;
  return messagesOf(id, drafts, { kind: 'opened', says }, outbox, nowMs);
}
