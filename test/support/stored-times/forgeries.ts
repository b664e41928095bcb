import { dayMs, minuteMs } from '../../../shared/core/units.ts';

/** Wednesday 2026-01-14, 12:00 UTC. */
export const nowMs = Date.UTC(2026, 0, 14, 12);

/** What a clock that is wrong, or somebody who may write where he should not, puts in the place of a time. */
export const forgeries = {
  'in 3 min': nowMs + 3 * minuteMs,
  'in a year': nowMs + 365 * dayMs,
  'in 9999': Date.UTC(9999, 0),
  'a year ago': nowMs - 365 * dayMs,
  'in 1970': 0,
} as const;
export type Forgery = keyof typeof forgeries;

/**
 * What came of a document.
 *
 * @property hasActed something was done that a document with sound times would not have let happen
 * @property waitsMs how long it kept each of those who had to look, act or hear; infinite for ever
 */
export type Reading = { readonly hasActed: boolean; readonly waitsMs: Readonly<Record<string, number>> };

/**
 * A kind of document.
 *
 * @property schema by the name that its reader reads it with
 * @property sounds documents with times as they are; together they hold each time that there may be
 * @property longestMs the longest that its readers' own rules let each of them wait
 */
export type Kind = {
  readonly what: string;
  readonly schemaName: string;
  readonly sounds: readonly unknown[];
  readonly read: (document: unknown) => Promise<Reading>;
  readonly longestMs: Readonly<Record<string, number>>;
};
