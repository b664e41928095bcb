import { expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { statementsOf } from '../../../../infra/stack/permissions.ts';
import { auditKey, budgetKey, claimKey } from '../../../../shared/acting/core/keys.ts';
import { contextWith, listOf, shown } from './stack-under-test.ts';

const context = contextWith();
const run = functionDefinitions.find(({ slug }) => slug === 'storage-scaling-run');
const ofTheDoor = ['AskTheKillSwitch', 'OwnAudit', 'SharedBudget'];
const rowsOf = (killSwitch = context.configuration.killSwitch) => {
  if (run === undefined) throw new Error('storage scaling has no run');
  const configuration = { ...context.configuration, killSwitch };
  return statementsOf({ ...context, configuration }, run)
    .filter(({ Sid }) => ofTheDoor.includes(Sid))
    .map(({ Effect, Action, Resource }) => [Effect, [...Action], listOf(Resource).map(shown)]);
};

test('a function that acts reads one parameter, and reads and writes the budget and its own procedure’s audit', () => {
  expect(rowsOf()).toEqual([
    ['Allow', ['ssm:GetParameter'], ['arn:aws:ssm:eu-west-1:111122223333:parameter/mskeeper/kill-switch']],
    ['Allow', ['s3:GetObject', 's3:PutObject'], ['Bucket/audit/orders/storage-scaling/*']],
    ['Allow', ['s3:GetObject', 's3:PutObject'], ['Bucket/budget/orders.json']],
  ]);
});

test('the keys that the door uses lie inside', () => {
  expect(`Bucket/${budgetKey('orders')}`).toBe('Bucket/budget/orders.json');
  for (const key of [auditKey('orders', 'storage-scaling', 0, 'a-1'), claimKey('orders', 'storage-scaling', 'a-1')]) {
    expect(`Bucket/${key}`.startsWith('Bucket/audit/orders/storage-scaling/')).toBe(true);
  }
});

test('a kill switch without a slash before its name is the same form of ARN', () => {
  const [first] = rowsOf({ parameter: 'stop-everything' });
  expect(first?.[2]).toEqual(['arn:aws:ssm:eu-west-1:111122223333:parameter/stop-everything']);
});
