import type { Clock, Timer } from '../../../clock.ts';
import { type Cron, parseCron, ScheduleError } from './cron.ts';
import { firstMomentOf, localTimeAt } from './local-time.ts';

/** When something fires: `next` gives the first time after a moment, undefined when there is none any more. */
export type Schedule = { next(afterMs: number): number | undefined };

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** No cron expression that fires at all pauses longer: 29 February on a given weekday comes every 28 years, 40 over 2100. */
const SEARCH_DAYS = 41 * 366;

/**
 * Reads `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)` or, for the scheduler, `at(2026-11-21T09:00:00)`.
 * Rates count from `createdMs`. With a time zone, a time that spring skips is skipped, and one that autumn repeats comes
 * once. Source: EventBridge Scheduler User Guide, "Schedule types", "Daylight savings time".
 * @throws ScheduleError for what AWS would refuse.
 */
export function parseSchedule(expression: string, options: { timeZone: string; createdMs: number }): Schedule {
  const [, kind, argument = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  assertTimeZone(options.timeZone);
  switch (kind) {
    case 'rate':
      return rate(argument, options.createdMs);
    case 'cron': {
      const cron = parseCron(argument);
      return { next: (afterMs) => nextOfCron(cron, afterMs, options.timeZone) };
    }
    case 'at':
      return once(argument, options.timeZone);
    default:
      throw new ScheduleError(`${expression} is no rate(), cron() or at() expression`);
  }
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

function rate(argument: string, createdMs: number): Schedule {
  const [, count = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(argument.trim()) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw new ScheduleError(`rate(${argument}) must be a number and minutes, hours or days`);
  // `rate(1 minutes)` and `rate(5 minute)` are refused by EventBridge.
  if ((count === '1') === (plural === 's'))
    throw new ScheduleError(`rate(${argument}): singular for 1, plural for more`);
  const periodMs = Number(count) * unitMs;
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
