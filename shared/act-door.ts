import type { ActRecord } from './act-record.ts';
import type { BudgetDocument } from './action-budget.ts';
import type { ActingProcedure } from './config-types.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { MaintenanceWindow } from './maintenance-window.ts';
import type { Mode } from './policy.ts';
import type { Stored, WriteCondition } from './store.ts';

/**
 * What the door knows and asks. Every port throws a DependencyError where the world does not answer; another error ends
 * the run.
 */
export type ActDoor = {
  readonly clusterKey: string;
  /** Who acts, for the record: a durable execution's ARN or a run's id. */
  readonly execution: string;
  readonly modes: Readonly<Record<ActingProcedure, Mode>>;
  readonly windows: readonly MaintenanceWindow[];
  readonly actsPerHour: number;
  readonly nowMs: () => number;
  /** Names this try in the record; another one at every call. */
  readonly newTryId: () => string;
  /** True once the run's time is over: it must not begin a call that it could not see the end of. */
  readonly isOver: () => boolean;
  readonly fetchKillSwitch: () => Promise<KillSwitch>;
  readonly fetchBudget: () => Promise<Stored<BudgetDocument> | undefined>;
  readonly applyBudget: (document: BudgetDocument, condition: WriteCondition) => Promise<{ readonly etag: string }>;
  readonly fetchRecord: (key: string) => Promise<Stored<ActRecord> | undefined>;
  readonly applyRecord: (
    key: string,
    record: ActRecord,
    condition: WriteCondition,
  ) => Promise<{ readonly etag: string }>;
  /** Tells the bus of a record that ended. Fails without consequence for the act. */
  readonly publish: (record: ActRecord) => Promise<void>;
  /** What went wrong beside the act: nobody may miss it, and it may not stop anything. */
  readonly reportProblem: (message: string) => void;
};
