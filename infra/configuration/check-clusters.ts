import { parseClusterArn } from '../../shared/configuration/cluster-schema.ts';
import { clusterKeySchema } from '../../shared/configuration/schema.ts';
import { findDuplicates } from './duplicates.ts';
import type { ClusterFile } from './file-schema.ts';
import type { Mistake } from './mistake.ts';

/** A cluster of which some settings may be wrong and therefore absent: each rule judges what is there. */
export type SalvagedCluster = { readonly [Key in keyof ClusterFile]?: ClusterFile[Key] | undefined };
type Checked = readonly (Mistake | undefined | false)[];

const checkIdentity = ({ arn, region, bootstrap }: SalvagedCluster): Checked => {
  const parsed = arn === undefined ? undefined : parseClusterArn(arn);
  const ports = bootstrap?.split(',').map((server) => Number(server.slice(server.lastIndexOf(':') + 1)));
  return [
    parsed !== undefined &&
      region !== undefined &&
      parsed.region !== region && { path: ['region'], message: `is not the Region of the ARN, ${parsed.region}` },
    ports?.some((port) => port < 1 || port > 65_535) && { path: ['bootstrap'], message: 'has a port beyond 65535' },
  ];
};

const checkBrokerIds = ({ brokerCount, brokerIds }: SalvagedCluster): Checked => {
  if (brokerIds === undefined) return [];
  return [
    brokerCount !== undefined &&
      brokerIds.length !== brokerCount && {
        path: ['brokerIds'],
        message: `has ${brokerIds.length} ids, brokerCount is ${brokerCount}: must name each broker`,
      },
    ...brokerIds.map((id, index) => {
      const first = brokerIds.indexOf(id);
      return first < index && { path: ['brokerIds', index], message: `is that of item ${first} too; ids must differ` };
    }),
  ];
};

const checkBrokers = ({
  brokerKind,
  brokerCount,
  brokerIds,
  zoneCount,
  metadataMode,
  authentication,
}: SalvagedCluster): Checked => {
  if (brokerKind === 'serverless') {
    return [
      brokerCount !== undefined && { path: ['brokerCount'], message: 'does not belong to a Serverless cluster' },
      brokerIds !== undefined && { path: ['brokerIds'], message: 'does not belong to a Serverless cluster' },
      authentication !== undefined &&
        authentication.kind !== 'iam' && { path: ['authentication', 'kind'], message: 'must be iam on Serverless' },
    ];
  }
  return [
    brokerKind !== undefined &&
      brokerCount === undefined && { path: ['brokerCount'], message: 'is missing: must be a whole number, at least 1' },
    brokerCount !== undefined &&
      zoneCount !== undefined &&
      brokerCount % zoneCount !== 0 && {
        path: ['brokerCount'],
        message: `must be a multiple of zoneCount, ${zoneCount}`,
      },
    ...checkBrokerIds({ brokerCount, brokerIds }),
    brokerKind === 'express' &&
      metadataMode === 'zookeeper' && { path: ['metadataMode'], message: 'must be kraft on Express brokers' },
    brokerKind === 'express' &&
      authentication?.kind === 'plaintext' && {
        path: ['authentication', 'kind'],
        message: 'cannot be plaintext on Express brokers',
      },
  ];
};

const checkTopics = ({ topics, brokerCount, brokerKind }: SalvagedCluster): Checked => {
  if (topics === undefined) return [];
  const tooWide = topics.critical.map(
    ({ replicationFactor }, index) =>
      brokerKind !== 'serverless' &&
      brokerCount !== undefined &&
      replicationFactor > brokerCount && {
        path: ['topics', 'critical', index, 'replicationFactor'],
        message: `is more than the cluster's ${brokerCount} brokers`,
      },
  );
  return [
    ...tooWide,
    ...findDuplicates(['topics', 'critical'], 'name', topics.critical),
    ...findDuplicates(['topics', 'flowing'], 'name', topics.flowing),
  ];
};

const checkCluster = (key: string, cluster: SalvagedCluster): Mistake[] =>
  [
    ...checkIdentity(cluster),
    ...checkBrokers(cluster),
    ...checkTopics(cluster),
    ...findDuplicates(['endpoints'], 'name', cluster.endpoints ?? []),
  ].flatMap((mistake) => (mistake ? [{ ...mistake, path: ['clusters', key, ...mistake.path] }] : []));

/** The primary that a backup stands in for: the one it names, else the only one there is. */
export const findPrimaryKey = (
  cluster: SalvagedCluster,
  clusters: Readonly<Record<string, SalvagedCluster>>,
): string | undefined => {
  if (cluster.backupOf !== undefined) return cluster.backupOf;
  const primaries = Object.keys(clusters).filter((key) => clusters[key]?.role === 'primary');
  return primaries.length === 1 ? primaries[0] : undefined;
};

const checkPairs = (clusters: Readonly<Record<string, SalvagedCluster>>): Mistake[] => {
  const backupByPrimary = new Map<string, string>();
  return Object.entries(clusters).flatMap(([key, cluster]): Mistake[] => {
    const path = ['clusters', key, 'backupOf'];
    if (cluster.role !== 'backup') {
      return cluster.role === undefined || cluster.backupOf === undefined
        ? []
        : [{ path, message: 'belongs to a cluster whose role is backup' }];
    }
    const primary = findPrimaryKey(cluster, clusters);
    if (primary === undefined)
      return [{ path, message: 'is missing: must name the primary cluster that this one backs up' }];
    const named = Object.hasOwn(clusters, primary) ? clusters[primary] : undefined;
    if (named === undefined) return [{ path, message: 'names no cluster of this file' }];
    if (named.role === 'backup') return [{ path, message: `names "${primary}", which is a backup itself` }];
    const other = backupByPrimary.get(primary);
    if (other !== undefined) return [{ path, message: `"${primary}" has a backup already: "${other}"` }];
    backupByPrimary.set(primary, key);
    return [];
  });
};

/** Everything about clusters that a schema of single values can't tell. */
export const checkClusters = (clusters: Readonly<Record<string, SalvagedCluster>>): Mistake[] => {
  const keyByArn = new Map<string, string>();
  const repeated = Object.entries(clusters).flatMap(([key, { arn }]): Mistake[] => {
    const other = arn === undefined ? undefined : keyByArn.get(arn);
    if (arn !== undefined && other === undefined) keyByArn.set(arn, key);
    return other === undefined ? [] : [{ path: ['clusters', key, 'arn'], message: `is that of "${other}" too` }];
  });
  const misnamed = Object.keys(clusters)
    .filter((key) => !clusterKeySchema.safeParse(key).success)
    .map((key) => ({
      path: ['clusters', key],
      message: 'is no possible key: at most 24 letters, lower-case words with hyphens',
    }));
  return [
    ...misnamed,
    ...Object.entries(clusters).flatMap(([key, cluster]) => checkCluster(key, cluster)),
    ...repeated,
    ...checkPairs(clusters),
  ];
};
