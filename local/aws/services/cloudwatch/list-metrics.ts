import type { ListMetricsCommandInput, ListMetricsCommandOutput } from '@aws-sdk/client-cloudwatch';
import { pageOf } from '../../page.ts';
import type { OperationHandler } from '../../service.ts';
import { invalid } from './metric-query.ts';
import type { MetricStore, StoredMetric } from './metric-store.ts';

const metricsPerPage = 500;
const twoWeeksMs = 14 * 24 * 3_600_000;
const threeHoursMs = 3 * 3_600_000;

/** ListMetrics: what had data in the last two weeks, or in the last three hours where RecentlyActive asks for it. */
export function listMetrics(
  store: MetricStore,
  nowMs: () => number,
): OperationHandler<ListMetricsCommandInput, Omit<ListMetricsCommandOutput, '$metadata'>> {
  return {
    authorize: () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
    run(input) {
      if (input.RecentlyActive !== undefined && input.RecentlyActive !== 'PT3H') {
        throw invalid('RecentlyActive must be PT3H');
      }
      const sinceMs = nowMs() - (input.RecentlyActive === undefined ? twoWeeksMs : threeHoursMs);
      const found = store
        .all()
        .filter((metric) => isAsked(metric, input) && (metric.samples.at(-1)?.atMs ?? 0) >= sinceMs);
      const { items, nextToken } = pageOf(found, {
        list: 'metrics',
        pageSize: metricsPerPage,
        token: input.NextToken,
        badTokenCode: 'InvalidParameterValueException',
      });
      return {
        Metrics: items.map(({ id }) => ({
          Namespace: id.namespace,
          MetricName: id.name,
          Dimensions: Object.entries(id.dimensions).map(([Name, Value]) => ({ Name, Value })),
        })),
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      };
    },
  };
}

/** A filter without Value asks only that the dimension exists. */
function isAsked({ id }: StoredMetric, input: ListMetricsCommandInput): boolean {
  if (input.Namespace !== undefined && input.Namespace !== id.namespace) return false;
  if (input.MetricName !== undefined && input.MetricName !== id.name) return false;
  return (input.Dimensions ?? []).every(({ Name: name, Value: value }) => {
    const own = id.dimensions[name ?? ''];
    return own !== undefined && (value === undefined || value === own);
  });
}
