import type { CloudWatch } from '../cloudwatch/cloudwatch.ts';
import { readEmbeddedMetrics } from '../cloudwatch/emf.ts';

type Publisher = Pick<CloudWatch, 'publish' | 'metrics'>;

/** AWS/Lambda metrics are kept by function and for all functions together (Developer Guide, "Types of metrics"). */
export function publishLambdaMetric(
  cloudWatch: Publisher,
  functionName: string,
  name: string,
  value: number,
  options: { readonly atMs?: number; readonly unit?: string } = {},
): void {
  const settings = { unit: 'Count', ...options };
  cloudWatch.publish({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } }, value, settings);
  cloudWatch.publish({ namespace: 'AWS/Lambda', name, dimensions: {} }, value, settings);
}

/**
 * What one invocation counts, stamped with its start; an error-free one says Errors 0, so that alarms see data. Where alarms'
 * minutes are shortened, its time is too: a run that takes real seconds would else begin many of those minutes ago.
 */
export function publishInvocation(
  cloudWatch: Publisher & Pick<CloudWatch, 'alarmPeriodScale'>,
  run: { readonly functionName: string; readonly atMs: number; readonly durationMs: number; readonly isError: boolean },
): void {
  const { functionName } = run;
  const atMs = run.atMs + run.durationMs * (1 - cloudWatch.alarmPeriodScale);
  publishLambdaMetric(cloudWatch, functionName, 'Invocations', 1, { atMs });
  publishLambdaMetric(cloudWatch, functionName, 'Errors', run.isError ? 1 : 0, { atMs });
  publishLambdaMetric(cloudWatch, functionName, 'Throttles', 0, { atMs });
  publishLambdaMetric(cloudWatch, functionName, 'Duration', run.durationMs, { atMs, unit: 'Milliseconds' });
}

/** Metrics in log lines; what cannot be read counts in AWS/Logs, as CloudWatch counts it. */
export function publishEmbeddedMetrics(cloudWatch: Publisher, logGroup: string, lines: readonly string[]): void {
  for (const line of lines) {
    const embedded = readEmbeddedMetrics(line);
    for (const { id, sample } of embedded?.metrics ?? []) cloudWatch.metrics.put(id, sample);
    if (embedded !== undefined && embedded.problems.length > 0) {
      const id = { namespace: 'AWS/Logs', name: 'EMFValidationErrors', dimensions: { LogGroupName: logGroup } };
      cloudWatch.publish(id, embedded.problems.length, { unit: 'Count' });
    }
  }
}
