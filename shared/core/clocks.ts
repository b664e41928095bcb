import { minuteMs } from './units.ts';

/**
 * Two clocks that work differ by less. Lambda's are kept by AWS to milliseconds, and MSK's, CloudWatch's and S3's are others of
 * AWS; people's are not compared. A time from further ahead was written by a clock that is wrong, or by somebody who wants it
 * to count for ever.
 */
export const clockSkewMs = 2 * minuteMs;

/** Whether a time lies further ahead than clocks that work differ: then it is no evidence of when anything was. */
export const isAhead = (atMs: number, nowMs: number): boolean => atMs - nowMs > clockSkewMs;

/** When something was that is written down: what is still to come was not, and counts as of now. */
export const pastMs = (atMs: number, nowMs: number): number => (isAhead(atMs, nowMs) ? nowMs : atMs);

/** Whether a time speaks of now: `forMs` old at most, and not still to come. */
export const speaksOfNow = (atMs: number, forMs: number, nowMs: number): boolean =>
  !isAhead(atMs, nowMs) && nowMs - atMs <= forMs;

/** Whether less than `forMs` passed since. Nothing lasts because of a time that is still to come. */
export const isWithin = (sinceMs: number, forMs: number, nowMs: number): boolean =>
  !isAhead(sinceMs, nowMs) && nowMs - sinceMs < forMs;
