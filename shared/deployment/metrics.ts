import type { ClusterConfiguration } from '../core/configuration.ts';
import {
  evaluateAvailability,
  type MetricDimensions,
  type NotEmitted,
  planMetricQuery,
} from '../core/metric-catalogue.ts';
import type { MetricName } from '../core/metric-table.ts';
import type { MetricReference } from './alarm.ts';

export const ofCluster = ['Cluster Name'] as const;
export const ofBroker = ['Cluster Name', 'Broker ID'] as const;
export const ofBrokerTopic = ['Cluster Name', 'Broker ID', 'Topic'] as const;
export const ofTopic = ['Cluster Name', 'Topic'] as const;

/** Why this cluster never sends one of the metrics under these dimensions; undefined where it sends all of them. */
export const whyNotEmitted = (
  cluster: ClusterConfiguration,
  names: readonly MetricName[],
  dimensionNames: readonly (keyof MetricDimensions)[],
): NotEmitted | undefined => {
  for (const name of names) {
    const availability = evaluateAvailability(name, dimensionNames, cluster);
    if (availability.kind === 'not-emitted') return availability;
  }
  return undefined;
};

/**
 * A metric of this cluster with its right statistic.
 *
 * @throws ConfigError where the cluster never sends it: its alarm would wait for ever
 */
export const mskMetric = (
  cluster: ClusterConfiguration,
  name: MetricName,
  dimensions: MetricDimensions = {},
): MetricReference => {
  const query = planMetricQuery(name, { 'Cluster Name': cluster.name, ...dimensions }, cluster);
  return { namespace: query.namespace, name: query.name, dimensions: query.dimensions, statistic: query.statistic };
};
