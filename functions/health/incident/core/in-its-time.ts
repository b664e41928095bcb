import { minuteMs } from '../../../../shared/core/units.ts';
import { type Cause, causeKey } from './causes.ts';
import { causeAlone } from './explain.ts';
import { isLive, type Member } from './member.ts';

/** What follows from a fault is its own for so long after it ended: groups catch up, copies are brought up to date. */
export const afterglowMs = 15 * minuteMs;

/** Groups fall behind for many reasons, of which a dead broker is one. */
const manyReasons: readonly string[] = ['lag-messages', 'lag-seconds'];

/**
 * Whether a symptom began when it may follow from a broker's fault: lag does until 15 min after the broker's return, anything else
 * is not a matter of time.
 *
 * @param all every member of the cluster's, of which those that are the fault itself say when it was
 */
export function isInItsTime(symptom: Member, cause: Cause, all: readonly Member[]): boolean {
  if (cause.kind !== 'broker-down' || !manyReasons.includes(symptom.check)) return true;
  const its = all.filter((one) => causeKey(causeAlone(one)) === causeKey(cause));
  if (its.length === 0 || its.some(isLive)) return true;
  const backMs = Math.max(...its.flatMap(({ goneAtMs }) => goneAtMs ?? []));
  return symptom.sinceMs <= backMs + afterglowMs;
}
