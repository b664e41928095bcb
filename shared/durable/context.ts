import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { CallScope } from '../run/call-scope.ts';
import { runApproval } from './ask-person.ts';
import type { BackOff, Durable } from './durable.ts';
import { type KeptError, keepError, restoreError, restoreStepError, toStepError } from './errors.ts';
import type { DurableInvocation } from './invocation.ts';
import { afterLook, afterProblem, firstPollState, type PollState, planPauseSeconds } from './poll.ts';
import { isPassing, wholeSeconds } from './retry.ts';
import { runStep, tryWithinDeadline } from './steps.ts';

export type DurableOutside = {
  readonly nowMs: () => number;
  /** Writes a transition's line and metric. */
  readonly tell: (to: string, facts: Parameters<Durable['transition']>[1]) => void;
};

/** `Durable` on AWS's SDK. One operation of the history a call; more for an approval. */
export function createDurable(
  context: DurableContext,
  { executionArn, executionName, calls }: DurableInvocation,
  { nowMs, tell }: DurableOutside,
): Durable {
  return {
    executionArn,
    executionName,
    step: (name, run) => runStep(context, calls, name, run),
    wait: async (name, durationMs) => {
      await context.wait(name, { seconds: wholeSeconds(durationMs) });
    },
    poll: (name, options) => runPoll(context, calls, name, options, nowMs),
    approval: (name, request, ports, meanwhile) =>
      runApproval({ context, calls, nowMs }, name, request, ports, meanwhile),
    transition: (to, facts) => runStep(context, calls, `transition ${to}`, async () => tell(to, facts)),
  };
}

type PollOptions<Value> = {
  readonly look: (previous: Value | undefined) => Promise<Value>;
  readonly isDone: (value: Value) => boolean;
  readonly backOff: BackOff;
};

async function runPoll<Value>(
  context: DurableContext,
  calls: CallScope,
  name: string,
  { look, isDone, backOff }: PollOptions<Value>,
  nowMs: () => number,
): Promise<{ readonly value: Value; readonly isDone: boolean }> {
  type State = PollState<Value, KeptError>;
  const lookOnce = async (before: State): Promise<State> => {
    const tried = await tryWithinDeadline(name, calls, () => look(before.seen?.value));
    if (tried.isAnswered) return afterLook(before, { value: tried.value, isDone: isDone(tried.value) }, nowMs());
    const kept = keepError(tried.error);
    if (tried.isCutOff || isPassing(tried.error)) return afterProblem(before, kept, nowMs());
    throw toStepError(kept);
  };
  let state: State;
  try {
    state = await context.waitForCondition<State>(name, lookOnce, {
      initialState: firstPollState,
      waitStrategy: (seen, attempt) => {
        const seconds = planPauseSeconds(seen, attempt, backOff);
        return seconds === undefined ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds } };
      },
    });
  } catch (thrown) {
    throw restoreStepError(thrown);
  }
  const { seen, problem } = state;
  if (seen !== undefined) return { value: seen.value, isDone: state.isDone };
  throw problem === undefined ? new TypeError(`${name}: a poll ended without a look`) : restoreError(problem);
}
