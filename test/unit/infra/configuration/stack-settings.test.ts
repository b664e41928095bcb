import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { StackSettings } from '../../../../shared/core/stack-settings.ts';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';
import { bankSettings } from '../../../support/stack/bank-settings.ts';
import { backup } from './backup-cluster.ts';

const withStack = (stack: object, more = ''): string => smallFile({}, `${more}${stringify({ stack })}`);
const ofOrders = (stack: object): string => `    stack: ${JSON.stringify(stack)}\n`;
const settingsOf = (text: string, key = 'orders'): StackSettings | undefined => {
  const { configuration, mistakes } = judge(text);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  return configuration.clusters[key]?.stack;
};
const messagesOf = (text: string): string[] => mistakesOf(text).map((line) => line.replace(/^\d+ /, ''));

describe('what stands under stack', () => {
  test('nothing, where the file says nothing', () => {
    expect(judge(smallFile()).configuration?.clusters.orders).not.toHaveProperty('stack');
  });

  test('is for each cluster', () => {
    expect(settingsOf(withStack(bankSettings))).toEqual(bankSettings);
  });

  test('is given way to by a cluster’s own word, setting by setting, tag by tag, key by key, function by function', () => {
    const own = {
      logRetentionDays: 7,
      tags: { CostCenter: '12' },
      keys: { logs: bankSettings.keys.queues },
      reservedConcurrency: { 'storage-scaling': 9, 'kafka-read': 4 },
      accessLog: { bucket: 'company-access-logs' },
    };
    expect(settingsOf(smallFile({}, `${ofOrders(own)}${stringify({ stack: bankSettings })}`))).toEqual({
      ...bankSettings,
      logRetentionDays: 7,
      tags: { ...bankSettings.tags, CostCenter: '12' },
      keys: { ...bankSettings.keys, logs: bankSettings.keys.queues },
      reservedConcurrency: { 'storage-scaling': 9, 'storage-scaling-run': 2, 'kafka-read': 4 },
      accessLog: { bucket: 'company-access-logs' },
    });
  });

  test('may stand at one cluster alone', () => {
    const text = smallFile({}, `${ofOrders({ terminationProtection: true })}${backup}`);
    expect(settingsOf(text)).toEqual({ terminationProtection: true });
    expect(settingsOf(text, 'standby')).toBeUndefined();
  });
});

const key = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-0000-4000-8000-000000000000';

test.each<[what: string, settings: object, mistakes: readonly (string | RegExp)[]]>([
  [
    'a number of days that CloudWatch does not take',
    { logRetentionDays: 31 },
    [/^stack\.logRetentionDays: must be one of: 1, 3, 5/],
  ],
  ['days as a text', { logRetentionDays: '30' }, [/^stack\.logRetentionDays: must be one of/]],
  [
    'a role for a boundary',
    { permissionsBoundary: 'arn:aws:iam::111122223333:role/a' },
    [/^stack\.permissionsBoundary: must be the ARN of a managed policy/],
  ],
  [
    'another account’s boundary',
    { permissionsBoundary: 'arn:aws:iam::999900001111:policy/a' },
    ['stack.permissionsBoundary: is of account 999900001111, and the cluster "orders" of 111122223333'],
  ],
  [
    'a boundary of another partition',
    { permissionsBoundary: 'arn:aws-cn:iam::111122223333:policy/a' },
    ['stack.permissionsBoundary: is of the partition aws-cn, and the cluster "orders" of aws'],
  ],
  [
    'a session for a role',
    { breakGlassRole: 'arn:aws:sts::111122223333:assumed-role/break-glass/alice' },
    [/^stack\.breakGlassRole: must be the ARN of a role/],
  ],
  ['everybody', { breakGlassRole: '*' }, [/^stack\.breakGlassRole: must be the ARN of a role/]],
  [
    'a role of another account, which the bucket would not know',
    { deploymentRole: 'arn:aws:iam::999900001111:role/cloudformation' },
    ['stack.deploymentRole: is of account 999900001111, and the cluster "orders" of 111122223333'],
  ],
  [
    'an alias for a key',
    { keys: { logs: 'arn:aws:kms:eu-west-1:111122223333:alias/logs' } },
    [/^stack\.keys\.logs: must be the ARN of a key/],
  ],
  [
    'a key in another Region',
    { keys: { queues: key.replace('eu-west-1', 'eu-central-1') } },
    ['stack.keys.queues: is a key in eu-central-1, and the cluster "orders" lies in eu-west-1'],
  ],
  [
    'a key whose partition and Region do not belong together',
    { keys: { bucket: key.replace('arn:aws:', 'arn:aws-cn:') } },
    ['stack.keys.bucket: has the partition aws-cn, and eu-west-1 lies in aws'],
  ],
  ['a key for what has none', { keys: { alarms: key } }, [/^stack\.keys\.alarms: is not a setting/]],
  ...['aws:team', 'AWS:team', 'mskeeper:cluster', 'Mskeeper:x', '', 'a'.repeat(129), 'a@b', 'größe', 'a,b', 'a\tb'].map(
    (name): [string, object, readonly RegExp[]] => [
      `the key of a tag ${JSON.stringify(name.slice(0, 20))}`,
      { tags: { [name]: 'x' } },
      [/^stack\.tags\..*: must be a tag’s key: 1 to 128 letters/],
    ],
  ),
  ...['', 'a '.repeat(129), 'a,b', 'a;b', 'a\nb', '(a)', '*'].map((value): [string, object, readonly RegExp[]] => [
    `the value of a tag ${JSON.stringify(value.slice(0, 20))}`,
    { tags: { team: value } },
    [/^stack\.tags\.team: must be a tag’s value: 1 to 256 letters/],
  ]),
  ['a number for a tag', { tags: { team: 4711 } }, [/^stack\.tags\.team: must be a text/]],
  [
    'more tags than are left',
    { tags: Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`t${index}`, 'x'])) },
    [/^stack\.tags: .*47/],
  ],
  [
    'two keys of tags that IAM takes for one',
    { tags: { team: 'a', Team: 'b' } },
    ['stack.tags.Team: is to IAM the same key as "team": name one of them'],
  ],
  [
    'a function that there is not',
    { reservedConcurrency: { 'storage-scalling': 1 } },
    ['stack.reservedConcurrency.storage-scalling: is not a setting; did you mean "storage-scaling"?'],
  ],
  [
    'no execution at all, which would stop the function',
    { reservedConcurrency: { 'storage-scaling': 0 } },
    ['stack.reservedConcurrency.storage-scaling: must be at least 1'],
  ],
  [
    'fewer executions than a queue hands over, beside a minute and a command',
    { reservedConcurrency: { incident: 3 } },
    [/^stack\.reservedConcurrency\.incident: must be at least 4: 2 runs of its queue at once/],
  ],
  [
    'half an execution',
    { reservedConcurrency: { 'storage-scaling': 1.5 } },
    [/^stack\.reservedConcurrency\.storage-scaling: must be a whole number/],
  ],
  ['a word for the access log', { accessLog: 'yes' }, [/^stack\.accessLog: must be a map, or own/]],
  [
    'a bucket that S3 would not take',
    { accessLog: { bucket: 'Company_Logs' } },
    [/^stack\.accessLog\.bucket: must be the name of a bucket/],
  ],
  ['a word for protection', { terminationProtection: 'on' }, [/^stack\.terminationProtection: must be true or false/]],
  ['a retention without days', { auditRetention: { mode: 'governance' } }, [/^stack\.auditRetention\.days: /]],
  [
    'a retention of no days',
    { auditRetention: { mode: 'governance', days: 0 } },
    ['stack.auditRetention.days: must be at least 1'],
  ],
  [
    'a retention of more than a hundred years',
    { auditRetention: { mode: 'compliance', days: 36_501 } },
    ['stack.auditRetention.days: must be at most 36500'],
  ],
  [
    'a mode that S3 does not have',
    { auditRetention: { mode: 'legal', days: 1 } },
    [/^stack\.auditRetention\.mode: must be one of/],
  ],
  [
    'a setting that there is not',
    { permissionBoundary: 'x' },
    ['stack.permissionBoundary: is not a setting; did you mean "permissionsBoundary"?'],
  ],
])('refused: %s', (_what, settings, expected) => {
  const found = messagesOf(withStack(settings));
  expect(found).toHaveLength(expected.length);
  for (const [index, message] of expected.entries())
    if (typeof message === 'string') expect(found[index]).toBe(message);
    else expect(found[index]).toMatch(message);
  // The same of a cluster's own word, at its place.
  expect(messagesOf(smallFile({}, ofOrders(settings)))).toEqual(found.map((message) => `clusters.orders.${message}`));
});

test('a key of the whole file must be of the Region of each cluster that names none of its own', () => {
  const own = `    stack: ${JSON.stringify({ keys: { logs: key.replace('eu-west-1', 'eu-central-1') } })}\n`;
  expect(messagesOf(withStack({ keys: { logs: key } }, backup))).toEqual([
    'stack.keys.logs: is a key in eu-west-1, and the cluster "standby" lies in eu-central-1',
  ]);
  expect(messagesOf(withStack({ keys: { logs: key } }, `${backup}${own}`))).toEqual([]);
});

test('a key of another account is taken, as where one account keeps the keys of all; so is a boundary of AWS’s own', () => {
  const settings = {
    keys: { logs: key.replace('111122223333', '999900001111') },
    permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
  };
  expect(settingsOf(withStack(settings))).toEqual(settings);
});

test('tags of the whole file and of a cluster are held to the limits together', () => {
  const tags = (prefix: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x']));
  const file = (own: object, all: object) =>
    smallFile({}, `${ofOrders({ tags: own })}${stringify({ stack: { tags: all } })}`);
  expect(messagesOf(file(tags('a', 24), tags('b', 23)))).toEqual([]);
  expect(messagesOf(file(tags('a', 24), tags('b', 24)))).toEqual([
    'clusters.orders.stack.tags: would be 48 tags with those of the whole file, 47 at most',
  ]);
  expect(messagesOf(file({ TEAM: 'x' }, { team: 'y' }))).toEqual([
    'clusters.orders.stack.tags.TEAM: is to IAM the same key as "team": name one of them',
  ]);
});

test('whatever key and value every service takes is taken, at its longest', () => {
  const longest = { ['k'.repeat(128)]: 'ü'.repeat(256), 'a_b./=+:- 9': 'a_b./=+:-@ 9é' };
  expect(settingsOf(withStack({ tags: longest }))).toEqual({ tags: longest });
});
