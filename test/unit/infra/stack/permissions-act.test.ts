import { expect, test } from 'vitest';
import { actingStatements } from '../../../../infra/stack/permissions-act.ts';
import { auditKey, budgetKey, claimKey } from '../../../../shared/acting/core/keys.ts';
import { contextWith, listOf, shown } from './stack-under-test.ts';

const context = contextWith();
const rows = actingStatements(context, { slug: 'storage-scaling-run' }).map(({ Effect, Action, Resource }) => [
  Effect,
  [...Action],
  listOf(Resource).map(shown),
]);

test('a function that acts reads one parameter, and reads and writes the budget and its own procedure’s audit', () => {
  expect(rows).toEqual([
    ['Allow', ['ssm:GetParameter'], ['arn:aws:ssm:eu-west-1:111122223333:parameter/mskeeper/kill-switch']],
    ['Allow', ['s3:GetObject', 's3:PutObject'], ['Bucket/audit/orders/storage-scaling/*', 'Bucket/budget/orders.json']],
  ]);
});

test('the keys that the door uses lie inside', () => {
  expect(`Bucket/${budgetKey('orders')}`).toBe('Bucket/budget/orders.json');
  for (const key of [auditKey('orders', 'storage-scaling', 0, 'a-1'), claimKey('orders', 'storage-scaling', 'a-1')]) {
    expect(`Bucket/${key}`.startsWith('Bucket/audit/orders/storage-scaling/')).toBe(true);
  }
});

test('a kill switch without a slash before its name is the same form of ARN', () => {
  const configuration = { ...context.configuration, killSwitch: { parameter: 'stop-everything' } };
  const [first] = actingStatements({ ...context, configuration }, { slug: 'storage-scaling' });
  expect(first?.Resource).toBe('arn:aws:ssm:eu-west-1:111122223333:parameter/stop-everything');
});
