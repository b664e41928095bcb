import { describe, expect, test } from 'vitest';
import { approvalExpiresAfterDays, bucketResources, reportsKeptDays } from '../../../../infra/stack/bucket.ts';
import { auditPrefix, budgetPrefix } from '../../../../shared/acting/core/keys.ts';
import { approvalSchema } from '../../../../shared/configuration/schema.ts';
import { receiptPrefix, statePrefix } from '../../../../shared/core/store-keys.ts';
import { approvalPrefix } from '../../../../shared/durable/approval.ts';
import { at, contextWith, objectsOf } from './stack-under-test.ts';

const rules = objectsOf(at(bucketResources(contextWith()), 'Bucket', 'Properties', 'LifecycleConfiguration', 'Rules'));

/** What the lifecycle does to an object under this key, all rules that fit taken together. */
const fateOf = (key: string) => {
  const fitting = rules.filter(({ Prefix: prefix = '' }) => typeof prefix === 'string' && key.startsWith(prefix));
  const numbers = (path: readonly string[]) =>
    fitting.map((rule) => at(rule, ...path)).filter((one) => one !== undefined);
  return {
    expiresAfterDays: numbers(['ExpirationInDays']),
    oldVersionsGoAfterDays: numbers(['NoncurrentVersionExpiration', 'NoncurrentDays']),
  };
};

describe('what the bucket keeps', () => {
  test.each([
    ['a report', 'reports/cluster-health/orders/2026/03/01/a.json', [reportsKeptDays], [7]],
    ['a state', `${statePrefix('cluster-health')}orders.json`, [], [2]],
    ['the action budget', `${budgetPrefix}orders.json`, [], [30]],
    ['what waits for a person', `${approvalPrefix('orders')}a-1.json`, [approvalExpiresAfterDays], [1]],
    ['that people were told of an act', `${receiptPrefix('orders')}a.json`, [1], [1]],
    ['a record of the audit, in every version', `${auditPrefix('orders')}storage-scaling/2026/03/01/a.json`, [], []],
    ['where a cause was claimed', `${auditPrefix('orders')}storage-scaling/causes/a.json`, [], []],
  ])('%s', (_what, key, expiresAfterDays, oldVersionsGoAfterDays) => {
    expect(fateOf(key)).toEqual({ expiresAfterDays, oldVersionsGoAfterDays });
  });

  test('no request goes before the longest time that the configuration gives for an answer', () => {
    const timeoutMinutes = approvalExpiresAfterDays * 24 * 60;
    const approval = { isRequired: true, validMinutes: 60, mayInitiatorApprove: false };
    expect(approvalSchema.safeParse({ ...approval, timeoutMinutes: 60 }).success).toBe(true);
    expect(approvalSchema.safeParse({ ...approval, timeoutMinutes }).success).toBe(false);
  });

  test('every rule is on, names what it is for, and leaves the audit alone', () => {
    for (const rule of rules) expect(rule).toMatchObject({ Status: 'Enabled', Id: expect.any(String) });
    // A rule without a prefix is for all: it may only tidy up what nobody can read any more.
    const forAll = rules.filter(({ Prefix: prefix }) => prefix === undefined);
    expect(forAll.flatMap((rule) => Object.keys(rule)).toSorted()).toEqual(
      ['AbortIncompleteMultipartUpload', 'ExpiredObjectDeleteMarker', 'Id', 'Status'].toSorted(),
    );
  });
});
