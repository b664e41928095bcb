import type { RunLogger } from '../run/logging.ts';
import { describeError } from '../text/redaction.ts';
import { findRun, type Middleware, type RunState } from './run.ts';

/** One structured line a run, written last: what was seen, decided and done, what it cost, or why it could not finish. */
export const runLog = (logger: RunLogger, nowMs: () => number): Middleware => ({
  after: ({ context }) => {
    const run = findRun(context);
    logger.info('run finished', { ...fieldsOf(run, nowMs()), ...run?.summary });
  },
  onError: ({ error, context }) => {
    const fields = fieldsOf(findRun(context), nowMs());
    logger.error('run failed', { ...fields, outcome: 'failed', problem: describeError(error) });
  },
});

function fieldsOf(run: RunState | undefined, endedAtMs: number): Readonly<Record<string, unknown>> {
  if (run === undefined) return {};
  const { runId, procedure, cluster, startedAtMs, isColdStart, calls } = run.context;
  return {
    eventId: run.eventId,
    ...(run.unreadEventFields !== undefined && { unreadEventFields: run.unreadEventFields }),
    runId,
    procedure,
    cluster,
    isColdStart,
    durationMs: endedAtMs - startedAtMs,
    requestCountByCall: calls.requestCountByCall(),
  };
}
