import type { Schedules } from '../../shared/core/configuration.ts';
import { ScheduleError } from '../schedules/cron.ts';
import { parseScheduleExpression } from '../schedules/schedule-expression.ts';
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

const findScheduleProblem = (schedule: string): string | undefined => {
  try {
    parseScheduleExpression(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
};

/** What AWS would refuse only when the stack is deployed. */
export const checkScheduleTexts = (schedules: Schedules | undefined): Mistake[] =>
  Object.entries(schedules ?? {}).flatMap(([name, schedule]): Mistake[] => {
    const problem = findScheduleProblem(schedule);
    return problem === undefined ? [] : [{ path: ['schedules', name], message: problem }];
  });
