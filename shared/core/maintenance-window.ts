import { dayMs, minuteMs } from './units.ts';

/** What people may notice while the window is open (M1). */
export const impacts = ['minimal', 'low', 'medium', 'high'] as const;
type Impact = (typeof impacts)[number];

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
type Weekday = (typeof weekdays)[number];

/** When a window opens. Every time is UTC: `HH:MM`, and ISO 8601 with `Z` for a one-off. */
type Recurrence =
  | { readonly every: 'day'; readonly from: string; readonly to: string }
  | { readonly every: 'week'; readonly on: Weekday; readonly from: string; readonly to: string }
  | {
      readonly every: 'month';
      readonly nth: 1 | 2 | 3 | 4 | 5 | 'last';
      readonly on: Weekday;
      readonly from: string;
      readonly to: string;
    }
  | ({ readonly every: 'once'; readonly from: string; readonly to: string } & Explanation);

/**
 * What a one-off names as explained by what people do then: symptoms of these brokers, or of the whole cluster, are held. A
 * window that repeats names nothing: it permits acts, and a broker that dies in it pages as ever (M3).
 */
type Explanation = { readonly brokers?: readonly number[]; readonly cluster?: true };

/** A time in which acts may disrupt. One whose `to` is not after `from` runs past midnight. */
export type MaintenanceWindow = Recurrence & { readonly name: string; readonly impact: Impact };

/** One time that a window is open: from the first moment, up to but not including the second. */
type Opening = { readonly opensAtMs: number; readonly closesAtMs: number };

/** A one-off longer than this is a mistyped date: a window that never ends hides every alarm. */
const maxOnceMs = 7 * dayMs;
/** No month's nth weekday is farther away than this: a fifth Monday comes at least every fourth month. */
const horizonDays = 366;

const readTimeMs = (time: string): number | undefined => {
  const groups = /^(?<hours>[01]\d|2[0-3]):(?<minutes>[0-5]\d)$/.exec(time)?.groups;
  return groups === undefined ? undefined : (Number(groups.hours) * 60 + Number(groups.minutes)) * minuteMs;
};

const readInstantMs = (instant: string): number | undefined => {
  const atMs = Date.parse(instant);
  const isWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/.test(instant);
  // Date.parse turns 30 February into 2 March.
  if (!isWritten || Number.isNaN(atMs) || new Date(atMs).getUTCDate() !== Number(instant.slice(8, 10)))
    return undefined;
  return atMs;
};

/** Opening time of day and length of a window that repeats. */
type Span = { readonly fromMs: number; readonly lengthMs: number };
type Times = { readonly from: string; readonly to: string };

/** The times that repeat, or why they can't be. */
const readSpan = ({ from, to }: Times): Span | string => {
  const fromMs = readTimeMs(from);
  const toMs = readTimeMs(to);
  if (fromMs === undefined || toMs === undefined) return 'needs two times of day in UTC: 02:00';
  if (fromMs === toMs) return 'starts and ends at the same time: it has no length, or no end';
  return { fromMs, lengthMs: toMs > fromMs ? toMs - fromMs : toMs + dayMs - fromMs };
};

/** The one opening, or why there is none. */
const readOnce = ({ from, to }: Times): Opening | string => {
  const opensAtMs = readInstantMs(from);
  const closesAtMs = readInstantMs(to);
  if (opensAtMs === undefined || closesAtMs === undefined) return 'needs two moments in UTC: 2027-01-31T02:00:00Z';
  if (closesAtMs <= opensAtMs) return 'never opens: it ends before it starts, or as it starts';
  return closesAtMs - opensAtMs > maxOnceMs ? 'is open for more than 7 days' : { opensAtMs, closesAtMs };
};

const findDayProblem = (window: MaintenanceWindow): string | undefined => {
  switch (window.every) {
    case 'once':
    case 'day':
      return undefined;
    case 'month':
      if (window.nth !== 'last' && ![1, 2, 3, 4, 5].includes(window.nth)) return 'is in no week of a month';
      return weekdays.includes(window.on) ? undefined : 'is on no day of the week';
    case 'week':
      return weekdays.includes(window.on) ? undefined : 'is on no day of the week';
    default:
      window satisfies never;
      return 'repeats in no known way';
  }
};

/** Why a window can never open or never close; undefined for a sound one. */
export const findWindowProblem = (window: MaintenanceWindow): string | undefined => {
  const times = window.every === 'once' ? readOnce(window) : readSpan(window);
  return findDayProblem(window) ?? (typeof times === 'string' ? times : undefined);
};

const isOpeningDay = (window: Exclude<MaintenanceWindow, { every: 'once' }>, dayStartMs: number): boolean => {
  if (window.every === 'day') return true;
  const day = new Date(dayStartMs);
  if (weekdays[day.getUTCDay()] !== window.on) return false;
  if (window.every === 'week') return true;
  if (window.nth === 'last') return new Date(dayStartMs + 7 * dayMs).getUTCMonth() !== day.getUTCMonth();
  return Math.ceil(day.getUTCDate() / 7) === window.nth;
};

/** The openings of a sound window that start on one of `days` days from the day of `fromMs` on; none of a broken one. */
const listOpenings = (window: MaintenanceWindow, fromMs: number, days: number): Opening[] => {
  if (findDayProblem(window) !== undefined) return [];
  if (window.every === 'once') {
    const once = readOnce(window);
    return typeof once === 'string' ? [] : [once];
  }
  const span = readSpan(window);
  if (typeof span === 'string') return [];
  const firstDayMs = Math.floor(fromMs / dayMs) * dayMs;
  return Array.from({ length: days }, (_, index) => firstDayMs + index * dayMs)
    .filter((dayStartMs) => isOpeningDay(window, dayStartMs))
    .map((dayStartMs) => dayStartMs + span.fromMs)
    .map((opensAtMs) => ({ opensAtMs, closesAtMs: opensAtMs + span.lengthMs }));
};

/** The opening that holds a moment. A window lasts a day at most, so only today's and yesterday's can. */
const findOpening = (window: MaintenanceWindow, atMs: number): Opening | undefined =>
  listOpenings(window, atMs - dayMs, 2).find(({ opensAtMs, closesAtMs }) => opensAtMs <= atMs && atMs < closesAtMs);

export type OpenWindow = Opening & { readonly window: MaintenanceWindow };

/** The windows in which disruptive acts may begin at a moment (M3), worst impact first; a broken window permits nothing. */
export const findOpenWindows = (windows: readonly MaintenanceWindow[], atMs: number): OpenWindow[] =>
  windows
    .flatMap((window) => {
      const opening = findOpening(window, atMs);
      return opening === undefined ? [] : [{ ...opening, window }];
    })
    .toSorted((left, right) => impacts.indexOf(right.window.impact) - impacts.indexOf(left.window.impact));

/** The next time that one of the windows opens, at `afterMs` or later; undefined where none ever does. */
export const findNextOpening = (windows: readonly MaintenanceWindow[], afterMs: number): OpenWindow | undefined =>
  windows
    .flatMap((window) => {
      const next = listOpenings(window, afterMs, horizonDays).find(({ opensAtMs }) => opensAtMs >= afterMs);
      return next === undefined ? [] : [{ ...next, window }];
    })
    .toSorted((left, right) => left.opensAtMs - right.opensAtMs)[0];
