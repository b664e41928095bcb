import { publishMetrics } from '../run/metrics.ts';
import { findRun, type Middleware, type RunState } from './run.ts';

/** What the run itself measured. How long it took and whether it ended well CloudWatch has from Lambda: Duration, Errors. */
export const telemetry: Middleware = {
  after: ({ context }) => publish(findRun(context)),
  onError: ({ context }) => publish(findRun(context)),
};

function publish(run: RunState | undefined): void {
  if (run === undefined || run.context.cluster === '') return;
  publishMetrics(run.context.cluster, run.context.procedure, run.metrics);
}
