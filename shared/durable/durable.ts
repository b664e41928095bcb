import type { Evidence } from '../core/plan.ts';
import type { ApprovalDocument, ApprovalOutcome, ApprovalRequest } from './approval.ts';
import type { ApprovalJudge } from './approval-judgement.ts';

/**
 * What a durable run has instead of the world. Code between these calls is replayed: it must not ask a clock, chance or
 * the environment, and must make the same calls in the same order every time. `defineDurableHandler`
 * (handler.ts) makes one of AWS's SDK, test/support/durable/run.ts one in memory.
 */
export type Durable = {
  readonly executionName: string;
  readonly executionArn: string;
  /**
   * Runs at least once; its JSON value is kept and given back at every replay (bigints, dates, undefined and NaN are not
   * JSON: they are refused). Ports and clocks may be used inside only. A DependencyError `throttled`, `timed-out`,
   * `unreachable` or `failed` is tried again with back-off (retry.ts states the bound); anything else, and the last
   * of these, is thrown at once and again at every replay.
   *
   * @throws the step's own error: DependencyError, ConfigError and InvalidEventError come back as what they were
   */
  readonly step: <Value>(name: string, run: () => Promise<Value>) => Promise<Value>;
  /** Costs nothing while it waits. Whole seconds, rounded up, one at least. */
  readonly wait: (name: string, durationMs: number) => Promise<void>;
  /**
   * Looks again and again until `isDone`, with the back-off's pauses between, as one operation of the history. Gives up
   * where the next look would come later than `maxMs` after the first one, by the world's time inside the look. A
   * passing DependencyError of `look` is a look without news: it backs off and counts towards `maxMs`.
   *
   * @returns the last value, and whether it was done
   * @throws DependencyError where no look at all gave a value within `maxMs`
   */
  readonly poll: <Value>(
    name: string,
    options: {
      readonly look: (previous: Value | undefined) => Promise<Value>;
      readonly isDone: (value: Value) => boolean;
      readonly backOff: BackOff;
    },
  ) => Promise<{ readonly value: Value; readonly isDone: boolean }>;
  /**
   * A person's decision, by callback; judged in the first step after it, by the clock of the run. While nobody answers the run
   * goes on with what `meanwhile` says, between waits of `everyMs`: three operations each, and what they make themselves.
   */
  readonly approval: (
    name: string,
    request: ApprovalRequest,
    ports: ApprovalPorts,
    meanwhile: Meanwhile,
  ) => Promise<ApprovalOutcome>;
  /** One log line and one metric (`Transitions`), once a transition and not once a replay. */
  readonly transition: (to: string, facts: Evidence) => Promise<void>;
};

export type ApprovalPorts = ApprovalJudge & {
  /**
   * Puts the request where approvers read (shared/durable/approval.ts). Its callback id is the power to decide: write it
   * there and nowhere else. Runs at least once.
   */
  readonly keep: (request: ApprovalDocument) => Promise<void>;
};

/** What a run does while a person decides; both may use the run's own calls, and nothing else of the world. */
export type Meanwhile = {
  /** Once the request lies where approvers read it, and not where it could not be kept. */
  readonly whenAsked: () => Promise<void>;
  readonly everyMs: number;
  /** After each `everyMs` without an answer. `lapsed` ends the waiting: nobody is listened to any more. */
  readonly look: () => Promise<'go-on' | 'lapsed'>;
};

/** Pauses of `firstMs`, then each `factor` times the one before, none longer than `longestMs`; no look after `maxMs`. */
export type BackOff = {
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
  readonly maxMs: number;
};
