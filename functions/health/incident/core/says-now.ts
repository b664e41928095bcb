import { minuteMs } from '../../../../shared/core/units.ts';
import type { Happening, Incident } from './document.ts';
import type { Message } from './outbox.ts';
import { saysOf } from './pages.ts';
import type { Work } from './works.ts';

/** What comes later than this says when it was so. */
const promptMs = 2 * minuteMs;

/**
 * What a message adds, by what is known when it is sent: it may have waited for an endpoint that failed, or for an
 * acknowledgement to lapse. What was one moment's news is told as that moment's.
 */
export function saysNow(message: Message, incident: Incident, works: readonly Work[], nowMs: number): string {
  const { says, saysAnew, madeAtMs, rung } = message;
  if (saysAnew === true) return saysOf(happeningOf(message, incident), incident, rung?.whom ?? '', works, nowMs);
  return nowMs - madeAtMs <= promptMs ? says : `${says} (That was at ${new Date(madeAtMs).toISOString()}.)`;
}

function happeningOf({ kind, rung }: Message, { id, severity }: Incident): Happening {
  if (rung !== undefined) return { kind: 'rung', incidentId: id, rung: 1, afterMinutes: rung.afterMinutes };
  return kind === 'raised' ? { kind, incidentId: id, from: severity } : { kind: 'opened', incidentId: id };
}
