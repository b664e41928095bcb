import { dayMs, minuteMs } from '../../shared/core/units.ts';

/** A stretch of time in which a zone's clock is ahead of UTC by the same; `untilMs` belongs to the next one. */
export type Stretch = { readonly fromMs: number; readonly untilMs: number; readonly offsetMs: number };

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format;
};

/** `GMT-03:30` is behind UTC; `GMT` alone is UTC. */
const offsetMsAt = (timeZone: string, ms: number): number => {
  const { sign, hours, minutes } =
    /GMT(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d)/.exec(formatOf(timeZone).format(ms))?.groups ?? {};
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minuteMs;
  return sign === '-' ? -size : size;
};

/** The first moment at which the clock no longer shows what it showed at `fromMs`, to the minute, as changes are. */
const findChange = (timeZone: string, fromMs: number, untilMs: number): number => {
  const before = offsetMsAt(timeZone, fromMs);
  let [low, high] = [fromMs, untilMs];
  while (high - low > minuteMs) {
    const middle = low + Math.ceil((high - low) / 2 / minuteMs) * minuteMs;
    if (middle >= high) break;
    if (offsetMsAt(timeZone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
};

/**
 * How a zone's clock runs between two moments, by the zones that Node knows. No zone changes its clock twice within a day.
 *
 * @param timeZone a name that `Intl` knows
 * @param fromMs a whole minute; so is `untilMs`
 */
export const stretchesOf = (timeZone: string, fromMs: number, untilMs: number): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  let begun = { fromMs, offsetMs: offsetMsAt(timeZone, fromMs) };
  for (let ms = fromMs; ms < untilMs; ms += dayMs) {
    const nextMs = Math.min(ms + dayMs, untilMs);
    const offsetMs = offsetMsAt(timeZone, nextMs);
    if (offsetMs === begun.offsetMs) continue;
    const changeMs = findChange(timeZone, ms, nextMs);
    stretches.push({ ...begun, untilMs: changeMs });
    begun = { fromMs: changeMs, offsetMs };
  }
  return [...stretches, { ...begun, untilMs }];
};

/**
 * When the clock first shows a local time: the earlier moment of two where a change repeats it, and undefined where one
 * leaves it out or the stretches do not reach so far.
 *
 * @param localMs the local date and time, as if it were UTC
 */
export const firstMomentOf = (stretches: readonly Stretch[], localMs: number): number | undefined => {
  for (const { fromMs, untilMs, offsetMs } of stretches) {
    const ms = localMs - offsetMs;
    if (ms >= fromMs && ms < untilMs) return ms;
  }
  return undefined;
};
