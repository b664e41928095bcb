import { zoneNames } from '../schedules/zone-names.ts';
import type { Mistake } from './mistake.ts';
import { findNearest } from './suggestion.ts';

/** Scheduler's reader of names looks at every letter; `Intl` does not, and takes offsets and old abbreviations too. */
const explainTimeZone = (timeZone: string): string => {
  const wanted = timeZone.trim().toLowerCase();
  const spelled = [...zoneNames].find((name) => name.toLowerCase() === wanted);
  if (spelled !== undefined) return `is spelled ${spelled}`;
  const general = 'is not a time zone: a name of the IANA data base like Asia/Taipei, Europe/Berlin, or UTC';
  const nearest = findNearest(timeZone, [...zoneNames]);
  return nearest === undefined ? general : `${general}; did you mean "${nearest}"?`;
};

/** Schedules take names of the IANA data base, each in its one spelling. */
export const checkTimeZone = (timeZone: string | undefined): Mistake[] =>
  timeZone === undefined || zoneNames.has(timeZone) ? [] : [{ path: ['timeZone'], message: explainTimeZone(timeZone) }];
