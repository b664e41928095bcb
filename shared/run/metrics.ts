import { Metrics } from '@aws-lambda-powertools/metrics';
import type { RunMetric } from './run-context.ts';

const metricsNamespace = 'mskeeper';

/**
 * Writes metrics as CloudWatch embedded metric format, one line for each set of dimensions: `Cluster`, or `Cluster` and
 * `Procedure`. Powertools' own `service` dimension is left out: it would make every metric another series.
 */
export function publishMetrics(cluster: string, procedure: string, metrics: readonly RunMetric[]): void {
  const dimensionsBy = {
    cluster: { Cluster: cluster },
    procedure: { Cluster: cluster, Procedure: procedure },
  } as const satisfies Record<RunMetric['by'], Record<string, string>>;
  for (const by of ['cluster', 'procedure'] as const) {
    const chosen = metrics.filter((metric) => metric.by === by);
    if (chosen.length === 0) continue;
    const sink = new Metrics({ namespace: metricsNamespace, serviceName: procedure });
    sink.clearDefaultDimensions();
    sink.addDimensions(dimensionsBy[by]);
    for (const { name, unit, value } of chosen) sink.addMetric(name, unit, value);
    sink.publishStoredMetrics();
  }
}
