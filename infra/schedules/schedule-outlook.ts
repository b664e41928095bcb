import { dayMs, minuteMs } from '../../shared/core/units.ts';
import { type Stretch, stretchesOf } from './clock-changes.ts';
import type { Cron } from './cron.ts';
import { firstRunAfter, type Gap, lengthOf, longerOf, runDaysOf } from './cron-runs.ts';
import { parseScheduleExpression } from './schedule-expression.ts';

/** Where and when a schedule is looked at: the zone in which it runs, and the moment of packaging. */
export type ScheduleFrame = { readonly timeZone: string; readonly nowMs: number };

/**
 * What a schedule will do.
 *
 * @property usualMs the longest time between two runs, were there no changes of the clock
 * @property longest the longest time without a run that is to come; absent where it follows from the expression alone
 * @property lastMs the last run of a schedule that ends within the time that was looked at
 */
export type Outlook =
  | { readonly kind: 'never' }
  | { readonly kind: 'runs'; readonly usualMs: number; readonly longest?: Gap; readonly lastMs?: number };

/** Two whole years hold both changes of the clock twice, whatever day they are looked at from. */
const horizonMs = 731 * dayMs;

/** The longest time without a run from `fromMs` on, which is no run itself, to the end of the stretches but a day. */
const findLongest = (cron: Cron, stretches: readonly Stretch[], fromMs: number) => {
  let previousMs = fromMs;
  let longest: Gap | undefined;
  for (const { firstMs, lastMs, widest } of runDaysOf(cron, stretches, {
    afterMs: fromMs,
    untilMs: fromMs + horizonMs,
  })) {
    longest = longerOf(longerOf(longest, { fromMs: previousMs, untilMs: firstMs }), widest);
    previousMs = lastMs;
  }
  return { longest, previousMs };
};

const lookAtCron = (cron: Cron, { timeZone, nowMs }: ScheduleFrame): Outlook => {
  const fromMs = Math.floor(nowMs / minuteMs) * minuteMs;
  const firstMs = firstRunAfter(cron, timeZone, fromMs);
  if (firstMs === undefined) return { kind: 'never' };
  const [beginMs, endMs] = [fromMs - 2 * dayMs, fromMs + horizonMs + 2 * dayMs];
  const { longest, previousMs } = findLongest(cron, stretchesOf(timeZone, beginMs, endMs), fromMs);
  const usual = findLongest(cron, [{ fromMs: beginMs, untilMs: endMs, offsetMs: 0 }], fromMs);
  const nextMs = firstRunAfter(cron, timeZone, fromMs + horizonMs - minuteMs);
  const toNext = nextMs === undefined ? undefined : { fromMs: previousMs, untilMs: nextMs };
  const whole = longerOf(longest, toNext);
  return {
    kind: 'runs',
    usualMs: usual.longest === undefined ? horizonMs : lengthOf(usual.longest),
    ...(whole !== undefined && { longest: whole }),
    ...(nextMs === undefined && { lastMs: previousMs }),
  };
};

/**
 * Looks two years ahead, and for the next run as far as a cron expression can reach.
 *
 * @param schedule `rate(…)` or `cron(…)`
 * @throws ScheduleError for what AWS would refuse
 */
export const lookAhead = (schedule: string, frame: ScheduleFrame): Outlook => {
  const parsed = parseScheduleExpression(schedule);
  // A rate counts hours, whatever the clock shows.
  if (parsed.kind === 'rate') return { kind: 'runs', usualMs: parsed.minutes * minuteMs };
  return lookAtCron(parsed.cron, frame);
};
