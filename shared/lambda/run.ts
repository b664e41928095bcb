import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ConfigError } from '../core/errors.ts';
import { openCallScope } from '../run/call-scope.ts';
import type { RunContext, RunMetric, RunSummary } from '../run/run-context.ts';

/** What the middlewares of one invocation share. */
export type RunState = {
  readonly context: RunContext;
  readonly eventId: string;
  readonly metrics: RunMetric[];
  readonly endDeadline: () => void;
  /** What the event says beside its identity and could not be read, by its paths. */
  unreadEventFields?: readonly string[];
  summary?: RunSummary;
};

export type Middleware = MiddlewareObj<unknown, unknown, Error, Context>;

/** Lambda makes one context object an invocation: it is the key under which middlewares and handler share the run. */
const runByContext = new WeakMap<Context, RunState>();

/** The run of this invocation; absent where opening it failed. */
export const findRun = (context: Context): RunState | undefined => runByContext.get(context);

/** Time kept back from Lambda's deadline for the log line, the metrics and the error's way out. */
export const defaultDeadlineReserveMs = 1_000;

export type RunOptions = {
  readonly procedure: string;
  readonly deadlineReserveMs: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
};

/** First of all middlewares: opens the run, with an AbortSignal that fires before the Lambda deadline. */
export const runOpener = (options: RunOptions): Middleware => {
  let isColdStart = true;
  return {
    before: ({ event, context }) => {
      runByContext.set(context, openRun(event, context, isColdStart, options));
      isColdStart = false;
    },
    after: ({ context }) => findRun(context)?.endDeadline(),
    onError: ({ context }) => findRun(context)?.endDeadline(),
  };
};

function openRun(event: unknown, lambda: Context, isColdStart: boolean, options: RunOptions): RunState {
  const deadline = new AbortController();
  const remainingMs = () => Math.max(0, lambda.getRemainingTimeInMillis() - options.deadlineReserveMs);
  const timer = setTimeout(() => deadline.abort(), remainingMs());
  const metrics: RunMetric[] = [];
  const context: RunContext = {
    runId: lambda.awsRequestId,
    procedure: options.procedure,
    cluster: options.environment.MSKEEPER_CLUSTER ?? '',
    startedAtMs: options.nowMs(),
    isColdStart,
    calls: openCallScope(deadline.signal),
    remainingMs,
    addMetric: (metric) => metrics.push(metric),
  };
  return { context, eventId: eventIdOf(event) ?? context.runId, metrics, endDeadline: () => clearTimeout(timer) };
}

/** EventBridge names its events; a schedule or a person does not, so the invocation's own id stands in. */
function eventIdOf(event: unknown): string | undefined {
  const id: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'id') : undefined;
  return typeof id === 'string' && id.length <= 200 ? id : undefined;
}

/** The run, where one is open. @throws ConfigError where the stack did not say which cluster it serves */
export function requireRun(context: Context): RunState {
  const run = findRun(context);
  if (run === undefined) throw new ConfigError('The run was not opened: runOpener must be the first middleware');
  if (run.context.cluster === '') throw new ConfigError('MSKEEPER_CLUSTER is not set');
  return run;
}
