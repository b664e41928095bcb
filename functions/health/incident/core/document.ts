import { minuteMs } from '../../../../shared/core/units.ts';
import type { Cause } from './causes.ts';
import type { Member } from './member.ts';
import type { Message } from './outbox.ts';
import type { PagingSeverity } from './words.ts';
import type { Work } from './works.ts';

/**
 * Whoever said that they deal with it: it stops the ladder, until it lapses. What was acknowledged at one severity is not
 * acknowledged at a worse one.
 */
export type Acknowledgement = {
  readonly by: string;
  readonly atMs: number;
  readonly untilMs: number;
  readonly severity: PagingSeverity;
  readonly isSilence?: true;
};

/** Somebody called it over. While it goes on that is shown, and pages nobody anew until it gets worse. */
export type Resolution = { readonly by: string; readonly atMs: number; readonly severity: PagingSeverity };

/** What the look that named the fault adds for people (I5). @property of the fault that it is about, by its title */
export type Diagnosis = {
  readonly atMs: number;
  readonly of?: string;
  readonly affected: readonly string[];
  readonly next?: string;
  readonly names?: readonly string[];
};

/**
 * One fault, from its first word until its end was told.
 *
 * @property id of the cluster's incidents: the same for ever, whatever its cause turns out to be
 * @property severity the worst since it began: it never falls while it is open
 * @property startedAtMs since when it is so, by the earliest word
 * @property bornAtMs when the first word came
 * @property openedAtMs when people were first paged, from which ladders count; absent while it waits to be one
 * @property severitySinceMs since when it is as bad as that
 * @property quietSinceMs since when every member is gone by proof, or no more than a notice; absent while one is not
 * @property climbedToMs rungs of its severity's ladder, of a time up to this one, were dealt with, whether they fired or a higher
 *   one did
 * @property leftOutCount members that did not fit
 */
export type Incident = {
  readonly id: string;
  readonly cause: Cause;
  readonly severity: PagingSeverity;
  readonly startedAtMs: number;
  readonly bornAtMs: number;
  readonly openedAtMs?: number;
  readonly severitySinceMs?: number;
  readonly quietSinceMs?: number;
  readonly climbedToMs: number;
  readonly members: readonly Member[];
  readonly leftOutCount: number;
  readonly acknowledgement?: Acknowledgement;
  readonly resolution?: Resolution;
  readonly diagnosis?: Diagnosis;
};

/**
 * An incident that ended, for the day in which the same fault is told as "again".
 *
 * @property quietSinceMs when it was proven to be over: what was said of it before comes late
 */
export type Ended = {
  readonly id: string;
  readonly cause: Cause;
  readonly quietSinceMs: number;
  readonly endedAtMs: number;
};

/** What happened to an incident in one step, for whoever tells it. */
export type Happening =
  | { readonly kind: 'opened'; readonly incidentId: string }
  | { readonly kind: 'raised'; readonly incidentId: string; readonly from: PagingSeverity }
  | { readonly kind: 'rerooted'; readonly incidentId: string; readonly from: Cause }
  | { readonly kind: 'joined'; readonly incidentId: string; readonly intoId: string }
  | {
      readonly kind: 'rung';
      readonly incidentId: string;
      readonly rung: number;
      readonly afterMinutes: number;
      /** A person did not wait for the ladder. */
      readonly askedBy?: string;
    }
  | { readonly kind: 'update'; readonly incidentId: string; readonly says: string }
  | { readonly kind: 'closed'; readonly incidentId: string };

/** What incident knows of one cluster. */
export type IncidentDocument = {
  readonly version: 1;
  readonly nextNumber: number;
  readonly incidents: readonly Incident[];
  readonly ended: readonly Ended[];
  readonly works: readonly Work[];
  /** Keys of notices that were heard within the last day: a repeat is the same one. */
  readonly notices: readonly { readonly key: string; readonly heardAtMs: number }[];
  readonly outbox: readonly Message[];
  readonly outboxLeftOutCount: number;
};

/**
 * Where nothing is known: at the first run of all, which may follow one whose stack was deleted, and where what was known was
 * lost. Numbers begin far above those that may be known to endpoints: a page under a key that is open there would call nobody.
 */
export const firstDocument = (nowMs: number): IncidentDocument => ({
  ...emptyDocument,
  nextNumber: Math.floor(nowMs / minuteMs),
});

export const emptyDocument: IncidentDocument = {
  version: 1,
  nextNumber: 1,
  incidents: [],
  ended: [],
  works: [],
  notices: [],
  outbox: [],
  outboxLeftOutCount: 0,
};
