import { minuteMs } from '../../../../shared/core/units.ts';
import { causeKey } from './causes.ts';
import type { Incident, IncidentDocument } from './document.ts';
import { causeAlone, isExplainedBy } from './explain.ts';
import { type Message, overdueMs } from './outbox.ts';
import { isSurelyHeard, type Reach } from './reach.ts';
import { type AlarmSaid, wordOfAlarm } from './said.ts';
import { alarmWordKey } from './words.ts';

/** So long an event may be on its way, or a page unsent, before CloudWatch tells people by itself. */
const patienceMs = 2 * minuteMs;

const isLate = (one: Message, nowMs: number): boolean =>
  one.action === 'trigger' && (one.outcome === 'refused' || overdueMs(one, nowMs) >= patienceMs);

/** Somebody else was told of the same incident since: an endpoint that fails is a fault of its own, which others hear. */
const isToldElsewhere = ({ incidentId, madeAtMs }: Message, outbox: readonly Message[], reach: Reach): boolean =>
  outbox.some(
    (other) =>
      other.incidentId === incidentId &&
      other.action === 'trigger' &&
      other.outcome === 'delivered' &&
      isSurelyHeard(other.destination, reach) &&
      (other.outcomeAtMs ?? 0) >= madeAtMs,
  );

/** Whether an alarm may be one of the members of an incident that did not fit: a P0 is never among the many. */
function mayBeLeftOut(alarm: AlarmSaid, { cause, leftOutCount }: Incident): boolean {
  if (leftOutCount === 0) return false;
  if (cause.kind === 'many') return alarm.severity !== 'emergency';
  const word = wordOfAlarm(alarm, true, true);
  return isExplainedBy(word, cause) || causeKey(causeAlone(word)) === causeKey(cause);
}

/**
 * Whether CloudWatch may trust incident with every alarm: each that fires is a symptom that incident knows of, told or held, and
 * no page is overdue. An alarm that began to fire just now may be on its way here.
 */
export function isAllHeard(
  alarms: readonly AlarmSaid[],
  { incidents, outbox }: IncidentDocument,
  reach: Reach,
  nowMs: number,
): boolean {
  const known = new Set(incidents.flatMap(({ members }) => members.map(({ key }) => key)));
  const isKnown = (alarm: AlarmSaid): boolean =>
    known.has(alarmWordKey(alarm.name)) ||
    nowMs - alarm.changedAtMs < patienceMs ||
    incidents.some((one) => mayBeLeftOut(alarm, one));
  const isUnsent = outbox.some((one) => isLate(one, nowMs) && !isToldElsewhere(one, outbox, reach));
  return !isUnsent && alarms.every((alarm) => alarm.state !== 'ALARM' || isKnown(alarm));
}
