import type { Context } from 'aws-lambda';
import { ConfigError } from '../core/errors.ts';
import { type CallScope, openCallScope } from '../run/call-scope.ts';

/** One invocation of a durable run: the run goes on in another one after every wait. */
export type DurableInvocation = {
  readonly executionArn: string;
  readonly executionName: string;
  /** When the execution began, the same at every replay. */
  readonly startedAtMs: number;
  readonly cluster: string;
  readonly isColdStart: boolean;
  /** Ends before this invocation's deadline. */
  readonly calls: CallScope;
  readonly remainingMs: () => number;
  readonly end: () => void;
};

export type InvocationOptions = {
  readonly deadlineReserveMs: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isColdStart: boolean;
};

/**
 * Time kept back from Lambda's deadline: the step that is cut off is written down as one to begin again, and the SDK has
 * one call for it, which may be slow.
 */
export const defaultDurableReserveMs = 5_000;

/** @throws ConfigError where nobody said which cluster it serves, or the envelope has another shape */
export function openInvocation(
  {
    executionArn,
    envelope,
    lambda,
  }: { readonly executionArn: string; readonly envelope: unknown; readonly lambda: Context },
  options: InvocationOptions,
): DurableInvocation {
  const cluster = options.environment.MSKEEPER_CLUSTER ?? '';
  if (cluster === '') throw new ConfigError('MSKEEPER_CLUSTER is not set');
  const deadline = new AbortController();
  const remainingMs = () => Math.max(0, lambda.getRemainingTimeInMillis() - options.deadlineReserveMs);
  const timer = setTimeout(() => deadline.abort(), remainingMs());
  return {
    executionArn,
    executionName: executionNameOf(executionArn),
    startedAtMs: startOf(envelope),
    cluster,
    isColdStart: options.isColdStart,
    calls: openCallScope(deadline.signal),
    remainingMs,
    end: () => clearTimeout(timer),
  };
}

/** `arn:…:function:NAME:VERSION/durable-execution/NAME/ID`; another form is a name in itself. */
const executionNameOf = (executionArn: string): string =>
  /\/durable-execution\/([A-Za-z0-9_-]{1,64})\/[^/]+$/.exec(executionArn)?.[1] ?? executionArn;

/** The first operation is the execution itself; Lambda writes times as ISO texts. */
function startOf(envelope: unknown): number {
  const operations = valueAt(valueAt(envelope, 'InitialExecutionState'), 'Operations');
  const start = valueAt(Array.isArray(operations) ? operations[0] : undefined, 'StartTimestamp');
  const startMs =
    start instanceof Date ? start.getTime() : typeof start === 'string' ? Date.parse(start) : Number(start);
  if (Number.isFinite(startMs)) return startMs;
  throw new ConfigError('the durable execution says no start: its envelope has another shape than the one known');
}

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
