/** A cron expression's six fields as tests. Day-of-month and day-of-week look at the whole date. */
export type Cron = {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  isMonth(month: number): boolean;
  isYear(year: number): boolean;
  /** `month` is 1 to 12. */
  isDay(year: number, month: number, day: number): boolean;
};

/** What EventBridge would refuse of a schedule. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const FIRST_YEAR = 1970;
/** EventBridge takes no later year. */
export const lastCronYear = 2199;

/**
 * Reads `minutes hours day-of-month month day-of-week year`. Days of the week are 1 (SUN) to 7 (SAT); one of the two
 * day fields must be `?`. Source: EventBridge User Guide, "Cron expressions".
 * @throws ScheduleError for what EventBridge would refuse.
 */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6) throw new ScheduleError(`cron(${text}) must have six fields`);
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleError('must have ? as day of the month or as day of the week, and not as both');
  }
  const months = new Set(parseList(month, { first: 1, last: 12, names: MONTHS, firstName: 1 }));
  const years = new Set(parseList(year, { first: FIRST_YEAR, last: lastCronYear, names: [], firstName: 0 }));
  return {
    minutes: parseList(minutes, { first: 0, last: 59, names: [], firstName: 0 }),
    hours: parseList(hours, { first: 0, last: 23, names: [], firstName: 0 }),
    isMonth: (value) => months.has(value),
    isYear: (value) => years.has(value),
    isDay: dayOfMonth === '?' ? parseDayOfWeek(dayOfWeek) : parseDayOfMonth(dayOfMonth),
  };
}

type Range = {
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
  readonly firstName: number;
};

/** `*`, `5`, `MON-FRI`, `0/15`, `10-40/5`, and lists of them; ascending. A range may not run backwards. */
function parseList(field: string, range: Range): readonly number[] {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [span = '', step] = part.split('/');
    const by = step === undefined ? 1 : number(step, { ...range, first: 1, names: [] });
    const [from = '', to] = span === '*' ? [String(range.first), String(range.last)] : span.split('-');
    const first = number(from, range);
    const openEnd = step === undefined ? first : range.last;
    const last = to === undefined ? openEnd : number(to, range);
    if (first > last) throw new ScheduleError(`the range ${part} runs backwards`);
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function number(text: string, { first, last, names, firstName }: Range): number {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + firstName : Number(text);
  if (/^\d+$/.test(text) || named >= 0) if (value >= first && value <= last) return value;
  throw new ScheduleError(`${text || 'an empty field'} is not between ${first} and ${last}`);
}

type DayTest = (year: number, month: number, day: number) => boolean;

/** `L` the last day, `LW` the last weekday, `15W` the weekday nearest to the 15th within the month. */
function parseDayOfMonth(field: string): DayTest {
  const range = { first: 1, last: 31, names: [], firstName: 0 };
  const tests = field.split(',').map((part): DayTest => {
    if (part === 'L') return (year, month, day) => day === daysIn(year, month);
    if (part === 'LW') return (year, month, day) => day === nearestWeekday(year, month, daysIn(year, month));
    const weekday = /^(\d+)W$/.exec(part);
    if (weekday) {
      const wanted = number(weekday[1] ?? '', range);
      return (year, month, day) => wanted <= daysIn(year, month) && day === nearestWeekday(year, month, wanted);
    }
    const days = new Set(parseList(part, range));
    return (_year, _month, day) => days.has(day);
  });
  return (year, month, day) => tests.some((test) => test(year, month, day));
}

/** `L` Saturday, `5L` the last Thursday of the month, `MON#2` the second Monday. */
function parseDayOfWeek(field: string): DayTest {
  const range = { first: 1, last: 7, names: DAYS, firstName: 1 };
  const tests = field.split(',').map((part): DayTest => {
    const nth = /^(\w+)#([1-5])$/.exec(part);
    if (nth) {
      const wanted = number(nth[1] ?? '', range);
      return (year, month, day) => weekdayOf(year, month, day) === wanted && Math.ceil(day / 7) === Number(nth[2]);
    }
    const last = /^(\w+)L$/.exec(part);
    if (last) {
      const wanted = number(last[1] ?? '', range);
      return (year, month, day) => weekdayOf(year, month, day) === wanted && day + 7 > daysIn(year, month);
    }
    const days = new Set(part === 'L' ? [7] : parseList(part, range));
    return (year, month, day) => days.has(weekdayOf(year, month, day));
  });
  return (year, month, day) => tests.some((test) => test(year, month, day));
}

/** 1 (SUN) to 7 (SAT). */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === daysIn(year, month) ? day - 2 : day + 1;
  return day;
}
