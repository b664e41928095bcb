import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';
import { ConfigError } from '../core/errors.ts';
import type { Middleware } from '../lambda/run.ts';
import type { RunLogger } from '../run/logging.ts';
import type { RunSummary } from '../run/run-context.ts';
import { describeError } from '../text/redaction.ts';
import { type DurableInvocation, type InvocationOptions, openInvocation } from './invocation.ts';

/** What the middlewares of one invocation share. */
export type DurableState = { readonly envelope: unknown; invocation?: DurableInvocation; summary?: RunSummary };

/** The invocations under way, by the context object that Lambda makes for each. */
export type DurableStates = WeakMap<Context, DurableState>;

/** In a durable execution middy's context is the SDK's, which holds Lambda's own; middy's types know only the latter. */
export const durableContextOf = (context: Context): DurableContext => context as unknown as DurableContext;

export function findState(states: DurableStates, context: Context): DurableState | undefined {
  return states.get(durableContextOf(context).lambdaContext);
}

/** First of all middlewares. `before` runs at every invocation; nothing at all runs after one that waits. */
export const invocationOpener = (
  states: DurableStates,
  options: Omit<InvocationOptions, 'isColdStart'>,
): Middleware => {
  let isColdStart = true;
  return {
    before: ({ context }) => {
      const { lambdaContext: lambda, executionContext } = durableContextOf(context);
      const state = states.get(lambda);
      if (state === undefined) throw new ConfigError('the invocation was not opened by its own handler');
      const executionArn = executionContext.durableExecutionArn;
      state.invocation = openInvocation(
        { executionArn, envelope: state.envelope, lambda },
        { ...options, isColdStart },
      );
      isColdStart = false;
    },
  };
};

type Told = { readonly states: DurableStates; readonly procedure: string; readonly nowMs: () => number };

/** One structured line an execution, written when it ends, however many invocations it had. */
export const executionLog = (logger: RunLogger, { states, procedure, nowMs }: Told): Middleware => {
  const fieldsOf = (invocation: DurableInvocation | undefined) =>
    invocation === undefined
      ? { procedure }
      : {
          procedure,
          cluster: invocation.cluster,
          executionName: invocation.executionName,
          executionArn: invocation.executionArn,
          durationMs: nowMs() - invocation.startedAtMs,
        };
  return {
    after: ({ context }) => {
      const state = findState(states, context);
      logger.info('execution finished', { ...fieldsOf(state?.invocation), ...state?.summary });
    },
    onError: ({ error, context }) => {
      const fields = fieldsOf(findState(states, context)?.invocation);
      logger.error('execution failed', { ...fields, outcome: 'failed', problem: describeError(error) });
    },
  };
};
