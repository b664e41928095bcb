import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { createRunLogger } from '../run/logging.ts';
import type { RunContext, RunSummary } from '../run/run-context.ts';
import { redactValue } from '../text/redaction.ts';
import { runWithinDeadline } from './deadline.ts';
import { errorMapper, failureTeller } from './errors.ts';
import { eventParser } from './parse.ts';
import { defaultDeadlineReserveMs, requireRun, runOpener } from './run.ts';
import { runLog } from './run-log.ts';
import { telemetry } from './telemetry.ts';

export type HandlerDefinition<Event, Ports, Result, Answer = Result> = {
  /** the slug that names folder, function, alarms and runbook page. */
  readonly procedure: string;
  /** The events that the function accepts; what `run` gets is this schema's output. */
  readonly schema: z.ZodType<Event>;
  /** What comes by an alias of the function: these events and no others, so that who may invoke it by the alias can send nothing else. */
  readonly schemaByAlias?: Readonly<Record<string, z.ZodType<Event>>>;
  /** The outside of one run. SDK clients are made at cold start, outside of this function. */
  readonly ports: (context: RunContext) => Ports | Promise<Ports>;
  readonly run: (event: Event, ports: Ports) => Promise<Result>;
  /** What the run's log line says about its result. */
  readonly summary: (result: Result) => RunSummary;
  /** What the invoker gets of the result; all of it, where it is left out. */
  readonly answer?: (result: Result) => Answer;
  readonly deadlineReserveMs?: number;
  /** For the arm alone, whose answer only our own functions read: they need names as the cluster has them. */
  readonly isAnswerVerbatim?: boolean;
};

export type LambdaHandler<Result> = (rawEvent: unknown, context: Context) => Promise<Result>;

/**
 * Turns a run function into a Lambda handler: opens the run with its deadline, parses the event, maps and redacts errors
 * and throws them again, publishes EMF metrics, writes one JSON line. The answer is redacted as everything that leaves.
 *
 * @throws InvalidEventError for an event of another shape
 * @throws ConfigError where `MSKEEPER_CLUSTER` is missing
 * @throws DependencyError for a call that failed, and `timed-out` naming the call in flight before Lambda's own deadline
 */
export function defineHandler<Event, Ports, Result, Answer = Result>(
  definition: HandlerDefinition<Event, Ports, Result, Answer>,
): LambdaHandler<Answer> {
  const {
    procedure,
    schema,
    schemaByAlias = {},
    deadlineReserveMs = defaultDeadlineReserveMs,
    isAnswerVerbatim = false,
  } = definition;
  const nowMs = () => Date.now();
  const logger = createRunLogger(procedure);

  // The boundary: without `answer` the two are one type.
  const answerOf = definition.answer ?? ((result: Result) => result as unknown as Answer);

  const runOnce = async (event: Event, context: Context): Promise<Answer> => {
    const run = requireRun(context);
    const result = await runWithinDeadline(procedure, run.context.calls, async () =>
      definition.run(event, await definition.ports(run.context)),
    );
    run.summary = definition.summary(result);
    // Redaction keeps the shape of plain data: it replaces texts.
    const answer = answerOf(result);
    return isAnswerVerbatim ? answer : (redactValue(answer) as Answer);
  };

  const handler = middy<Event, Answer, Error, Context>(runOnce, { timeoutEarlyInMillis: 0 });
  // Ends run in the opposite order: errors are mapped first, then the log line is written, and the message told last.
  handler.use([
    failureTeller(),
    runOpener({ procedure, deadlineReserveMs, environment: process.env, nowMs }),
    runLog(logger, nowMs),
    telemetry,
    errorMapper(),
    eventParser(schema, schemaByAlias),
  ]);
  // The boundary: middy knows one event type, and eventParser makes it of the raw event before `runOnce` sees it.
  return (rawEvent, context) => handler(rawEvent as Event, context);
}
