import { minuteMs } from '../../../../shared/core/units.ts';
import type { IncidentDocument } from './document.ts';
import { isWaiting, type Message } from './outbox.ts';
import type { AlarmSaid } from './said.ts';
import { alarmWordKey } from './words.ts';

/** So long an event may be on its way, or a page unsent, before CloudWatch tells people by itself. */
const patienceMs = 2 * minuteMs;

const isLate = (one: Message, nowMs: number): boolean =>
  one.action === 'trigger' && (one.outcome === 'refused' || (isWaiting(one) && nowMs - one.madeAtMs >= patienceMs));

/** Somebody else was told of the same incident since: an endpoint that fails is a fault of its own, which others hear. */
const isToldElsewhere = ({ incidentId, madeAtMs }: Message, outbox: readonly Message[]): boolean =>
  outbox.some(
    (other) =>
      other.incidentId === incidentId &&
      other.action === 'trigger' &&
      other.outcome === 'delivered' &&
      (other.outcomeAtMs ?? 0) >= madeAtMs,
  );

/**
 * Whether CloudWatch may trust incident with every alarm: each that fires is a symptom that incident knows of, told or held, and
 * no page is overdue. An alarm that began to fire just now may be on its way here.
 */
export function isAllHeard(
  alarms: readonly AlarmSaid[],
  { incidents, outbox }: IncidentDocument,
  nowMs: number,
): boolean {
  const known = new Set(incidents.flatMap(({ members }) => members.map(({ key }) => key)));
  const isLeftOut = incidents.some(({ leftOutCount }) => leftOutCount > 0);
  const isKnown = ({ name, changedAtMs }: AlarmSaid): boolean =>
    known.has(alarmWordKey(name)) || isLeftOut || nowMs - changedAtMs < patienceMs;
  const isUnsent = outbox.some((one) => isLate(one, nowMs) && !isToldElsewhere(one, outbox));
  return !isUnsent && alarms.every((alarm) => alarm.state !== 'ALARM' || isKnown(alarm));
}
