import { parseCron } from '../../../../infra/schedules/cron.ts';

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/** What a zone's clock shows, as if it were UTC, by the parts that `Intl` prints. */
const clockOf = (timeZone: string): ((ms: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (ms) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = (format.format(ms).match(/\d+/g) ?? []).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute);
  };
};

/**
 * The longest time between two runs, by looking at the clock minute for minute: a run is each minute that the expression names
 * and that the clock shows for the first time. Clocks are asked each quarter of an hour, at which all of them change.
 *
 * @returns minutes
 */
export const walkLongestGap = (
  expression: string,
  timeZone: string,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): number => {
  const cron = parseCron(expression.slice('cron('.length, -1));
  const [hours, minutes] = [new Set(cron.hours), new Set(cron.minutes)];
  const showAt = clockOf(timeZone);
  let shownMs = showAt(fromMs);
  let [newestMs, previousMs, longestMs] = [shownMs, fromMs, 0];
  for (let ms = fromMs + minuteMs; ms < untilMs; ms += minuteMs) {
    shownMs = ms % quarterMs === 0 ? showAt(ms) : shownMs + minuteMs;
    if (shownMs <= newestMs) continue;
    newestMs = shownMs;
    const shown = new Date(shownMs);
    if (!minutes.has(shown.getUTCMinutes()) || !hours.has(shown.getUTCHours())) continue;
    const [year, month, day] = [shown.getUTCFullYear(), shown.getUTCMonth() + 1, shown.getUTCDate()];
    if (!cron.isYear(year) || !cron.isMonth(month) || !cron.isDay(year, month, day)) continue;
    longestMs = Math.max(longestMs, ms - previousMs);
    previousMs = ms;
  }
  return longestMs / minuteMs;
};
