import { DependencyError } from '../../../shared/core/errors.ts';
import type { Evidence } from '../../../shared/core/plan.ts';
import type { ApprovalDocument, ApprovalOutcome, ApprovalRequest } from '../../../shared/durable/approval.ts';
import { documentOf } from '../../../shared/durable/approval-digest.ts';
import { judgeAnswer } from '../../../shared/durable/approval-judgement.ts';
import type { Durable } from '../../../shared/durable/durable.ts';
import { keepError, restoreError } from '../../../shared/durable/errors.ts';
import { keepAsJson } from '../../../shared/durable/json.ts';
import {
  afterLook,
  afterProblem,
  firstPollState,
  type PollState,
  planPauseSeconds,
} from '../../../shared/durable/poll.ts';
import { isPassing, planRetryPauseMs, wholeSeconds } from '../../../shared/durable/retry.ts';
import { answerTo, type Said } from './proof.ts';

export type DurableRun = {
  readonly durable: Durable;
  /** The run's clock: every wait and pause moves it on. Give it to ports. */
  readonly nowMs: () => number;
  readonly advance: (durationMs: number) => void;
  /** Every transition in order, with its facts and time. */
  readonly transitions: readonly { readonly to: string; readonly facts: Evidence; readonly atMs: number }[];
  readonly waits: readonly { readonly name: string; readonly seconds: number }[];
  /** Names of steps, waits, polls, approvals and transitions in the order in which they were begun. */
  readonly operations: readonly string[];
  readonly requests: readonly ApprovalRequest[];
  /**
   * How many operations Lambda would count: every try of a step, every look of a poll, and of an approval its callback and two for
   * each wait (Developer Guide, "How durable operations are metered").
   */
  readonly meteredOperations: () => number;
};

export type DurableRunOptions = {
  readonly executionName?: string;
  readonly startMs?: number;
  /** A person, to each request: what he says, what he sends by the letter, or nothing until the request times out. */
  readonly answer?: (asked: ApprovalDocument) => Said | string | undefined;
  /** So long a person takes to answer. */
  readonly answerMs?: number;
};

/** Lambda takes no more of one execution (Lambda quotas, "Durable functions"). */
const mostOperations = 3_000;

/**
 * A durable run in memory, for tests of shells: the same retries, pauses, bounds and JSON as on AWS, one process, no
 * replay, and a clock that every pause moves on instead of waiting. A run that does not come to an end fails.
 */
export function openDurableRun(options: DurableRunOptions = {}): DurableRun {
  const { executionName = 'orders-storage-scaling-1', startMs = Date.parse('2026-11-02T09:00:00Z') } = options;
  let clockMs = startMs;
  const advance = (durationMs: number) => {
    clockMs += durationMs;
  };
  const transitions: { to: string; facts: Evidence; atMs: number }[] = [];
  const waits: { name: string; seconds: number }[] = [];
  const operations: string[] = [];
  const requests: ApprovalRequest[] = [];
  let metered = 0;
  const begin = (operation: string) => {
    if (operations.length === mostOperations) throw new Error(`no end after ${mostOperations} operations`);
    operations.push(operation);
  };

  const runStep = async <Value>(name: string, run: () => Promise<Value>, attempt = 1): Promise<Value> => {
    metered += 1;
    try {
      return keepAsJson(name, await run());
    } catch (error) {
      const pauseMs = planRetryPauseMs(error, attempt, false);
      if (pauseMs === undefined) throw restoreError(keepError(error));
      advance(pauseMs);
      return runStep(name, run, attempt + 1);
    }
  };

  const poll: Durable['poll'] = async (name, { look, isDone, backOff }) => {
    begin(`poll ${name}`);
    type Value = Awaited<ReturnType<typeof look>>;
    const lookAgain = async (before: PollState<Value, Error>, attempt: number): Promise<PollState<Value, Error>> => {
      let state: PollState<Value, Error>;
      metered += 1;
      try {
        const value = keepAsJson(name, await look(before.seen?.value));
        state = afterLook(before, { value, isDone: isDone(value) }, clockMs);
      } catch (error) {
        if (!isPassing(error)) throw restoreError(keepError(error));
        state = afterProblem(before, restoreError(keepError(error)), clockMs);
      }
      const seconds = planPauseSeconds(state, attempt, backOff);
      if (seconds === undefined) return state;
      advance(seconds * 1_000);
      return lookAgain(state, attempt + 1);
    };
    const { seen, isDone: done, problem } = await lookAgain(firstPollState, 1);
    if (seen === undefined) throw problem;
    return { value: seen.value, isDone: done };
  };

  const durable: Durable = {
    executionName,
    executionArn: `arn:aws:lambda:eu-central-1:123456789012:function:mskeeper:1/durable-execution/${executionName}/1`,
    step: (name, run) => {
      begin(`step ${name}`);
      return runStep(name, run);
    },
    wait: async (name, durationMs) => {
      begin(`wait ${name}`);
      metered += 1;
      const seconds = wholeSeconds(durationMs);
      waits.push({ name, seconds });
      advance(seconds * 1_000);
    },
    poll,
    approval: async (name, request, { keep, ...judge }, meanwhile): Promise<ApprovalOutcome> => {
      begin(`approval ${name}`);
      metered += 1;
      requests.push(request);
      const asked = documentOf(request, `callback-${requests.length}`);
      const begunAtMs = clockMs;
      try {
        await runStep(name, () => keep(asked));
      } catch (error) {
        if (!(error instanceof DependencyError)) throw error;
        return { outcome: 'unasked', why: error.message };
      }
      await meanwhile.whenAsked();
      const said = options.answer?.(asked);
      const timeoutMs = wholeSeconds(request.timeoutMs) * 1_000;
      const answerMs = said === undefined ? timeoutMs : Math.min(timeoutMs, options.answerMs ?? 0);
      for (;;) {
        const leftMs = begunAtMs + answerMs - clockMs;
        const everyMs = wholeSeconds(meanwhile.everyMs) * 1_000;
        begin(`wait ${name}`);
        metered += 2;
        advance(Math.max(0, Math.min(leftMs, everyMs)));
        if (leftMs <= everyMs) break;
        if ((await meanwhile.look()) === 'lapsed') return { outcome: 'lapsed' };
      }
      if (said === undefined || answerMs === timeoutMs) return { outcome: 'timed-out' };
      const payload = typeof said === 'string' ? said : JSON.stringify(answerTo(asked, said));
      try {
        return await runStep(name, () => judgeAnswer(payload, asked, judge, () => clockMs));
      } catch (error) {
        if (!(error instanceof DependencyError)) throw error;
        return { outcome: 'void', because: 'unreachable', detail: error.message };
      }
    },
    transition: async (to, facts) => {
      begin(`transition ${to}`);
      metered += 1;
      transitions.push({ to, facts, atMs: clockMs });
    },
  };
  return {
    durable,
    nowMs: () => clockMs,
    advance,
    transitions,
    waits,
    operations,
    requests,
    meteredOperations: () => metered,
  };
}
