import { join } from 'node:path';
import { resolveConfiguration } from '../../infra/configuration/resolve-configuration.ts';
import type { ClusterConfiguration, Configuration } from '../../shared/core/configuration.ts';
import { type WorldBrokers, WorldError } from './brokers.ts';

const configurationFile = join(import.meta.dirname, '..', 'mskeeper.yml');

export type WorldConfiguration = {
  readonly configuration: Configuration;
  readonly clusterKey: string;
  readonly cluster: ClusterConfiguration;
};

/**
 * What `local/mskeeper.yml` says.
 *
 * @throws ConfigError, or WorldError where it has not exactly one cluster
 */
export const readWorldConfiguration = (): WorldConfiguration => onlyCluster(resolveConfiguration(configurationFile));

/**
 * The configuration that is packaged: what the file says, for the brokers that are really there. On somebody else's
 * cluster every topic gets a name that nobody else has: records are written only to what the drill made.
 *
 * @param prefix what begins the name of each topic, empty on the drill's own brokers
 */
export const configureFor = (
  { configuration, clusterKey, cluster }: WorldConfiguration,
  { brokers, bootstrapServers }: Pick<WorldBrokers, 'brokers' | 'bootstrapServers'>,
  prefix: string,
): WorldConfiguration => {
  const brokerCount = brokers.length;
  const { critical, flowing } = cluster.topics;
  const topics = {
    ...cluster.topics,
    critical: critical.map(({ name, replicationFactor }) => ({
      name: `${prefix}${name}`,
      replicationFactor: Math.min(replicationFactor, brokerCount),
    })),
    flowing: flowing.map((topic) => ({ ...topic, name: `${prefix}${topic.name}` })),
  };
  const brokerIds = brokers.map(({ id }) => id).toSorted((left, right) => left - right);
  const here = { ...cluster, brokerCount, brokerIds, bootstrap: bootstrapServers.join(','), topics };
  return onlyCluster({ ...configuration, clusters: { [clusterKey]: here } });
};

const onlyCluster = (configuration: Configuration): WorldConfiguration => {
  const [entry, ...others] = Object.entries(configuration.clusters);
  if (entry === undefined || others.length > 0)
    throw new WorldError(`${configurationFile} must have exactly one cluster`);
  const [clusterKey, cluster] = entry;
  return { configuration, clusterKey, cluster };
};
