import { parseClusterArn } from '../../shared/configuration/cluster-schema.ts';
import { partitionIdOf } from '../../shared/core/partitions.ts';
import type { Mistake } from './mistake.ts';
import type { SalvagedFile } from './salvage.ts';

/**
 * Where a channel of Amazon Q cannot be set up. It is one an account, whatever the Region ("has already been configured for AWS
 * account", cloudformation-coverage-roadmap #1155), and every cluster's stack would set it up; and CloudFormation knows the type
 * in no partition but the commercial one.
 */
export const checkAmazonQ = ({
  channels,
  clusters,
}: Pick<Partial<SalvagedFile>, 'channels'> & Pick<SalvagedFile, 'clusters'>): Mistake[] => {
  const arns = Object.entries(clusters).flatMap(([key, { arn }]) => (arn === undefined ? [] : [{ key, arn }]));
  const foreign = arns.find(({ arn }) => partitionIdOf(arn) !== 'aws');
  const accounts = arns.map(({ key, arn }) => ({ key, accountId: parseClusterArn(arn)?.accountId }));
  const [left, right] = accounts.flatMap((one, index) => {
    const other = accounts.slice(index + 1).find(({ accountId }) => accountId === one.accountId);
    return other === undefined ? [] : [one.key, other.key];
  });
  const problem =
    foreign !== undefined
      ? `is not offered in the partition ${partitionIdOf(foreign.arn)} of the cluster "${foreign.key}"`
      : left !== undefined
        ? `takes a channel once an account, and "${left}" and "${right}" are of one: say slack, or give each a file with a channel of its own`
        : undefined;
  if (problem === undefined) return [];
  return Object.entries(channels?.endpoints ?? {}).flatMap(([name, { kind }]): Mistake[] =>
    kind === 'amazon-q' ? [{ path: ['channels', 'endpoints', name, 'kind'], message: problem }] : [],
  );
};
