import type { Schedules } from '../../shared/config-types.ts';
import type { Mistake } from './mistake.ts';

/** Schedules take names of the IANA data base (`Asia/Taipei`); `Intl` alone would take offsets too. */
export const checkTimeZone = (timeZone: string | undefined): Mistake[] => {
  if (timeZone === undefined) return [];
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    if (/^[A-Za-z]/.test(timeZone)) return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return [{ path: ['timeZone'], message: 'is not a time zone: a name like Asia/Taipei, Europe/Berlin, UTC' }];
};

const ratePattern = /^rate\((?<count>\d+) (?<unit>minute|hour|day)(?<plural>s?)\)$/;

const findScheduleProblem = (schedule: string): string | undefined => {
  const rate = ratePattern.exec(schedule)?.groups;
  if (rate !== undefined) {
    const count = Number(rate.count);
    if (count === 0) return 'must be at least every minute: rate(1 minute)';
    return (count === 1) === (rate.plural === '') ? undefined : 'must read rate(1 minute), rate(2 minutes)';
  }
  const fields = /^cron\((?<fields>.*)\)$/.exec(schedule)?.groups?.fields?.split(' ') ?? [];
  const [, , dayOfMonth, , dayOfWeek] = fields;
  const isOneOpen = (dayOfMonth === '?') !== (dayOfWeek === '?');
  return isOneOpen ? undefined : 'must have ? as day of the month or as day of the week, and not as both';
};

/** What AWS would refuse only when the stack is deployed. */
export const checkScheduleTexts = (schedules: Partial<Schedules> | undefined): Mistake[] =>
  Object.entries(schedules ?? {}).flatMap(([name, schedule]): Mistake[] => {
    const problem = findScheduleProblem(schedule);
    return problem === undefined ? [] : [{ path: ['schedules', name], message: problem }];
  });
