import { parseClusterArn } from '../../shared/configuration/cluster-schema.ts';
import { findPartitionProblem, partitionIdOf } from '../../shared/core/partitions.ts';
import { isSameList } from '../../shared/core/same-list.ts';
import { mostOwnTags, type StackSettings } from '../../shared/core/stack-settings.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import type { SalvagedCluster } from './check-clusters.ts';
import type { Mistake } from './mistake.ts';
import type { SalvagedFile } from './salvage.ts';

/** What holds for all stacks, with a cluster's own word over it; nothing where neither says anything. */
export const mergeStackSettings = (
  all: StackSettings | undefined,
  own: StackSettings | undefined,
): StackSettings | undefined => {
  if (all === undefined || own === undefined) return own ?? all;
  const keys = { ...all.keys, ...own.keys };
  const reservedConcurrency = { ...all.reservedConcurrency, ...own.reservedConcurrency };
  const tags = { ...all.tags, ...own.tags };
  return {
    ...all,
    ...own,
    ...(Object.keys(keys).length > 0 && { keys }),
    ...(Object.keys(reservedConcurrency).length > 0 && { reservedConcurrency }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
};

/** What an ARN must agree in with the cluster whose stack it is for, or why it does not. */
const findArnProblem = (arn: string, clusterKey: string, clusterArn: string): string | undefined => {
  const [own, its] = [partitionIdOf(arn), partitionIdOf(clusterArn)];
  if (own !== its) return `is of the partition ${own}, and the cluster "${clusterKey}" of ${its}`;
  const [, , service, region, account] = arn.split(':');
  const cluster = parseClusterArn(clusterArn);
  if (cluster === undefined) return undefined;
  if (service === 'kms' && region !== cluster.region)
    return `is a key in ${region}, and the cluster "${clusterKey}" lies in ${cluster.region}`;
  // A boundary must be of the role's own account, and who mends or deploys of the bucket's; a key may be another's, as where one account keeps all of them.
  return service === 'iam' && account !== 'aws' && account !== cluster.accountId
    ? `is of account ${account}, and the cluster "${clusterKey}" of ${cluster.accountId}`
    : undefined;
};

/** An ARN, and the settings' path to it from `stack` on. */
type NamedArn = { readonly path: readonly string[]; readonly arn: string };

const arnKeys = ['permissionsBoundary', 'breakGlassRole', 'deploymentRole'] as const;

const arnsOf = ({ keys = {}, ...settings }: StackSettings): readonly NamedArn[] => [
  ...arnKeys.flatMap((key) => {
    const arn = settings[key];
    return arn === undefined ? [] : [{ path: [key], arn }];
  }),
  ...Object.entries(keys).map(([use, arn]) => ({ path: ['keys', use], arn })),
];

type Named = readonly (readonly [key: string, cluster: SalvagedCluster])[];

const checkArn = (place: Mistake['path'], { path, arn }: NamedArn, clusters: Named): Mistake[] => {
  const ofClusters = clusters.map(([key, cluster]) => cluster.arn && findArnProblem(arn, key, cluster.arn));
  const problem = [findPartitionProblem(arn), ...ofClusters].find((one) => one !== undefined);
  return problem === undefined ? [] : [{ path: [...place, ...path], message: problem }];
};

/** Tags of the file and of a cluster come together, and IAM takes keys that differ in case alone for one. */
const checkTags = (place: Mistake['path'], tags: StackSettings['tags'] = {}): Mistake[] => {
  const keys = Object.keys(tags);
  const tooMany: Mistake[] =
    keys.length > mostOwnTags
      ? [
          {
            path: [...place, 'tags'],
            message: `would be ${keys.length} tags with those of the whole file, ${mostOwnTags} at most`,
          },
        ]
      : [];
  const twice = keys.flatMap((key, index): Mistake[] => {
    const first = keys.slice(0, index).find((other) => other.toLowerCase() === key.toLowerCase());
    return first === undefined
      ? []
      : [{ path: [...place, 'tags', key], message: `is to IAM the same key as "${first}": name one of them` }];
  });
  return [...tooMany, ...twice];
};

/**
 * What a function with a queue needs at least: Lambda hands over as many batches at once as it was told to, whatever is reserved
 * (Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"), and beside them come its minute and a
 * person's command. With fewer some are throttled, and a message that is throttled often enough is set aside.
 */
const checkReserved = (
  place: Mistake['path'],
  { reservedConcurrency = {} }: StackSettings,
  functions: readonly FunctionDefinition[],
): Mistake[] =>
  Object.entries(reservedConcurrency).flatMap(([slug, reserved]) => {
    const mostAtOnce = functions.find((one) => one.slug === slug)?.queue?.mostAtOnce;
    if (mostAtOnce === undefined || reserved >= mostAtOnce + 2) return [];
    const message = `must be at least ${mostAtOnce + 2}: ${mostAtOnce} runs of its queue at once, one of its schedule and a person's command; else what people are to hear waits`;
    return [{ path: [...place, 'reservedConcurrency', slug], message }];
  });

/**
 * Every ARN and tag of `stack` is one that the stacks which it is for can use, those with no word of their own on it; and what is
 * reserved for a function is enough for it.
 */
export const checkStackSettings = (
  { stack = {}, clusters }: Pick<SalvagedFile, 'stack' | 'clusters'>,
  functions: readonly FunctionDefinition[],
): Mistake[] => {
  const all: Named = Object.entries(clusters);
  const without = ({ path }: NamedArn): Named =>
    all.filter(([, cluster]) => !arnsOf(cluster.stack ?? {}).some((own) => isSameList(own.path, path)));
  return [
    ...arnsOf(stack).flatMap((named) => checkArn(['stack'], named, without(named))),
    ...checkTags(['stack'], stack.tags),
    ...checkReserved(['stack'], stack, functions),
    ...all.flatMap(([key, cluster]) => checkReserved(['clusters', key, 'stack'], cluster.stack ?? {}, functions)),
    ...all.flatMap(([key, cluster]) =>
      cluster.stack?.tags === undefined
        ? []
        : checkTags(['clusters', key, 'stack'], { ...stack.tags, ...cluster.stack.tags }),
    ),
    ...all.flatMap(([key, cluster]) =>
      arnsOf(cluster.stack ?? {}).flatMap((named) => checkArn(['clusters', key, 'stack'], named, [[key, cluster]])),
    ),
  ];
};
