import { parseClusterArn } from '../../shared/configuration/cluster-schema.ts';
import { findPartitionProblem, partitionIdOf } from '../../shared/core/partitions.ts';
import type { SalvagedCluster } from './check-clusters.ts';
import type { Mistake } from './mistake.ts';
import type { SalvagedFile } from './salvage.ts';

type NamedArn = { readonly path: Mistake['path']; readonly arn: string };

const secretArnsOf = (path: Mistake['path'], holder: object | undefined): readonly NamedArn[] =>
  Object.entries(holder ?? {}).flatMap(([key, value]: [string, unknown]) =>
    (key === 'secret' || key === 'secretId') && typeof value === 'string' && value.startsWith('arn:')
      ? [{ path: [...path, key], arn: value }]
      : [],
  );

/** MSK takes the secret of its own Region alone, and so does the function that reads it. */
const checkSecrets = (key: string, { arn, authentication }: SalvagedCluster): Mistake[] => {
  const region = arn === undefined ? undefined : parseClusterArn(arn)?.region;
  return secretArnsOf(['clusters', key, 'authentication'], authentication).flatMap(({ path, arn: secretArn }) => {
    const problem = findPartitionProblem(secretArn);
    if (problem !== undefined) return [{ path, message: problem }];
    return region === undefined || secretArn.split(':')[3] === region
      ? []
      : [{ path, message: `is not in the Region of its cluster, ${region}` }];
  });
};

const checkClusterArn = (key: string, { arn }: SalvagedCluster): Mistake[] => {
  const problem = arn === undefined || parseClusterArn(arn) === undefined ? undefined : findPartitionProblem(arn);
  return problem === undefined ? [] : [{ path: ['clusters', key, 'arn'], message: problem }];
};

/** What every cluster's stack names: it must be of the partition of each of them. */
const checkNamed = ({ path, arn }: NamedArn, clusters: SalvagedFile['clusters']): Mistake[] => {
  const problem = findPartitionProblem(arn);
  if (problem !== undefined) return [{ path, message: problem }];
  return Object.entries(clusters)
    .filter(([, cluster]) => cluster.arn !== undefined && partitionIdOf(cluster.arn) !== partitionIdOf(arn))
    .slice(0, 1)
    .map(([key, cluster]) => {
      const [own, its] = [partitionIdOf(arn), partitionIdOf(cluster.arn ?? '')];
      return { path, message: `is of the partition ${own}, and the cluster "${key}" of ${its}` };
    });
};

/** Partition and Region of every ARN that a file names belong together, and those of one stack are of one partition. */
export const checkPartitions = ({ clusters, channels, approverPrincipals = [] }: SalvagedFile): Mistake[] => {
  const named = [
    ...approverPrincipals.map((arn, index) => ({ path: ['approverPrincipals', index], arn })),
    ...Object.entries(channels?.endpoints ?? {}).flatMap(([name, endpoint]) =>
      secretArnsOf(['channels', 'endpoints', name], endpoint),
    ),
  ];
  return [
    ...Object.entries(clusters).flatMap(([key, cluster]) => [
      ...checkClusterArn(key, cluster),
      ...checkSecrets(key, cluster),
    ]),
    ...named.flatMap((one) => checkNamed(one, clusters)),
  ];
};
