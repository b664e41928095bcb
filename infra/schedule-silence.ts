/** How long a schedule's runs may stay away before its heartbeat alarm speaks, as CloudWatch counts time. */
export type Silence = { readonly periodSeconds: number; readonly evaluationPeriods: number };

/** Below it, a datapoint that comes a minute late would look like a run that did not come. */
const shortestPeriodMinutes = 5;
/** A day and a margin: when clocks change, the next run is 25 hours off. */
const marginHours = 3;
/** PutMetricAlarm: periods of an hour may span a week, shorter ones a day. */
const longestHours = 168;

const minutesByUnit: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/** The longest time between two runs in minutes; undefined where it is not plain, or longer than a day by cron. */
const intervalMinutesOf = (schedule: string): number | undefined => {
  const rate = /^rate\((?<count>\d+) (?<unit>minute|hour|day)s?\)$/.exec(schedule)?.groups;
  if (rate !== undefined) return Number(rate.count) * (minutesByUnit[rate.unit ?? ''] ?? Number.NaN);
  const [minute = '', hour, dayOfMonth, month, dayOfWeek] = /^cron\((.*)\)$/.exec(schedule)?.[1]?.split(' ') ?? [];
  const isEveryDay = [dayOfMonth, dayOfWeek].every((day) => day === '*' || day === '?') && month === '*';
  if (!isEveryDay) return undefined;
  if (hour !== '*') return 1440;
  const step = /^[*0]\/(?<minutes>\d+)$/.exec(minute)?.groups?.minutes;
  return step === undefined ? 60 : Number(step);
};

/**
 * Three runs missed where they come within the hour, one where they come more rarely, with a margin.
 *
 * @param schedule `rate(…)` or `cron(…)`
 * @returns undefined where CloudWatch cannot look back so far, or the schedule does not run every day
 */
export const silenceOf = (schedule: string): Silence | undefined => {
  const minutes = intervalMinutesOf(schedule);
  if (minutes === undefined) return undefined;
  if (minutes <= 60) return { periodSeconds: Math.max(shortestPeriodMinutes, minutes) * 60, evaluationPeriods: 3 };
  const hours = Math.ceil(minutes / 60) + marginHours;
  return hours > longestHours ? undefined : { periodSeconds: 3600, evaluationPeriods: hours };
};
