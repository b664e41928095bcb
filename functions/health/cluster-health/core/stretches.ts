import { compareSeverities, type Severity } from '../../../../shared/core/finding.ts';
import type { Limit, Sample } from '../../../../shared/core/policy.ts';
import { minuteMs } from '../../../../shared/core/units.ts';

/**
 * A time in which a limit was exceeded for as long as it names, and which is over.
 *
 * @property minutes from its first to its last datapoint
 * @property toMs when its last datapoint was
 */
export type PastStretch = {
  readonly level: 'notice' | 'warning' | 'critical' | 'emergency';
  readonly threshold: number;
  readonly minutes: number;
  readonly toMs: number;
};

/** A longer silence after a datapoint ends a stretch: nobody knows what came then. */
export const longestGapMs = 10 * minuteMs;
/** Datapoints arrive minutes late: what ended just before the last judgement was not seen by it. */
const lateMs = 5 * minuteMs;

const worstFirst = ['emergency', 'critical', 'warning', 'notice'] as const;

/**
 * The worst time since `fromMs` in which a limit was exceeded for its minutes and which is over by now, or of which nobody
 * knows whether it is: an alarm would have rung and gone silent. What is still exceeded is `evaluateLimit`'s to judge.
 *
 * @param samples newest last, however old
 * @param isBreached above the limit unless said otherwise: below, of a floor
 */
export function findPastStretch(
  limit: Limit,
  samples: readonly Sample[],
  { fromMs, nowMs }: { readonly fromMs: number; readonly nowMs: number },
  isBreached = (value: number, threshold: number): boolean => value > threshold,
): PastStretch | undefined {
  for (const level of worstFirst) {
    const threshold = limit[level];
    if (threshold === undefined) continue;
    const forMs = (limit[`${level}ForMinutes`] ?? 0) * minuteMs;
    const longest = stretchesBeyond((value) => isBreached(value, threshold), samples, nowMs)
      .filter(({ toMs, sinceMs }) => toMs > fromMs - lateMs && toMs - sinceMs >= forMs)
      .toSorted((left, right) => right.toMs - right.sinceMs - (left.toMs - left.sinceMs))[0];
    if (longest !== undefined) {
      const { sinceMs, toMs } = longest;
      return { level, threshold, minutes: Math.round((toMs - sinceMs) / minuteMs), toMs };
    }
  }
  return undefined;
}

/** Each run of breaching datapoints that another datapoint, or a long silence, ended: also one that lasts until now. */
function stretchesBeyond(isBreached: (value: number) => boolean, samples: readonly Sample[], nowMs: number) {
  const stretches: { readonly sinceMs: number; readonly toMs: number }[] = [];
  let open: { readonly sinceMs: number; readonly toMs: number } | undefined;
  for (const { atMs, value } of samples) {
    if (open !== undefined && (!isBreached(value) || atMs - open.toMs > longestGapMs)) {
      stretches.push(open);
      open = undefined;
    }
    if (isBreached(value)) open = { sinceMs: open?.sinceMs ?? atMs, toMs: atMs };
  }
  if (open !== undefined && nowMs - open.toMs > longestGapMs) stretches.push(open);
  return stretches;
}

/** What is over is worth a warning, however bad it was: nobody is called out for what they can no longer see. */
export const severityOfPast = ({ level }: PastStretch): Severity =>
  compareSeverities(level, 'warning') > 0 ? 'warning' : level;
