import { type Configuration, pairKeyOf, type TravellingConfiguration } from '../../shared/core/configuration.ts';

/**
 * What of mskeeper.yml travels in all bundles of one cluster's stack: whoever may read a function's code learns nothing of
 * the clusters beside it, nor where the addresses of its people are kept, which CloudFormation asks for and the one function
 * that tells people (shared/configuration/bundled-channels.ts), nor what packaging alone reads.
 */
export const travellingOf = (configuration: Configuration, clusterKey: string): TravellingConfiguration => {
  const { channels: _ofWhoTellsPeople, ...travelling } = configuration;
  const kept = new Set([clusterKey, pairKeyOf(configuration, clusterKey)]);
  return {
    ...travelling,
    clusters: Object.fromEntries(
      Object.entries(configuration.clusters).flatMap(([key, { stack: _readByPackaging, ...cluster }]) =>
        kept.has(key) ? [[key, cluster]] : [],
      ),
    ),
  };
};
