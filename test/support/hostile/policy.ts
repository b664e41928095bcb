import { buildStack } from '../../../infra/stack/stack.ts';
import { type Policy, parsePolicy } from '../../../local/aws/iam/policy.ts';
import type { ClusterConfiguration } from '../../../shared/core/configuration.ts';

import { isAllowedBy } from '../aws/resource-policies.ts';
import { judge, smallFile } from '../configuration.ts';
import { policyWith } from '../stack/bucket-policies.ts';
import type { Principal, Write } from './bucket.ts';

const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const bucketArn = 'arn:aws:s3:::mskeeper-orders-bucket-111122223333';

/** The template's own policy of each stack's bucket; the first stack has a pair in another Region, the second has none. */
const policyOf = (key: string): Policy => {
  const { configuration, mistakes } = judge(smallFile({}, 'policy: { preset: msk-operations }\n'));
  const orders = configuration?.clusters.orders;
  if (configuration === undefined || orders === undefined) throw new Error(JSON.stringify(mistakes));
  const own = { ...orders, stack: { breakGlassRole: roleArn('break-glass') } };
  const standby: ClusterConfiguration = { ...orders, region: 'eu-central-1', role: 'backup', backupOf: 'orders' };
  const clusters = { [key]: own, ...(key === 'orders' && { standby }) };
  return parsePolicy(
    policyWith(buildStack({ ...configuration, clusters }, key).resources, 'BucketPolicy', { Bucket: bucketArn }),
  );
};

/** The names of roles, by hand. */
const roleNameOf = (by: Principal, key: string): string => {
  const names: Readonly<Record<Principal, string>> = {
    run: `mskeeper-${key}-storage-scaling-run-eu-west-1`,
    intake: `mskeeper-${key}-storage-scaling-eu-west-1`,
    wide: 'ci',
    'break-glass': 'break-glass',
    // Each of these may write somewhere, and would write here.
    'other-stack': `mskeeper-${key === 'orders' ? 'orders-b' : 'orders'}-storage-scaling-run-eu-west-1`,
    pair: 'mskeeper-standby-metadata-backup-eu-central-1',
  };
  return names[by];
};

/**
 * Whether the bucket's policy lets a write through, where the writer's own policies allow everything. What was judged once is
 * kept: histories are many, and who writes where are few.
 */
export function openPolicy(key: string): (write: Write) => boolean {
  const policy = policyOf(key);
  const judged = new Map<string, boolean>();
  return ({ by, key: documentKey, ifMatch, ifNoneMatch, isDelete = false }) => {
    // The procedure beside it is not built yet; its folder will be closed as this one's is.
    const own = documentKey.replace('/partition-balance/', '/storage-scaling/');
    const asked = [by, own, ifMatch !== undefined, ifNoneMatch !== undefined, isDelete].join(' ');
    const known = judged.get(asked);
    if (known !== undefined) return known;
    const isAllowed = isAllowedBy(policy, {
      roleArn: roleArn(roleNameOf(by, key)),
      action: isDelete ? 's3:DeleteObject' : 's3:PutObject',
      resource: `${bucketArn}/${own}`,
      context: {
        's3:ObjectCreationOperation': 'true',
        ...(ifMatch !== undefined && { 's3:if-match': ifMatch }),
        ...(ifNoneMatch !== undefined && { 's3:if-none-match': ifNoneMatch }),
      },
    });
    judged.set(asked, isAllowed);
    return isAllowed;
  };
}
