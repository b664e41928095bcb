import { isDaily, parseScheduleExpression, type ScheduleExpression } from './schedule-expression.ts';

/** How long a schedule's runs may stay away before its heartbeat alarm speaks, as CloudWatch counts time. */
export type Silence = { readonly periodSeconds: number; readonly evaluationPeriods: number };

/** Below it, a datapoint that comes a minute late would look like a run that did not come. */
const shortestPeriodMinutes = 5;
/** A day and a margin: when clocks change, the next run is 25 hours off. */
const marginHours = 3;
/** PutMetricAlarm: periods of an hour may span a week, shorter ones a day. */
const longestHours = 168;

/** The longest time between two runs in minutes; undefined where a cron expression does not run every day. */
const intervalMinutesOf = (schedule: ScheduleExpression): number | undefined => {
  if (schedule.kind === 'rate') return schedule.minutes;
  const { cron } = schedule;
  if (!isDaily(cron)) return undefined;
  if (cron.hours.length < 24) return 1440;
  const [first = 0] = cron.minutes;
  const gaps = cron.minutes.map((minute, index) => (cron.minutes[index + 1] ?? first + 60) - minute);
  return Math.max(...gaps);
};

/**
 * Three runs missed where they come within the hour, one where they come more rarely, with a margin.
 *
 * @param schedule `rate(…)` or `cron(…)`
 * @returns undefined where CloudWatch cannot look back so far, or the schedule does not run every day
 * @throws ScheduleError for what AWS would refuse
 */
export const silenceOf = (schedule: string): Silence | undefined => {
  const minutes = intervalMinutesOf(parseScheduleExpression(schedule));
  if (minutes === undefined) return undefined;
  if (minutes <= 60) return { periodSeconds: Math.max(shortestPeriodMinutes, minutes) * 60, evaluationPeriods: 3 };
  const hours = Math.ceil(minutes / 60) + marginHours;
  return hours > longestHours ? undefined : { periodSeconds: 3600, evaluationPeriods: hours };
};
