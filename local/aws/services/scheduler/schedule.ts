import { type Cron, ScheduleError } from '../../../../infra/schedules/cron.ts';
import { parseScheduleExpression } from '../../../../infra/schedules/schedule-expression.ts';
import type { Clock, Timer } from '../../../clock.ts';
import { firstMomentOf, localTimeAt } from './local-time.ts';

/** When something fires: `next` gives the first time after a moment, undefined when there is none any more. */
export type Schedule = { next(afterMs: number): number | undefined };

/** No cron expression that fires at all pauses longer: 29 February on a given weekday comes every 28 years, 40 over 2100. */
const SEARCH_DAYS = 41 * 366;

/**
 * Reads `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)` or, for the scheduler, `at(2026-11-21T09:00:00)`.
 * Rates count from `createdMs`. With a time zone, a time that spring skips is skipped, and one that autumn repeats comes
 * once. Source: EventBridge Scheduler User Guide, "Schedule types", "Daylight savings time".
 * @throws ScheduleError for what AWS would refuse.
 */
export function parseSchedule(expression: string, options: { timeZone: string; createdMs: number }): Schedule {
  assertTimeZone(options.timeZone);
  const argument = /^at\((.*)\)$/.exec(expression.trim())?.[1];
  if (argument !== undefined) return once(argument, options.timeZone);
  const parsed = parseScheduleExpression(expression);
  if (parsed.kind === 'rate') return every(parsed.minutes * 60_000, options.createdMs);
  return { next: (afterMs) => nextOfCron(parsed.cron, afterMs, options.timeZone) };
}

/** Fires on the clock until cancelled. Each firing gets the time for which it was planned. */
export function runSchedule(clock: Clock, schedule: Schedule, fire: (plannedMs: number) => Promise<void>): Timer {
  let timer: Timer | undefined;
  const plan = (afterMs: number): void => {
    const nextMs = schedule.next(afterMs);
    if (nextMs === undefined) return;
    timer = clock.schedule(nextMs, () => {
      // Planned before it fires, so that a failing target never stops the schedule.
      plan(nextMs);
      return fire(nextMs);
    });
  };
  plan(clock.nowMs());
  return { cancel: () => timer?.cancel() };
}

function every(periodMs: number, createdMs: number): Schedule {
  return { next: (afterMs) => createdMs + Math.max(1, Math.floor((afterMs - createdMs) / periodMs) + 1) * periodMs };
}

function once(argument: string, timeZone: string): Schedule {
  const [, year, month, day, hour, minute] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):\d\d$/.exec(argument) ?? [];
  if (year === undefined) throw new ScheduleError(`at(${argument}) must be yyyy-mm-ddThh:mm:ss`);
  const local = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  };
  const atMs = firstMomentOf(local, timeZone);
  return { next: (afterMs) => (atMs !== undefined && atMs > afterMs ? atMs : undefined) };
}

function nextOfCron(cron: Cron, afterMs: number, timeZone: string): number | undefined {
  const start = localTimeAt(afterMs, timeZone);
  for (let offset = 0; offset <= SEARCH_DAYS; offset += 1) {
    const date = new Date(Date.UTC(start.year, start.month - 1, start.day + offset));
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    if (!cron.isYear(year) || !cron.isMonth(month) || !cron.isDay(year, month, day)) continue;
    for (const hour of cron.hours) {
      if (offset === 0 && hour < start.hour) continue;
      for (const minute of cron.minutes) {
        const moment = firstMomentOf({ year, month, day, hour, minute }, timeZone);
        if (moment !== undefined && moment > afterMs) return moment;
      }
    }
  }
  return undefined;
}

function assertTimeZone(timeZone: string): void {
  try {
    localTimeAt(0, timeZone);
  } catch (cause) {
    throw new ScheduleError(`${timeZone} is not a time zone`, { cause });
  }
}
