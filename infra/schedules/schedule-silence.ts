import { minuteMs } from '../../shared/core/units.ts';
import { lengthOf } from './cron-runs.ts';
import { lookAhead, type Outlook, type ScheduleFrame } from './schedule-outlook.ts';

/** How long a schedule's runs may stay away before its heartbeat alarm speaks, as CloudWatch counts time. */
export type Silence = { readonly periodSeconds: number; readonly evaluationPeriods: number };

/** Below it, a datapoint that comes a minute late would look like a run that did not come. */
const shortestPeriodMinutes = 5;
/** For a late run, and for a change of the clock that a government decides after the packaging. */
const marginHours = 3;
/** PutMetricAlarm: periods of an hour may span a week, shorter ones a day. */
const longestHours = 168;

/** @param usualMinutes between two runs where no clock changes. @param longestMinutes that will pass without a run */
const silenceFor = (usualMinutes: number, longestMinutes: number): Silence | undefined => {
  if (usualMinutes > 60) {
    const hours = Math.ceil(longestMinutes / 60) + marginHours;
    return hours > longestHours ? undefined : { periodSeconds: 3600, evaluationPeriods: hours };
  }
  const period = Math.max(shortestPeriodMinutes, usualMinutes);
  const periods = Math.max(3, Math.ceil(longestMinutes / period) + 2);
  return periods * period > 24 * 60
    ? silenceFor(Number.POSITIVE_INFINITY, longestMinutes)
    : { periodSeconds: period * 60, evaluationPeriods: periods };
};

/** What a silence spans. */
export const minutesOfSilence = ({ periodSeconds, evaluationPeriods }: Silence): number =>
  (periodSeconds * evaluationPeriods) / 60;

/** What a heartbeat of this schedule waits for, and what it would wait for if no clock changed. */
export type Silences = { readonly silence: Silence | undefined; readonly withoutClockChanges: Silence | undefined };

/**
 * Three runs missed where they come within the hour, one where they come more rarely, with a margin; in both cases counted
 * from the longest time without a run that is to come.
 */
export const silencesOf = ({ usualMs, longest }: Extract<Outlook, { kind: 'runs' }>): Silences => {
  const usualMinutes = usualMs / minuteMs;
  const longestMinutes = longest === undefined ? usualMinutes : lengthOf(longest) / minuteMs;
  return {
    silence: silenceFor(usualMinutes, longestMinutes),
    withoutClockChanges: silenceFor(usualMinutes, usualMinutes),
  };
};

/**
 * @param schedule `rate(…)` or `cron(…)`
 * @returns undefined where CloudWatch cannot look back so far, or the schedule never runs again
 * @throws ScheduleError for what AWS would refuse
 */
export const silenceOf = (schedule: string, frame: ScheduleFrame): Silence | undefined => {
  const outlook = lookAhead(schedule, frame);
  return outlook.kind === 'never' ? undefined : silencesOf(outlook).silence;
};
