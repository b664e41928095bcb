import { dayMs } from '../../units.ts';

/** A moment on the wall clock of some time zone; `month` is 1 to 12. */
export type LocalTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the wall clock shows. @throws RangeError for a time zone that ICU does not know. */
export function localTimeAt(ms: number, timeZone: string): LocalTime {
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = 'numeric' as const;
    const fields = {
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      hourCycle: 'h23' as const,
    };
    format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', ...fields });
    formats.set(timeZone, format);
  }
  const parts = format.formatToParts(ms);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return { year: read('year'), month: read('month'), day: read('day'), hour: read('hour'), minute: read('minute') };
}

/**
 * When the wall clock first shows this time. Undefined when it never does, in the hour that spring takes away; the
 * earlier of the two in the hour that autumn repeats.
 */
export function firstMomentOf(local: LocalTime, timeZone: string): number | undefined {
  const asUtc = utcMs(local);
  const candidates = [asUtc - dayMs, asUtc + dayMs]
    .map((aroundMs) => asUtc - offsetMs(aroundMs, timeZone))
    .filter((ms) => utcMs(localTimeAt(ms, timeZone)) === asUtc);
  return candidates.length > 0 ? Math.min(...candidates) : undefined;
}

function offsetMs(ms: number, timeZone: string): number {
  return utcMs(localTimeAt(ms, timeZone)) - Math.floor(ms / 60_000) * 60_000;
}

function utcMs({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}
