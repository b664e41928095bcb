import type { Configuration } from '../../shared/core/configuration.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import { partitionIdOf } from '../../shared/core/partitions.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { productParts, type StackParts } from '../functions.ts';

/**
 * The names' frame of one cluster's stack.
 *
 * @param parts what the stack is made of; tests put parts of their own there
 * @param nowMs the moment of packaging: schedules are looked at from it on
 * @throws ConfigError where the configuration has no such cluster
 */
export const stackContextOf = (
  configuration: Configuration,
  clusterKey: string,
  { functions }: Pick<StackParts, 'functions'> = productParts,
  nowMs: number = Date.now(),
): StackContext => {
  const cluster = Object.hasOwn(configuration.clusters, clusterKey) ? configuration.clusters[clusterKey] : undefined;
  if (cluster === undefined) {
    throw new ConfigError(
      `no cluster "${clusterKey}" in mskeeper.yml: it has ${Object.keys(configuration.clusters).join(', ') || 'none'}`,
    );
  }
  const partition = partitionIdOf(cluster.arn) ?? 'aws';
  return { configuration, clusterKey, cluster, partition, functions, nowMs };
};
