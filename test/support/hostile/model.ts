import type { ActDecision } from '../../../shared/acting/act.ts';
import type { Mode } from '../../../shared/core/policy.ts';
import type { Fate } from '../acting/turnstile.ts';
import type { Attacker } from './bucket.ts';
import type { MskTraits } from './msk.ts';

/** What happens beside the runs, at one of their questions. */
export const happenings = [
  'alarm',
  'alarm-of-the-second-stack',
  'person-wakes',
  'second-run-of-the-episode',
  'run-invoked-by-hand',
  'other-act',
  'other-acts-at-once',
  'switch-on',
  'switch-off',
  'switch-garbage',
  'claim-changes',
  'claim-is-the-firsts',
  'version-moves',
  'cluster-heals',
  'cluster-is-active',
  'disk-grows',
  'people-away',
  'bus-away',
  'all-hear',
  'clocks-jump',
  'attack',
  'an-old-version-is-restored',
  'pair-writes',
] as const;
type Happening = (typeof happenings)[number];

/**
 * Which stack the cluster's parameter names: one of the two here, one that nobody sees, none since it is gone or denied. `each`
 * reads one of its own, as a stack does that was made from an edited template.
 */
export const clusterClaims = ['first', 'second', 'third', 'each', 'deleted', 'denied'] as const;
export type ClusterClaimed = (typeof clusterClaims)[number];

/** What somebody does who writes into the bucket (the audit's own attacks). */
export const attacks = [
  'episode-999',
  'episode-of-another-age',
  'budget-emptied',
  'budget-from-the-future',
  'audit-says-acted',
  'audit-deleted',
  'audit-for-another-size',
  'approval-for-another-size',
  'approval-deleted',
  'times-of-the-future',
  'damage',
] as const;
export type Attack = (typeof attacks)[number];

/** One thing that happens; fast-check leaves out what a failure does not need. */
export type Event = { readonly atTurn: number; readonly what: Happening; readonly pick: number };

export type HostileHistory = {
  /** Of the order of questions, of pauses and of what goes wrong with answers. */
  readonly seed: number;
  readonly mode: Mode;
  readonly actsPerHour: number;
  readonly approval: {
    readonly isRequired: boolean;
    readonly mayInitiatorApprove: boolean;
    readonly validMinutes: number;
  };
  /** Whose the cluster is at first. Where `each` claims it both may act, and MSK's lock alone is between them. */
  readonly claim: ClusterClaimed;
  /** The policy wants people to hear of an act before it. */
  readonly mustTell: boolean;
  /** Of a hundred answers so many do not come as they should. */
  readonly chaosPercent: number;
  /** `wide` may do what every administrator's role may. */
  readonly attacker: Attacker;
  readonly traits: MskTraits;
  /** What becomes of the updates that MSK is sent, in their order; afterwards they are answered. */
  readonly callFates: readonly Fate[];
  readonly events: readonly Event[];
};

/** How one execution or act went, for who judges the history. */
export type Decided = { readonly by: string; readonly cause: string; readonly decision: ActDecision<unknown> };

/** Whose answer counts, and of whom the initiator `ivan` is one. */
export const approverRole = 'arn:aws:iam::111122223333:role/on-call';

/** A yes that was meant: who said it, to which run, and from and to which size of the volumes, as it was shown. */
export type Yes = {
  readonly by: string;
  readonly execution: string;
  readonly fromGiB: number;
  readonly toGiB: number;
  readonly atMs: number;
};
