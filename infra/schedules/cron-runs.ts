import { dayMs, minuteMs } from '../../shared/core/units.ts';
import { firstMomentOf, type Stretch, stretchesOf } from './clock-changes.ts';
import { type Cron, lastCronYear } from './cron.ts';

/** Between two neighbouring runs. */
export type Gap = { readonly fromMs: number; readonly untilMs: number };

/** One local date's runs: the first, the last, and the longest time between two of them. */
export type DayRuns = { readonly firstMs: number; readonly lastMs: number; readonly widest: Gap | undefined };

export const lengthOf = ({ fromMs, untilMs }: Gap): number => untilMs - fromMs;
export const longerOf = (left: Gap | undefined, right: Gap | undefined): Gap | undefined =>
  right === undefined || (left !== undefined && lengthOf(left) >= lengthOf(right)) ? left : right;

/** No zone's clock is farther from UTC. */
const farthestOffsetMs = 15 * 60 * minuteMs;

/** As milliseconds after midnight, ascending. */
const timesOfDay = ({ hours, minutes }: Cron): readonly number[] =>
  hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * minuteMs));

const summarize = (moments: readonly number[]): DayRuns | undefined => {
  const [firstMs] = moments;
  const lastMs = moments.at(-1);
  if (firstMs === undefined || lastMs === undefined) return undefined;
  const widest = moments
    .slice(1)
    .reduce<Gap | undefined>(
      (longest, untilMs, index) => longerOf(longest, { fromMs: moments[index] ?? untilMs, untilMs }),
      undefined,
    );
  return { firstMs, lastMs, widest };
};

const shift = ({ firstMs, lastMs, widest }: DayRuns, byMs: number): DayRuns => ({
  firstMs: firstMs + byMs,
  lastMs: lastMs + byMs,
  widest: widest && { fromMs: widest.fromMs + byMs, untilMs: widest.untilMs + byMs },
});

/** Whether a cron expression names this local date, midnight as if it were UTC. */
const isChosen = (cron: Cron, midnightMs: number): boolean => {
  const date = new Date(midnightMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return cron.isYear(year) && cron.isMonth(month) && cron.isDay(year, month, day);
};

const midnightBefore = (ms: number): number => Math.floor(ms / dayMs) * dayMs;

/**
 * The runs between two moments, day by day: Scheduler leaves out a local time that a change of the clock skips, and runs once
 * where one comes twice (EventBridge Scheduler User Guide, "Daylight savings time").
 *
 * @param stretches of the zone, from a day before `afterMs` to a day after `untilMs`
 * @param afterMs itself left out
 */
export function* runDaysOf(
  cron: Cron,
  stretches: readonly Stretch[],
  { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number },
): Generator<DayRuns> {
  const times = timesOfDay(cron);
  const plain = summarize(times);
  const endMs = midnightBefore(untilMs + farthestOffsetMs);
  for (let dayMidnightMs = midnightBefore(afterMs - farthestOffsetMs); dayMidnightMs <= endMs; dayMidnightMs += dayMs) {
    if (!isChosen(cron, dayMidnightMs)) continue;
    const whole = stretches.find(
      ({ fromMs, untilMs: changeMs, offsetMs }) =>
        dayMidnightMs - offsetMs >= fromMs && dayMidnightMs + dayMs - offsetMs <= changeMs,
    );
    // Most days have no change, and are all alike.
    const isPlain =
      whole !== undefined &&
      dayMidnightMs - whole.offsetMs > afterMs &&
      dayMidnightMs + dayMs - whole.offsetMs <= untilMs &&
      // A local time of this day may have come already, before a change that repeats it.
      firstMomentOf(stretches, dayMidnightMs) === dayMidnightMs - whole.offsetMs;
    const runs = isPlain
      ? plain && shift(plain, dayMidnightMs - whole.offsetMs)
      : summarize(
          times
            .map((timeMs) => firstMomentOf(stretches, dayMidnightMs + timeMs))
            .filter((ms): ms is number => ms !== undefined && ms > afterMs && ms < untilMs),
        );
    if (runs !== undefined) yield runs;
  }
}

/** The first run after a moment, however far; undefined where there is none any more. */
export const firstRunAfter = (cron: Cron, timeZone: string, afterMs: number): number | undefined => {
  const endMs = Date.UTC(lastCronYear + 1, 0, 1);
  for (let midnightMs = midnightBefore(afterMs - farthestOffsetMs); midnightMs < endMs; midnightMs += dayMs) {
    if (!cron.isYear(new Date(midnightMs).getUTCFullYear())) {
      midnightMs = Date.UTC(new Date(midnightMs).getUTCFullYear() + 1, 0, 0);
      continue;
    }
    if (!isChosen(cron, midnightMs)) continue;
    const stretches = stretchesOf(timeZone, midnightMs - 2 * dayMs, midnightMs + 3 * dayMs);
    const moments = timesOfDay(cron).map((timeMs) => firstMomentOf(stretches, midnightMs + timeMs));
    const found = moments.find((ms) => ms !== undefined && ms > afterMs);
    if (found !== undefined) return found;
  }
  return undefined;
};
