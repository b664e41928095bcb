import type { ActingProcedure } from '../../core/configuration.ts';
import { type Stop, stopOf } from './questions.ts';
import type { ActDecision, ActRequest, Approval, StopReason, Target, VoidAnswer } from './request.ts';

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

/** How it ended, as a run of that `id` saw it. Nothing is called for the cause after it. */
export type End = { readonly id: string; readonly atMs: number; readonly execution: string } & (
  | { readonly decision: 'acted' | 'adopted'; readonly outcome: unknown; readonly requestId?: string }
  | { readonly decision: 'would-act' }
  | {
      readonly decision: 'stopped';
      readonly reason: StopReason;
      readonly message: string;
      readonly refusal?: string;
      readonly requestId?: string;
    }
);

/** What the audit keeps of one cause (I12): what was planned, who tried, how it ended. Without `end`: under way, or cut off. */
export type ActRecord = {
  readonly version: 1;
  readonly cluster: string;
  readonly procedure: ActingProcedure;
  readonly cause: string;
  readonly mode: 'plan' | 'act';
  readonly plan: ActRequest<unknown, unknown>['plan'];
  readonly target: Target;
  readonly plannedAtMs: number;
  readonly plannedState: unknown;
  readonly isDisruptive: boolean;
  readonly isLocked: boolean;
  readonly approval?: Approval;
  readonly voidAnswers?: readonly VoidAnswer[];
  readonly tries: readonly Try[];
  readonly end?: End;
};

/** What a request says about itself, as the record keeps it. */
export type Described = Omit<ActRecord, 'version' | 'cluster' | 'mode' | 'tries' | 'end'>;

/** The record with one more try; the plan of the last one is the plan of the record. */
export const planIntent = (
  record: ActRecord | undefined,
  cluster: string,
  described: Described,
  next: Try,
): ActRecord => ({
  version: 1,
  cluster,
  mode: 'act',
  ...described,
  tries: [...(record?.tries ?? []), next],
});

/** The record of mode `plan`: what would have been done, kept the same way. */
export const planWouldAct = (
  record: ActRecord | undefined,
  cluster: string,
  described: Described,
  end: { readonly id: string; readonly atMs: number; readonly execution: string },
): ActRecord => ({
  version: 1,
  cluster,
  mode: 'plan',
  ...described,
  tries: record?.tries ?? [],
  end: { ...end, decision: 'would-act' },
});

/** The record of what people did not let happen: nobody tried it. */
export const planRefusal = (
  record: ActRecord | undefined,
  cluster: string,
  described: Described,
  end: Extract<End, { decision: 'stopped' }>,
): ActRecord => ({
  version: 1,
  cluster,
  mode: 'act',
  ...described,
  tries: record?.tries ?? [],
  end,
});

/** The record with one try marked as one that never called. */
export const planWithdrawal = (
  record: ActRecord,
  tryId: string,
  { reason, message }: Stop,
  atMs: number,
): ActRecord => ({
  ...record,
  tries: record.tries.map((one) => (one.id === tryId ? { ...one, withdrawn: { atMs, reason, message } } : one)),
});

const rankByDecision = { acted: 2, adopted: 1, 'would-act': 0, stopped: 0 } as const;

/** Whether the act happened, by this run's call or another's. */
export const hasHappened = ({ decision }: End): boolean => rankByDecision[decision] > 0;

/** Whether a new end replaces the one that is there: an accepted call's own answer is nearer to the truth than a look. */
export const isNearerToTheTruth = (end: End, other: End | undefined): boolean =>
  other === undefined || rankByDecision[end.decision] > rankByDecision[other.decision];

/** The decision that an end stands for, once more. */
export const decisionOf = (end: End): ActDecision<unknown> => {
  switch (end.decision) {
    case 'acted':
    case 'adopted': {
      const { decision, outcome, requestId } = end;
      return { decision, outcome, ...(requestId !== undefined && { requestId }) };
    }
    case 'would-act':
      return { decision: 'would-act' };
    case 'stopped':
      return { ...stopOf(end.reason, end.message), ...(end.refusal !== undefined && { refusal: end.refusal }) };
    default:
      return end satisfies never;
  }
};
