import type { DurableContext } from '@aws/durable-execution-sdk-js';
import middy from '@middy/core';
import { executionModeDurableContext } from '@middy/core/DurableContext';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { ConfigError } from '../core/errors.ts';
import { errorMapper } from '../lambda/errors.ts';
import { eventParser } from '../lambda/parse.ts';
import { createRunLogger, type RunLogger } from '../run/logging.ts';
import { publishMetrics } from '../run/metrics.ts';
import type { RunContext, RunSummary } from '../run/run-context.ts';
import { redactValue } from '../text/redaction.ts';
import { createDurable } from './context.ts';
import type { Durable } from './durable.ts';
import { type DurableInvocation, defaultDurableReserveMs } from './invocation.ts';
import { type DurableStates, durableContextOf, executionLog, findState, invocationOpener } from './middlewares.ts';

export type DurableHandlerDefinition<Input, Ports, Result> = {
  /** the slug that names folder, function, alarms and runbook page. */
  readonly procedure: string;
  /** What the execution is started with; what `run` gets is this schema's output. */
  readonly schema: z.ZodType<Input>;
  /**
   * The outside, opened anew at every invocation and outside of any step: it must ask nothing. Its `calls` end before
   * that invocation's deadline; `runId` is the execution's name and `startedAtMs` its start, the same at every replay.
   */
  readonly ports: (context: RunContext) => Ports;
  /** Replayed: outside of `durable`'s calls it may only compute. */
  readonly run: (input: Input, durable: Durable, ports: Ports) => Promise<Result>;
  /** What the execution's log line says about its result. */
  readonly summary: (result: Result) => RunSummary;
  readonly deadlineReserveMs?: number;
};

export type DurableHandler = (envelope: unknown, context: Context) => Promise<unknown>;

/**
 * Turns a durable run into a Lambda handler: parses the input, gives the run its `Durable`, maps and redacts errors, and
 * writes one JSON line and its metrics when the execution ends, not when it waits. A step that an invocation's deadline
 * cuts off begins anew in the next invocation; an input of another shape or any other error ends the execution as FAILED.
 *
 * @throws what the SDK throws where the invocation cannot go on and the execution can: Lambda invokes again
 */
export function defineDurableHandler<Input, Ports, Result>(
  definition: DurableHandlerDefinition<Input, Ports, Result>,
): DurableHandler {
  const { procedure, schema, deadlineReserveMs = defaultDurableReserveMs } = definition;
  const nowMs = () => Date.now();
  const logger = createRunLogger(procedure);
  const states: DurableStates = new WeakMap();
  const told = { states, procedure, nowMs };

  const runOnce = async (input: Input, middyContext: Context): Promise<Result> => {
    const state = findState(states, middyContext);
    const invocation = state?.invocation;
    if (state === undefined || invocation === undefined) throw new ConfigError('the invocation was not opened');
    const context: DurableContext = durableContextOf(middyContext);
    const tell = createTeller(procedure, invocation, logger);
    const durable = createDurable(context, invocation, { nowMs, tell });
    const result = await definition.run(input, durable, definition.ports(runContextOf(procedure, invocation)));
    state.summary = definition.summary(result);
    // Redaction keeps the shape of plain data: it replaces texts.
    return redactValue(result) as Result;
  };

  // No early time-out: middy's would end the execution where Lambda's only ends the invocation.
  const handler = middy<Input, Result, Error, Context>(runOnce, {
    executionMode: executionModeDurableContext,
    timeoutEarlyInMillis: 0,
  });
  handler.use([
    invocationOpener(states, { deadlineReserveMs, environment: process.env }),
    executionLog(logger, told),
    errorMapper(),
    eventParser(schema),
  ]);
  return async (envelope, lambda) => {
    states.set(lambda, { envelope });
    try {
      // The boundary: in this mode middy takes the SDK's envelope and gives the SDK's answer, whatever its types say.
      return await handler(envelope as Input, lambda);
    } finally {
      states.get(lambda)?.invocation?.end();
    }
  };
}

const runContextOf = (procedure: string, invocation: DurableInvocation): RunContext => {
  const { cluster, executionName, startedAtMs, isColdStart, calls, remainingMs } = invocation;
  return {
    runId: executionName,
    procedure,
    cluster,
    startedAtMs,
    isColdStart,
    calls,
    remainingMs,
    // At once, since nothing is known of the invocation in which the execution ends: only a step may add one.
    addMetric: (metric) => publishMetrics(cluster, procedure, [metric]),
  };
};

const createTeller =
  (procedure: string, { cluster, executionName }: DurableInvocation, logger: RunLogger) =>
  (to: string, facts: Parameters<Durable['transition']>[1]): void => {
    logger.info('transition', { procedure, cluster, executionName, to, facts });
    publishMetrics(cluster, procedure, [{ name: 'Transitions', unit: 'Count', value: 1, by: 'procedure' }]);
  };
