import type { Configuration, TravellingConfiguration } from '../../shared/core/configuration.ts';

/** A cluster's own key and, where it has one, its primary's or its backup's. */
const pairOf = ({ clusters }: Pick<Configuration, 'clusters'>, clusterKey: string): readonly string[] =>
  Object.keys(clusters).filter(
    (key) => key === clusterKey || clusters[key]?.backupOf === clusterKey || clusters[clusterKey]?.backupOf === key,
  );

/**
 * What of mskeeper.yml travels in the bundles of one cluster's stack: whoever may read a function's code learns nothing of
 * the clusters beside it, nor where the addresses of its people are kept, which CloudFormation alone asks for, nor what
 * packaging alone reads.
 */
export const travellingOf = (configuration: Configuration, clusterKey: string): TravellingConfiguration => {
  const { channels: _resolvedByCloudFormation, ...travelling } = configuration;
  const kept = new Set(pairOf(configuration, clusterKey));
  return {
    ...travelling,
    clusters: Object.fromEntries(
      Object.entries(configuration.clusters).flatMap(([key, { stack: _readByPackaging, ...cluster }]) =>
        kept.has(key) ? [[key, cluster]] : [],
      ),
    ),
  };
};
