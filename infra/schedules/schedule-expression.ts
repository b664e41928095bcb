import { dayMs } from '../../shared/core/units.ts';
import { type Cron, parseCron, ScheduleError } from './cron.ts';

/** What `rate(…)` or `cron(…)` says; the time zone is no part of it. */
export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly minutes: number }
  | { readonly kind: 'cron'; readonly cron: Cron };

/** Ours: what runs less than once a year watches nothing, and beyond some number of digits it is no number any more. */
const longestRateMinutes = 366 * 1440;

const minutesByUnit: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

const parseRate = (argument: string): number => {
  const {
    count = '',
    unit = '',
    plural,
  } = /^(?<count>\d+) (?<unit>minute|hour|day)(?<plural>s?)$/.exec(argument)?.groups ?? {};
  const unitMinutes = minutesByUnit[unit];
  if (unitMinutes === undefined) throw new ScheduleError('must be rate(n minutes), rate(n hours) or rate(n days)');
  if (Number(count) === 0) throw new ScheduleError('must be at least every minute: rate(1 minute)');
  if ((Number(count) === 1) !== (plural === '')) throw new ScheduleError('must read rate(1 minute), rate(2 minutes)');
  const minutes = Number(count) * unitMinutes;
  if (minutes > longestRateMinutes) throw new ScheduleError('must run once a year at least: rate(366 days)');
  return minutes;
};

/**
 * Reads a schedule as EventBridge Scheduler does. Source: EventBridge Scheduler User Guide, "Schedule types".
 *
 * @throws ScheduleError for what AWS would refuse, and for a rate of more than a year
 */
export const parseScheduleExpression = (expression: string): ScheduleExpression => {
  const [, kind, argument = ''] = /^(rate|cron)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') return { kind, minutes: parseRate(argument.trim()) };
  if (kind === 'cron') return { kind, cron: parseCron(argument) };
  throw new ScheduleError(`${expression} is no rate() or cron() expression`);
};

/** The calendar repeats its weekdays and leap years after 28 years; here from a leap year on, clear of 2100. */
const cycleYears = Array.from({ length: 28 }, (_, index) => 2024 + index);

/** How many of a cycle's days a cron expression runs on, and how many there are, in the years that it names. */
const countDays = (cron: Cron): { readonly chosen: number; readonly all: number } => {
  let chosen = 0;
  let all = 0;
  for (const year of cycleYears.filter((one) => cron.isYear(one))) {
    const endMs = Date.UTC(year + 1, 0, 1);
    for (let ms = Date.UTC(year, 0, 1); ms < endMs; ms += dayMs) {
      const date = new Date(ms);
      const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
      all += 1;
      if (cron.isMonth(month) && cron.isDay(year, month, day)) chosen += 1;
    }
  }
  return { chosen, all };
};

/**
 * Runs in a month of 30 days, on average over those years of 2024 to 2051 that the expression names; no whole number where
 * it follows the calendar. Clock changes are left out.
 */
export const runsPerMonthOf = (schedule: ScheduleExpression): number => {
  if (schedule.kind === 'rate') return (30 * 1440) / schedule.minutes;
  const { chosen, all } = countDays(schedule.cron);
  if (all === 0) return 0;
  return (schedule.cron.hours.length * schedule.cron.minutes.length * chosen * 30) / all;
};
