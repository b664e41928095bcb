import { describe, expect, test } from 'vitest';
import { outlivesChange } from '../../../infra/retention-change.ts';
import { buildStack } from '../../../infra/stack/stack.ts';
import { parsePolicy } from '../../../local/aws/iam/policy.ts';
import type { StackSettings } from '../../../shared/core/stack-settings.ts';
import { isAllowedBy } from '../../support/aws/resource-policies.ts';
import { policyWith } from '../../support/stack/bucket-policies.ts';
import { configurationWith } from './stack/stack-under-test.ts';

type Retention = StackSettings['auditRetention'];
const retentions: readonly (Retention | undefined)[] = [
  undefined,
  ...(['governance', 'compliance'] as const).flatMap((mode) =>
    [1, 30, 365, 2557].map((days) => ({ mode, days }) as const),
  ),
];
const textOf = (retention: Retention | undefined) => retention && `${retention.mode.toUpperCase()} ${retention.days}`;

const bucketArn = 'arn:aws:s3:::bucket';
const policyFor = (retention: Retention | undefined) => {
  const { resources } = buildStack(
    configurationWith(retention === undefined ? {} : { stack: { auditRetention: retention } }),
    'orders',
  );
  return parsePolicy(policyWith(resources, 'BucketPolicy', { Bucket: bucketArn }));
};

/** Whether a run that locks by one retention may write a version of its record under a policy, as S3 asks of such a write. */
const mayWrite = (policy: ReturnType<typeof policyFor>, retention: Retention | undefined): boolean => {
  const lock = retention && { 's3:object-lock-mode': retention.mode.toUpperCase() };
  const asked = {
    roleArn: 'arn:aws:iam::111122223333:role/mskeeper-orders-storage-scaling-run-eu-west-1',
    resource: `${bucketArn}/audit/orders/storage-scaling/2026/03/01/a.json`,
  };
  const conditional = { 's3:if-match': 'etag', 's3:ObjectCreationOperation': 'true' };
  return (
    isAllowedBy(policy, { ...asked, action: 's3:PutObject', context: { ...conditional, ...lock } }) &&
    (retention === undefined ||
      isAllowedBy(policy, {
        ...asked,
        action: 's3:PutObjectRetention',
        context: { ...lock, 's3:object-lock-remaining-retention-days': String(retention.days) },
      }))
  );
};

describe.each(retentions.map((after) => [textOf(after) ?? 'no lock', after] as const))(
  'a deploy with %s',
  (_what, after) => {
    const policy = policyFor(after);
    test.each(retentions.map((before) => [textOf(before) ?? 'no lock', before] as const))(
      'is held up by a run with %s where its bucket’s policy would deny that run’s records, and there alone',
      (_lock, before) => {
        expect(outlivesChange(textOf(before), textOf(after))).toBe(mayWrite(policy, before));
      },
    );
  },
);

test('a lock that nobody can read outlives no change, and nothing but itself', () => {
  expect(outlivesChange('GOVERNANCE', 'GOVERNANCE 30')).toBe(false);
  expect(outlivesChange('GOVERNANCE 30', 'for ever')).toBe(false);
  expect(outlivesChange('for ever', 'for ever')).toBe(true);
});
