import { expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import type { FunctionDefinition } from '../../../../shared/deployment/function-definition.ts';
import { undeclaredCalls, unseenCalls, type Witness, witnessOf } from '../../../support/aws/declared-calls.ts';
import { configurationWith } from '../../infra/stack/stack-under-test.ts';

const account = 'eu-west-1:111122223333';
const bucketArn = 'arn:aws:s3:::chosen-by-the-account';
const health = 'mskeeper-orders-cluster-health-eu-west-1';

const definitionOf = (...names: readonly string[]): FunctionDefinition => {
  const found = functionDefinitions.find(({ slug }) => slug === 'cluster-health');
  if (found === undefined) throw new Error('there is no cluster-health');
  return { ...found, calls: Object.fromEntries(names.map((name) => [name, 0])) };
};

type Seen = Witness['calls'][number];
const call = (name: string, action: string, resource: string, more: Partial<Seen> = {}): Seen => {
  const [service = '', operation = ''] = name.split(':');
  return { service, operation, roleName: health, permissions: [{ action, resource }], outcome: 'ok', ...more };
};
const saw = (...calls: readonly Seen[]): readonly Witness[] => [
  witnessOf(
    { configuration: configurationWith(), clusterKey: 'orders' },
    { bucketName: 'chosen-by-the-account', topicKeyArn: `arn:aws:kms:${account}:key/1` },
    calls,
  ),
];

const putState = call('s3:PutObject', 's3:PutObject', `${bucketArn}/state/cluster-health/orders.json`);
const putReport = call('s3:PutObject', 's3:PutObject', `${bucketArn}/reports/cluster-health/orders/2026/01.json`);
const tellCritical = call('sns:Publish', 'sns:Publish', `arn:aws:sns:${account}:mskeeper-orders-critical`);
const states = definitionOf('s3:PutObject state', 's3:PutObject report');

test('a call on one row’s resource is not seen for another row of the same operation', () => {
  expect(unseenCalls(states, saw())).toEqual(['s3:PutObject state', 's3:PutObject report']);
  expect(unseenCalls(states, saw(putState))).toEqual(['s3:PutObject report']);
  expect(unseenCalls(states, saw(putReport))).toEqual(['s3:PutObject state']);
  expect(unseenCalls(states, saw(putState, putReport))).toEqual([]);
  const topics = definitionOf('sns:Publish critical', 'sns:Publish warning');
  expect(unseenCalls(topics, saw(tellCritical))).toEqual(['sns:Publish warning']);
});

test('what several accounts saw counts together', () => {
  expect(unseenCalls(states, [...saw(putState), ...saw(putReport)])).toEqual([]);
});

test.each([
  ['was refused', { outcome: 'AccessDenied' }],
  ['met a fault', { outcome: 'fault:throttle' }],
  ['was made by another function', { roleName: 'mskeeper-orders-kafka-read-eu-west-1' }],
  ['was made by a person', { roleName: undefined }],
])('a call that %s was not seen', (_name, more) => {
  expect(unseenCalls(definitionOf('s3:PutObject state'), saw({ ...putState, ...more }))).toEqual([
    's3:PutObject state',
  ]);
});

test('a call that no account can see stays unseen', () => {
  expect(unseenCalls(definitionOf('kafka-cluster:Read'), saw(putState))).toEqual(['kafka-cluster:Read']);
});

test('a call without its row is named once, with what it asked of IAM, whether it was let through or not', () => {
  const denied = { ...tellCritical, outcome: 'AccessDenied' };
  expect(undeclaredCalls(states, saw(putState, putReport))).toEqual([]);
  expect(undeclaredCalls(states, saw(putState, tellCritical, denied))).toEqual([
    `sns:Publish: sns:Publish on arn:aws:sns:${account}:mskeeper-orders-critical`,
  ]);
  const foreign = call('s3:PutObject', 's3:PutObject', `${bucketArn}/state/storage-scaling/orders.json`);
  expect(undeclaredCalls(states, saw(foreign))).toEqual([
    `s3:PutObject: s3:PutObject on ${bucketArn}/state/storage-scaling/orders.json`,
  ]);
});

test('a call of which only a part is a row’s own is none of it', () => {
  const twofold = { ...putState, permissions: [...putState.permissions, ...tellCritical.permissions] };
  expect(unseenCalls(states, saw(twofold))).toContain('s3:PutObject state');
  expect(undeclaredCalls(states, saw(twofold))).toHaveLength(1);
});

test('a call that met a fault before IAM was asked is judged by its name', () => {
  const early = { permissions: [], outcome: 'fault:deny' };
  expect(undeclaredCalls(states, saw({ ...putState, ...early }))).toEqual([]);
  expect(undeclaredCalls(states, saw({ ...tellCritical, ...early }))).toEqual(['sns:Publish: nothing']);
});
