import { publishMetrics } from '../run/metrics.ts';
import type { RunMetric } from '../run/run-context.ts';
import { findRun, type Middleware, type RunState } from './run.ts';

/**
 * `RunCompleted` is the heartbeat: 1 for a run that finished, whatever it found, and nothing for one that did not, so
 * that its absence alarms. `RunDurationMs` is sent either way, and so is what the run itself measured.
 */
export const telemetry = (nowMs: () => number): Middleware => ({
  after: ({ context }) => publish(findRun(context), nowMs(), [heartbeat]),
  onError: ({ context }) => publish(findRun(context), nowMs(), []),
});

const heartbeat: RunMetric = { name: 'RunCompleted', unit: 'Count', value: 1, by: 'procedure' };

function publish(run: RunState | undefined, endedAtMs: number, also: readonly RunMetric[]): void {
  if (run === undefined || run.context.cluster === '') return;
  const { cluster, procedure, startedAtMs } = run.context;
  const duration: RunMetric = {
    name: 'RunDurationMs',
    unit: 'Milliseconds',
    value: Math.max(0, endedAtMs - startedAtMs),
    by: 'procedure',
  };
  publishMetrics(cluster, procedure, [...run.metrics, ...also, duration]);
}
