import { hourMs, minuteMs } from '../../../../shared/core/units.ts';
import type { HealthState } from './memory.ts';
import { isHalfHourRead } from './metrics.ts';
import type { Depth, HalfHour, HealthObservation } from './observation.ts';

/**
 * What has no alarm, warnings and memory, is judged so often, over all datapoints since the last time: CloudWatch is paid for
 * each series that is asked for, not for its datapoints.
 */
const everyMs = 30 * minuteMs;
/** Runs of one schedule are seconds more or less apart: half an hour less a second is half an hour. */
const jitterMs = 20_000;
/** What is caught up after runs that were missed. */
const longestMs = 3 * hourMs;

/** The span that is due; undefined where the last one was judged less than half an hour ago. A full run always judges. */
export function planHalfHour(depth: Depth, previous: HealthState | undefined, nowMs: number): HalfHour | undefined {
  const judgedToMs = previous?.halfHourJudgedToMs;
  // Nothing is known of a time before the first run, and a clock that ran ahead proves nothing.
  if (judgedToMs === undefined || judgedToMs > nowMs) return { fromMs: nowMs - everyMs };
  if (depth === 'light' && nowMs - judgedToMs < everyMs - jitterMs) return undefined;
  const earliestMs = nowMs - longestMs;
  return judgedToMs < earliestMs ? { fromMs: earliestMs, unjudgedFromMs: judgedToMs } : { fromMs: judgedToMs };
}

/**
 * Until when everything is judged, for the next run to go on from. A span of which CloudWatch did not give all that it has is
 * due again at the next run; a broker that sent nothing holds nothing up.
 */
export function planHalfHourMark(seen: HealthObservation, previous: HealthState | undefined): number | undefined {
  const { halfHour, metrics, nowMs } = seen;
  const isAsked = metrics.isKnown || metrics.isAsked;
  if (halfHour === undefined || !isAsked) return previous?.halfHourJudgedToMs;
  return isHalfHourRead(seen) ? nowMs : (halfHour.unjudgedFromMs ?? halfHour.fromMs);
}
