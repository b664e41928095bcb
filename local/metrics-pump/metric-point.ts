import type { MetricDimensions } from '../../shared/core/metric-catalogue.ts';
import type { MetricName } from '../../shared/core/metric-table.ts';

/** One datapoint of the namespace `AWS/Kafka`, without a unit, as MSK sends it. */
export type MetricPoint = {
  readonly name: MetricName;
  readonly dimensions: MetricDimensions;
  readonly value: number;
};

export const clusterPoint = (cluster: string, name: MetricName, value: number): MetricPoint => ({
  name,
  dimensions: { 'Cluster Name': cluster },
  value,
});

export const brokerPoint = (cluster: string, brokerId: number, name: MetricName, value: number): MetricPoint => ({
  name,
  dimensions: { 'Cluster Name': cluster, 'Broker ID': String(brokerId) },
  value,
});
