import type { Dealing } from '../../../../shared/core/bus-event.ts';
import type { Finding, Severity } from '../../../../shared/core/finding.ts';
import type { Evidence } from '../../../../shared/core/plan.ts';
import type { StorageIncident } from './incident.ts';
import type { StorageScalingPlan } from './plan.ts';

/** What an act is planned from and compared with before the call: when any of it moved, the plan is void. */
export type StorageState = {
  readonly state: string;
  readonly currentVersion: string | null;
  readonly volumeGiB: number | null;
  readonly activeOperationArn: string | null;
  /** Only just before the call: why the plan is void all the same. */
  readonly planIsVoid?: 'auto-scaled' | 'superseded' | 'other-configuration' | 'too-old';
};

/** The plan of an act. */
export type ExpandPlan = Extract<StorageScalingPlan, { readonly action: 'expand' }>;

/** One look, judged, as the history keeps it: no series, since a checkpoint is small. */
export type Look = {
  readonly atMs: number;
  /** The newest episode that is known: a newer one than the run's own takes its place. */
  readonly newestEpisode: number | null;
  /** The run's own episode was opened for another configuration than the run's. */
  readonly isOfOtherConfiguration?: true;
  readonly plan: StorageScalingPlan;
  readonly state: StorageState | null;
  readonly incident: StorageIncident | null;
  /** What the role may not ask, though the plan does not stand on it. */
  readonly denied?: readonly Denied[];
  /** A lock of a known end, before which the disk is not full. */
  readonly dealing?: Lock;
  /** The disk is not full while MSK works at a change that is asked for now. */
  readonly hasTime?: true;
};

/** Something of ours that has to be waited for, in words for people, and until when at most. */
export type Lock = Extract<Dealing, { readonly what: string }>;

/** A call that the role may not make, and what AWS said. */
export type Denied = { readonly call: string; readonly why: string };

/** What the act leads to. No operation where the volume had the size already: somebody else was faster. */
export type ExpansionOutcome = { readonly operationArn: string | null; readonly toGiB: number };

/** That MSK took it, at `atMs`: by the call's own answer, or as its list of operations showed it when that was lost. */
export type Accepted = {
  readonly outcome: ExpansionOutcome;
  readonly isOurAnswer: boolean;
  readonly requestId?: string;
  readonly atMs: number;
};

/** What an expansion must have done to count: the size, the disk, the alarm. Null: nobody knows. */
export type Verification = {
  readonly volumeGiB: number | null;
  readonly usedPercent: number | null;
  readonly alarmsFiring: readonly string[] | null;
  /** What could not be read, each by its call. */
  readonly unread: readonly string[];
  readonly isVerified: boolean;
};

/**
 * One thing that is told, once. People hear of it by incident: a fault it puts where it belongs, of a notice it says what it
 * is told; of a plan alone it hears nothing.
 *
 * @property kind `fault`: something is wrong, until it is told that it is over. `notice`: an act, a request to a person, a
 *   report, a plan that people are to know. `plan`: for subscribers of plans and nobody else
 * @property names of the cluster that stand in its sentences and in no evidence
 * @property plan what those are told beside it
 * @property dealing what is done about the disk from now on, or no longer
 */
export type Announcement = {
  readonly kind: 'fault' | 'notice' | 'plan';
  readonly severity: Severity;
  readonly headline: string;
  readonly findings: readonly Finding[];
  readonly names?: readonly string[];
  readonly plan?: Evidence;
  readonly dealing?: Dealing;
};

export const outcomes = [
  'off',
  'nothing-to-do',
  'expanded',
  'would-act',
  'refused',
  'not-approved',
  'superseded',
  'other-configuration',
  'unfinished',
] as const;

/**
 * How a run ended.
 *
 * @property quiet what people heard, for a run that only looks once more
 */
export type StorageScalingResult = {
  readonly outcome: (typeof outcomes)[number];
  readonly quiet?: { readonly sinceMs: number; readonly names: readonly string[] };
  readonly looks: number;
  readonly attempts: number;
  readonly reason: string;
  readonly fromGiB?: number;
  readonly toGiB?: number;
  readonly operationArn?: string;
};
