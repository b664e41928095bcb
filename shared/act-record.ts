import type { ActRequest, StopReason } from './act-request.ts';
import type { ActingProcedure } from './config-types.ts';

/**
 * One run that was about to call. `withdrawn` says that it did not, and never will.
 *
 * @property seenState the state as it was read for this try; equal to the planned one
 */
export type Try = {
  readonly id: string;
  readonly execution: string;
  readonly atMs: number;
  readonly seenState: unknown;
  readonly withdrawn?: { readonly atMs: number; readonly reason: StopReason; readonly message: string };
};

/** How it ended. There is one for each cause; nothing is called for the cause after it. */
export type End = { readonly atMs: number; readonly execution: string } & (
  | { readonly decision: 'acted' | 'adopted'; readonly outcome: unknown; readonly requestId?: string }
  | { readonly decision: 'would-act' }
  | { readonly decision: 'stopped'; readonly reason: StopReason; readonly message: string }
);

/** What the audit keeps of one cause (I12): what was planned, who tried, how it ended. Without `end`: under way, or cut off. */
export type ActRecord = {
  readonly version: 1;
  readonly cluster: string;
  readonly procedure: ActingProcedure;
  readonly cause: string;
  readonly mode: 'plan' | 'act';
  readonly plan: ActRequest<unknown, unknown>['plan'];
  readonly plannedAtMs: number;
  readonly plannedState: unknown;
  readonly isDisruptive: boolean;
  readonly isLocked: boolean;
  readonly approval?: { readonly by: string; readonly atMs: number };
  readonly tries: readonly Try[];
  readonly end?: End;
};
