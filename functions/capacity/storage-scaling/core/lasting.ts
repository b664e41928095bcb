import { dayMs } from '../../../../shared/core/units.ts';
import { longestBlindMs } from './guards.ts';

/** What was told of something that lasts: when last, and when a look last had it. */
export type ToldOf = { readonly toldAtMs: number; readonly seenAtMs: number };

/** Told again before a day is over, since the next look may be so much later. */
const repeatMs = dayMs - longestBlindMs;
/** Two looks without it: then it was over, and what comes is another one. One look alone may only have missed it. */
const goneMs = 2.5 * longestBlindMs;

/** Whether a look that has it is to tell of it: it begins, it came back, or it has lasted for another day. */
export const isNewsAgain = (told: ToldOf | undefined, atMs: number): boolean =>
  told === undefined || atMs >= told.toldAtMs + repeatMs || atMs > told.seenAtMs + goneMs;

/** Hours to full below which a page that was read is told once more. */
const tellAgainHours: readonly number[] = [24, 6, 2, 0.5];

/** How pressing it is: how many of these hours are left no more. @param hoursToFull null where the disk does not fill */
export const urgencyOf = (hoursToFull: number | null): number =>
  tellAgainHours.filter((hours) => (hoursToFull ?? Number.POSITIVE_INFINITY) <= hours).length;

/** The same of an incident, `seenAtMs` by urgency, as far as people heard of it: what is less pressing they heard with it. */
export type ToldIncident = {
  readonly toldAtMs: number;
  readonly seenAtMs: readonly number[];
};

export const isIncidentNews = (told: ToldIncident | undefined, urgency: number, atMs: number): boolean => {
  const seenAtMs = told?.seenAtMs[urgency];
  return told === undefined || seenAtMs === undefined || isNewsAgain({ toldAtMs: told.toldAtMs, seenAtMs }, atMs);
};

/** Told again before a day is over: there is less time than people know of. */
export const isPressingAgain = ({ toldAtMs }: ToldIncident, atMs: number): boolean => atMs < toldAtMs + repeatMs;

/** After a look that had it. */
export const seeIncident = (told: ToldIncident, urgency: number, atMs: number): ToldIncident => ({
  ...told,
  seenAtMs: told.seenAtMs.map((seenAtMs, level) => (level <= urgency ? atMs : seenAtMs)),
});

/** After people heard of it. */
export const tellOfIncident = (told: ToldIncident | undefined, urgency: number, atMs: number): ToldIncident => ({
  toldAtMs: atMs,
  seenAtMs: [...Array<number>(urgency + 1).fill(atMs), ...(told?.seenAtMs.slice(urgency + 1) ?? [])],
});
