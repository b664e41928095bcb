import type { StorageScalingResult } from '../../../functions/capacity/storage-scaling/core/model.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import type { ApprovalOutcome } from '../../../shared/durable/approval.ts';
import { documentOf } from '../../../shared/durable/approval-digest.ts';
import { judgeAnswer } from '../../../shared/durable/approval-judgement.ts';
import type { Durable } from '../../../shared/durable/durable.ts';
import { type KeptError, keepError, restoreError } from '../../../shared/durable/errors.ts';
import { keepAsJson } from '../../../shared/durable/json.ts';
import {
  afterLook,
  afterProblem,
  firstPollState,
  type PollState,
  planPauseSeconds,
} from '../../../shared/durable/poll.ts';
import { isPassing, planRetryPauseMs, wholeSeconds } from '../../../shared/durable/retry.ts';
import { Killed, type Runner } from '../acting/turnstile.ts';
import type { Clock } from './clock.ts';

/** Ends an invocation that waits; nothing may catch it. */
class Suspended extends Error {
  readonly untilMs: number;
  constructor(untilMs: number) {
    super('suspended');
    this.untilMs = untilMs;
  }
}

/** One operation of the history, as Lambda keeps it between invocations. */
type Entry = {
  readonly name: string;
  done?: { readonly value: unknown } | { readonly error: KeptError };
  attempt: number;
  /** Until then it waits: the pause before another try, a wait's end, a callback's time. */
  untilMs?: number;
  poll?: PollState<unknown, KeptError>;
  answer?: { readonly payload: string };
};

export type Execution = {
  readonly name: string;
  readonly payload: string;
  status: 'running' | 'succeeded' | 'failed';
  result?: StorageScalingResult;
  error?: unknown;
  invocations: number;
  readonly transitions: string[];
  /** @returns whether Lambda took it: the first answer within the callback's time */
  readonly answer: (callbackId: string, payload: string) => boolean;
  readonly over: Promise<void>;
};

type Outside<One extends Runner> = {
  readonly clock: Clock;
  readonly newRunner: () => One;
  readonly nowMsOf: (runner: One) => () => number;
  /** One invocation with a `Durable` that replays what is done. */
  readonly invoke: (durable: Durable, runner: One) => Promise<StorageScalingResult>;
  /** How long Lambda takes to invoke again after a death. */
  readonly restartMs: () => number;
  readonly mostInvocations: number;
  /** Whether a pause ends the invocation. */
  readonly mustSuspend: () => boolean;
};

/**
 * A durable execution as Lambda runs it: every wait ends the invocation, the next one replays the history from its first line,
 * and one that dies in between begins anew with what was kept. Retries, pauses and JSON are the product's own.
 *
 * @throws Error in `over` where a replay asks for another operation than its history has
 */
export function startExecution<One extends Runner>(name: string, payload: string, outside: Outside<One>): Execution {
  const { clock, newRunner, nowMsOf, invoke, restartMs, mostInvocations, mustSuspend } = outside;
  const journal: Entry[] = [];
  let wakeUp: (() => void) | undefined;

  const durableOf = (nowMs: () => number): Durable => {
    let place = 0;
    const next = (operation: string): Entry => {
      const found = journal[place];
      place += 1;
      if (found === undefined) {
        const entry: Entry = { name: operation, attempt: 1 };
        journal.push(entry);
        return entry;
      }
      if (found.name !== operation) throw new Error(`a replay asks for ${operation} where ${found.name} was`);
      return found;
    };
    const finished = <Value>({ done }: Entry): { readonly value: Value } | undefined => {
      if (done === undefined) return undefined;
      if ('error' in done) throw restoreError(done.error);
      // What a step of this name gave.
      return { value: done.value as Value };
    };
    /** Ends the invocation until it is time, as Lambda does; or mostly, since each replay costs, only sleeps. */
    const rest = async ({ untilMs }: Entry): Promise<void> => {
      if (untilMs === undefined || clock.nowMs() >= untilMs) return;
      if (mustSuspend()) throw new Suspended(untilMs);
      await sleepUntil(untilMs);
    };
    const runStep = async <Value>(entry: Entry, run: () => Promise<Value>): Promise<Value> => {
      const before = finished<Value>(entry);
      if (before !== undefined) return before.value;
      await rest(entry);
      try {
        const value = keepAsJson(entry.name, await run());
        entry.done = { value };
        return value;
      } catch (error) {
        if (error instanceof Killed) throw error;
        const pauseMs = planRetryPauseMs(error, entry.attempt, false);
        if (pauseMs === undefined) {
          entry.done = { error: keepError(error) };
          throw restoreError(keepError(error));
        }
        entry.attempt += 1;
        entry.untilMs = clock.nowMs() + pauseMs;
        return runStep(entry, run);
      }
    };
    /** Whether the callback was answered, or its time over, before a part of the waiting was; kept, for the replays. */
    const isSettledWithin = async (callback: Entry, part: Entry, durationMs: number): Promise<boolean> => {
      const before = finished<boolean>(part);
      if (before !== undefined) return before.value;
      part.untilMs ??= clock.nowMs() + wholeSeconds(durationMs) * 1_000;
      const timeoutMs = callback.untilMs ?? 0;
      if (callback.answer === undefined) await rest({ ...part, untilMs: Math.min(part.untilMs, timeoutMs) });
      const value = callback.answer !== undefined || clock.nowMs() >= timeoutMs;
      part.done = { value };
      return value;
    };
    return {
      executionName: name,
      executionArn: `arn:aws:lambda:eu-west-1:111122223333:function:run:1/durable-execution/${name}/1`,
      step: (step, run) => runStep(next(`step ${step}`), run),
      wait: async (wait, durationMs) => {
        const entry = next(`wait ${wait}`);
        entry.untilMs ??= clock.nowMs() + wholeSeconds(durationMs) * 1_000;
        await rest(entry);
      },
      poll: async (poll, { look, isDone, backOff }) => {
        const entry = next(`poll ${poll}`);
        type Value = Awaited<ReturnType<typeof look>>;
        const before = finished<{ value: Value; isDone: boolean }>(entry);
        if (before !== undefined) return before.value;
        for (;;) {
          await rest(entry);
          // What the looks of this poll gave.
          const kept = (entry.poll ?? firstPollState) as PollState<Value, KeptError>;
          let state: PollState<Value, KeptError>;
          try {
            const value = keepAsJson(poll, await look(kept.seen?.value));
            state = afterLook(kept, { value, isDone: isDone(value) }, clock.nowMs());
          } catch (error) {
            if (!isPassing(error)) throw error;
            state = afterProblem(kept, keepError(error), clock.nowMs());
          }
          entry.poll = state;
          const seconds = planPauseSeconds(state, entry.attempt, backOff);
          if (seconds === undefined) {
            const { seen, isDone: done, problem } = state;
            if (seen === undefined) throw restoreError(problem ?? keepError(new Error('a poll without a look')));
            const result = { value: seen.value, isDone: done };
            entry.done = { value: result };
            return result;
          }
          entry.attempt += 1;
          entry.untilMs = clock.nowMs() + seconds * 1_000;
        }
      },
      approval: async (approval, request, { keep, ...judge }, meanwhile): Promise<ApprovalOutcome> => {
        const entry = next(`callback ${approval}`);
        entry.untilMs ??= clock.nowMs() + wholeSeconds(request.timeoutMs) * 1_000;
        const asked = documentOf(request, `${name}/${place}`);
        try {
          await runStep(next(`ask ${approval}`), () => keep(asked).then(() => null));
        } catch (error) {
          if (!(error instanceof DependencyError)) throw error;
          return { outcome: 'unasked', why: error.message };
        }
        await meanwhile.whenAsked();
        while (!(await isSettledWithin(entry, next(`part of ${approval}`), meanwhile.everyMs))) {
          if ((await meanwhile.look()) === 'lapsed') return { outcome: 'lapsed' };
        }
        if (entry.answer === undefined) return { outcome: 'timed-out' };
        const { payload: said } = entry.answer;
        try {
          return await runStep(next(`answer ${approval}`), () => judgeAnswer(said, asked, judge, nowMs));
        } catch (error) {
          if (!(error instanceof DependencyError)) throw error;
          return { outcome: 'void', because: 'unreachable', detail: error.message };
        }
      },
      transition: (to) =>
        runStep(next(`transition ${to}`), async () => {
          transitions.push(to);
        }),
    };
  };

  const transitions: string[] = [];
  const sleepUntil = (atMs: number) => {
    const { over, wake } = clock.sleep(atMs);
    wakeUp = wake;
    return over;
  };
  const live = async (): Promise<void> => {
    for (;;) {
      execution.invocations += 1;
      if (execution.invocations > mostInvocations)
        throw new Error(`${name}: no end after ${mostInvocations} invocations`);
      const runner = newRunner();
      try {
        execution.result = await invoke(durableOf(nowMsOf(runner)), runner);
        execution.status = 'succeeded';
        return;
      } catch (error) {
        if (error instanceof Suspended) await sleepUntil(error.untilMs);
        else if (error instanceof Killed) await sleepUntil(clock.nowMs() + restartMs());
        else {
          execution.status = 'failed';
          execution.error = error;
          return;
        }
      }
    }
  };
  const execution: Execution = {
    name,
    payload,
    status: 'running',
    invocations: 0,
    transitions,
    answer: (callbackId, answer) => {
      const place = Number(callbackId.slice(callbackId.lastIndexOf('/') + 1)) - 1;
      const entry = journal[place];
      const isOpen = entry?.name.startsWith('callback ') === true && entry.answer === undefined;
      if (!isOpen || execution.status !== 'running' || clock.nowMs() >= (entry.untilMs ?? 0)) return false;
      entry.answer = { payload: answer };
      wakeUp?.();
      return true;
    },
    over: Promise.resolve(),
  };
  return Object.assign(execution, { over: live() });
}
