import { expect, test } from 'vitest';
import { compileCandidates } from '../../../../../../functions/capacity/storage-scaling/core/retention-candidates.ts';
import type { BrokerView, PartitionView } from '../../../../../../shared/core/cluster-view.ts';
import { brokerView, clusterView, partitionView, topicView } from '../../../../../support/health/builders.ts';

const settings = { 'cleanup.policy': 'delete', 'retention.ms': '3600000', 'retention.bytes': '-1' };
const ends = { earliestOffset: 50n, latestOffset: 150n };
type Directories = NonNullable<BrokerView['logDirectories']>;
const onDisk = (usedBytesByTopic: Record<string, number>): Directories[number] => ({
  path: '/d',
  usedBytes: 0,
  usedBytesByTopic,
});

/** What broker 2 could cut of the topic `orders`, beside 400 bytes of others. */
const compile = (
  {
    partitions = [partitionView(0, ends)],
    set = settings,
    logDirectories = [onDisk({ orders: 600, other: 400 })],
  }: {
    partitions?: readonly PartitionView[];
    set?: Record<string, string>;
    logDirectories?: Directories;
  } = {},
  more: Parameters<typeof topicView>[2] = {},
) =>
  compileCandidates(
    clusterView({
      brokers: [brokerView(1), brokerView(2, { logDirectories })],
      topics: [topicView('orders', partitions, { settings: set, ...more })],
    }),
    2,
    () => false,
  );

test.each<[string, PartitionView]>([
  ['the oldest offset', partitionView(1, { latestOffset: 150n })],
  ['the newest offset', partitionView(1, { earliestOffset: 50n })],
  ['both', partitionView(1)],
])('one partition without %s makes its topic unreadable: nothing is proposed of it', (_name, partition) => {
  expect(compile({ partitions: [partitionView(0, ends), partition] })).toEqual({ candidates: [], unreadable: 1 });
});

test('a broker of which one directory does not tell its bytes by topic has no candidates', () => {
  expect(compile({ logDirectories: [onDisk({ orders: 600 }), { path: '/e', usedBytes: 400 }] })).toBeUndefined();
  expect(compile({ logDirectories: [] })).toBeUndefined();
  expect(compile({ logDirectories: [onDisk({})] })).toBeUndefined();
});

test('bytes of several directories are one disk', () => {
  const logDirectories = [onDisk({ orders: 100, other: 400 }), onDisk({ orders: 500 })];
  expect(compile({ logDirectories })?.candidates).toMatchObject([{ shareOfDisk: 0.6, bytesPerPartition: 600 }]);
});

test('bytes of a partition are of the copies that this broker has', () => {
  const partitions = [0, 1, 2].map((id) => partitionView(id, { ...ends, replicaIds: id === 2 ? [1, 3] : [1, 2] }));
  expect(compile({ partitions })?.candidates).toMatchObject([{ bytesPerPartition: 300, recordCount: 300 }]);
  const elsewhere = [partitionView(0, { ...ends, replicaIds: [1, 3] })];
  expect(compile({ partitions: elsewhere })?.candidates).toMatchObject([{ bytesPerPartition: 600 }]);
});

test.each([
  ['-1', undefined],
  ['0', 0],
  ['1000', 1000],
  ['', 0],
  ['for ever', undefined],
])('a retention of %j is %j', (text, limit) => {
  const [byTime] = compile({ set: { ...settings, 'retention.ms': text } })?.candidates ?? [];
  expect(byTime?.retentionMs).toBe(limit);
  const [byBytes] = compile({ set: { ...settings, 'retention.bytes': text } })?.candidates ?? [];
  expect(byBytes?.retentionBytes).toBe(limit);
});

test('a retention that is not told is none', () => {
  const [candidate] = compile({ set: { 'cleanup.policy': 'delete' } })?.candidates ?? [];
  expect(candidate).not.toHaveProperty('retentionMs');
  expect(candidate).not.toHaveProperty('retentionBytes');
  expect(compile({ set: { 'retention.ms': '1' } })).toEqual({ candidates: [], unreadable: 1 });
});

test.each([
  ['delete', false],
  ['compact,delete', false],
  ['compact', true],
])('a topic of policy %s is compacted alone: %s', (policy, isCompacted) => {
  expect(compile({ set: { ...settings, 'cleanup.policy': policy } })?.candidates).toMatchObject([{ isCompacted }]);
});

test.each([
  ['true', []],
  ['false', [{ topic: 'orders' }]],
])('remote storage %s', (enabled, candidates) => {
  expect(compile({ set: { ...settings, 'remote.storage.enable': enabled } })).toMatchObject({
    candidates,
    unreadable: 0,
  });
});

test('an internal topic, whatever its name, and one without bytes here stay out', () => {
  expect(compile({}, { isInternal: true })).toEqual({ candidates: [], unreadable: 0 });
  expect(compile({ logDirectories: [onDisk({ other: 1 })] })).toEqual({ candidates: [], unreadable: 0 });
});

test('one partition that has lost records to retention is enough to be bound', () => {
  const young = partitionView(0, { earliestOffset: 0n, latestOffset: 10n });
  expect(compile({ partitions: [young, partitionView(1, ends)] })?.candidates).toMatchObject([{ isBound: true }]);
  expect(compile({ partitions: [young] })?.candidates).toMatchObject([{ isBound: false }]);
});
