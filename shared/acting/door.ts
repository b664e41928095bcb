import type { ActingProcedure } from '../core/configuration.ts';
import type { MaintenanceWindow } from '../core/maintenance-window.ts';
import type { Mode } from '../core/policy.ts';
import type { Receipt } from '../core/receipt.ts';
import type { BudgetDocument } from './core/budget.ts';
import type { ClusterClaim, KillSwitch } from './core/questions.ts';
import type { ActRecord } from './core/record.ts';

/** A document as it was read, with the version that a conditional write names. */
export type Kept<Value> = { readonly value: Value; readonly etag: string };

/** `absent` writes only where nothing is, an etag only over that version; both fail as DependencyError `conflict`. */
export type Condition = 'absent' | { readonly etag: string };

/** Which record belongs to a cause, whatever day a later run plans it on. */
export type Claim = { readonly procedure: ActingProcedure; readonly cause: string; readonly plannedAtMs: number };

/** The records of the acts. Damaged ones are a DependencyError `bad-answer`. */
export type AuditPorts = {
  readonly fetchClaim: (procedure: ActingProcedure, cause: string) => Promise<Claim | undefined>;
  /** Writes where nothing is. */
  readonly applyClaim: (claim: Claim) => Promise<void>;
  readonly fetchRecord: (claim: Claim) => Promise<Kept<ActRecord> | undefined>;
  readonly applyRecord: (claim: Claim, record: ActRecord, condition: Condition) => Promise<{ readonly etag: string }>;
};

/**
 * What the door knows and asks. Every port throws a DependencyError where the world does not answer, which becomes a stop;
 * any other error ends the run.
 */
export type ActDoor = {
  readonly cluster: string;
  /** Who acts, for the record: a durable execution's ARN or a run's id. */
  readonly execution: string;
  readonly modes: Readonly<Record<ActingProcedure, Mode>>;
  readonly windows: readonly MaintenanceWindow[];
  readonly actsPerHour: number;
  readonly nowMs: () => number;
  /** Tells this try from every other one in the record. */
  readonly newTryId: () => string;
  /** True once the run's time is up: it must not begin a call of which it could not see the end. */
  readonly isOver: () => boolean;
  /** Read each time, never remembered. */
  readonly fetchKillSwitch: () => Promise<KillSwitch>;
  /** Read each time, too: a second stack of the cluster may come at any time. */
  readonly fetchClusterClaim: () => Promise<ClusterClaim>;
  readonly budget: {
    readonly fetch: () => Promise<Kept<BudgetDocument> | undefined>;
    /** `always`: over one that cannot be read, which is kept for people. */
    readonly apply: (document: BudgetDocument, condition: Condition | 'always') => Promise<unknown>;
  };
  readonly audit: AuditPorts;
  /** Present where the policy wants people to hear of an act first. */
  readonly people?: {
    readonly fetchReceipt: (key: string) => Promise<Receipt | undefined>;
    /** Asks that they be told that the record's newest try is about to call. A repeat has the same key. */
    readonly offerIntent: (record: ActRecord) => Promise<void>;
  };
  /** Tells the bus of a record that has ended. */
  readonly publish: (claim: Claim, record: ActRecord) => Promise<void>;
  /** What went wrong beside the act and may not stop it, but must not be missed either. */
  readonly reportProblem: (message: string) => void;
};
