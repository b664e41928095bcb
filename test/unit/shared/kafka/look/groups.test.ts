import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { fakeCluster, listedGroups } from '../../../../support/kafka/fake-cluster.ts';
import { look } from './look-under-test.ts';

describe('what is refused keeps its own problem', () => {
  test('a group of an answer', async () => {
    const cluster = fakeCluster({ groups: listedGroups(6) });
    cluster.refuse('OffsetFetch', 'group-2', 30);
    cluster.refuse('DescribeGroups', 'group-3', 30);
    const view = await look(cluster);
    const byId = new Map(view.groups?.map((group) => [group.groupId, group]));
    expect(byId.get('group-2')?.commitsProblem).toMatchObject({ kind: 'denied', code: 30 });
    expect(byId.get('group-2')).not.toHaveProperty('commits');
    expect(byId.get('group-3')?.problem).toMatchObject({ kind: 'denied', code: 30 });
    expect(byId.get('group-4')?.commits).toHaveLength(2);
  });

  test('a commit that stands for nothing committed is no number', async () => {
    const cluster = fakeCluster({ groups: listedGroups(1), committedOffset: -1n });
    const [group] = (await look(cluster)).groups ?? [];
    expect(group?.commits?.[0]).toEqual({ topic: 'orders', partition: 0 });
  });

  test('a broker that cannot list its groups is a problem, and no group is taken for gone', async () => {
    const cluster = fakeCluster({ groups: listedGroups(9) });
    cluster.fail('ListGroups', 2, new DependencyError('Kafka ListGroups', 'timed-out', 'no answer in time'));
    const view = await look(cluster);
    expect(view.groups).toHaveLength(6);
    expect(view.problems).toEqual([
      { what: 'groups', brokerId: 2, problem: { kind: 'timed-out', message: expect.any(String) } },
    ]);
  });

  test('groups of an offline partition of __consumer_offsets are told as unlisted', async () => {
    const view = await look(fakeCluster({ offlineGroupPartitions: [4, 1] }));
    expect(view.problems).toEqual([
      { what: 'groups', problem: { kind: 'kafka-error', message: expect.stringContaining('partitions 1, 4 of') } },
    ]);
  });

  test('a partition without a leader is read, and its ends are a problem', async () => {
    const view = await look(fakeCluster({ offlinePartitions: [1] }));
    const orders = view.topics.find(({ name }) => name === 'orders');
    expect(orders?.partitions[0]).toMatchObject({ leaderId: 1, latestOffset: 100n, earliestOffset: 10n });
    expect(orders?.partitions[1]).not.toHaveProperty('leaderId');
    expect(orders?.partitions[1]?.offsetsProblem).toMatchObject({ kind: 'kafka-error', code: 5 });
  });
});

describe('what moved while we looked is asked once more', () => {
  test('a group whose coordinator changed', async () => {
    const cluster = fakeCluster({ groups: listedGroups(9) });
    cluster.moveGroup('group-4', 3);
    const view = await look(cluster);
    const moved = view.groups?.find(({ groupId }) => groupId === 'group-4');
    expect(moved).toMatchObject({ coordinatorId: 3, commits: [{}, {}] });
    expect(moved).not.toHaveProperty('problem');
    expect(view.requestCountByApi).toMatchObject({ FindCoordinator: 1 });
  });

  test('a group that keeps moving keeps its problem, without a third attempt', async () => {
    const cluster = fakeCluster({ groups: listedGroups(9) });
    cluster.refuse('DescribeGroups', 'group-4', 16);
    cluster.refuse('OffsetFetch', 'group-4', 16);
    const view = await look(cluster);
    expect(view.groups?.find(({ groupId }) => groupId === 'group-4')?.problem).toMatchObject({ code: 16 });
    expect(view.requestCountByApi).toMatchObject({ FindCoordinator: 1, DescribeGroups: 4 });
  });

  test('a partition whose leader changed', async () => {
    const cluster = fakeCluster({});
    cluster.moveLeader('orders', 0, 2);
    const view = await look(cluster);
    const [partition] = view.topics.find(({ name }) => name === 'orders')?.partitions ?? [];
    expect(partition).toMatchObject({ latestOffset: 100n, earliestOffset: 10n });
    expect(partition).not.toHaveProperty('offsetsProblem');
    expect(view.requestCountByApi).toMatchObject({ Metadata: 3 + 1 });
  });
});

describe('both protocols of groups', () => {
  test('a KIP-848 group is described by its own API', async () => {
    const [group] = listedGroups(1);
    if (group === undefined) throw new Error('no group');
    const view = await look(fakeCluster({ groups: [{ ...group, type: 'consumer' }] }));
    expect(view.groups?.[0]).toMatchObject({ protocol: 'consumer', state: 'Stable' });
    expect(view.groups?.[0]).not.toHaveProperty('problem');
  });

  test('where the listing tells no type, a group that the classic API calls dead is asked by the other', async () => {
    const [first, second] = listedGroups(2);
    if (first === undefined || second === undefined) throw new Error('no groups');
    const cluster = fakeCluster({
      groups: [
        { ...first, type: undefined },
        { ...second, type: undefined },
      ],
      isConsumerGroup: ({ groupId }) => groupId === first.groupId,
    });
    const view = await look(cluster);
    expect(view.groups?.map(({ protocol, state }) => [protocol, state])).toEqual([
      ['consumer', 'Stable'],
      ['classic', 'Empty'],
    ]);
  });

  test('without the new API a group that the classic one does not know is not called dead', async () => {
    const [group] = listedGroups(1);
    if (group === undefined) throw new Error('no group');
    const cluster = fakeCluster({
      groups: [{ ...group, type: undefined, state: 'Stable' }],
      isConsumerGroup: () => true,
      missingApis: ['ConsumerGroupDescribe'],
    });
    const [view] = (await look(cluster)).groups ?? [];
    expect(view).toMatchObject({ protocol: 'unknown', state: 'Stable', problem: { kind: 'kafka-error' } });
  });

  test('a share group is listed, and its description and commits are unsupported', async () => {
    const [group] = listedGroups(1);
    if (group === undefined) throw new Error('no group');
    const view = await look(fakeCluster({ groups: [{ ...group, type: 'share' }] }));
    expect(view.groups?.[0]).toMatchObject({
      protocol: 'share',
      problem: { kind: 'unsupported' },
      commitsProblem: { kind: 'unsupported' },
    });
  });
});
