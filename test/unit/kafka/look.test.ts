import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../shared/errors.ts';
import type { ClusterView, LookRequest } from '../../../shared/kafka/cluster-view.ts';
import type { Codec } from '../../../shared/kafka/codec.ts';
import { lookAtCluster } from '../../../shared/kafka/look.ts';
import type { KafkaConnection } from '../../../shared/kafka/transport.ts';
import { type FakeCluster, fakeCluster, listedGroups } from '../../support/fake-cluster.ts';

const everything: LookRequest = {
  groups: true,
  commits: true,
  ends: 'both',
  logDirectories: true,
  topicSettings: ['min.insync.replicas'],
  expectedBrokerIds: [1, 2, 3],
};

const look = (cluster: FakeCluster, request: Partial<LookRequest> = {}, deadlineMs = 5_000): Promise<ClusterView> =>
  lookAtCluster(
    { ...everything, ...request },
    {
      bootstrapServers: cluster.bootstrapServers,
      authentication: { kind: 'plaintext' },
      deadlineAtMs: Date.now() + deadlineMs,
      connectTimeoutMs: 1_000,
      open: cluster.open,
    },
  );

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

test('1,000 groups on three brokers cost at most 1 + 8 requests a broker, all closed afterwards', async () => {
  const cluster = fakeCluster({ groups: listedGroups(1_000) });
  const view = await look(cluster);
  expect(view.groups).toHaveLength(1_000);
  expect(view.problems).toEqual([]);
  expect(sumOf(view.requestCountByApi)).toBeLessThanOrEqual(1 + 8 * 3);
  for (const { requestCount } of view.brokers) expect(requestCount).toBeLessThanOrEqual(9);
  expect(cluster.openCount()).toBe(0);
});

test('a light look asks for nothing that was not wanted', async () => {
  const view = await look(fakeCluster({ groups: listedGroups(10) }), {
    groups: false,
    commits: false,
    ends: 'none',
    logDirectories: false,
    topicSettings: [],
  });
  expect(Object.keys(view.requestCountByApi).sort()).toEqual(['DescribeQuorum', 'Metadata']);
  expect(view).not.toHaveProperty('groups');
});

test('the connection that described the cluster serves again for its broker', async () => {
  const cluster = fakeCluster({});
  await look(cluster);
  expect(cluster.openedAddresses()).toHaveLength(3);
});

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
    expect(view.requestCountByApi).toMatchObject({ Metadata: 2 });
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

describe('brokers that are not there', () => {
  test('a dead one is a problem; its partitions have one, others are read', async () => {
    const cluster = fakeCluster({ groups: listedGroups(9) });
    cluster.kill(3);
    const view = await look(cluster);
    const dead = view.brokers.find(({ id }) => id === 3);
    expect(dead).toMatchObject({ problem: { kind: 'unreachable' }, logDirectoriesProblem: { kind: 'unreachable' } });
    expect(dead).not.toHaveProperty('answerMs');
    expect(view.groups).toHaveLength(6);
    const [first, , third] = view.topics.find(({ name }) => name === 'orders')?.partitions ?? [];
    expect(first?.latestOffset).toBe(100n);
    expect(third?.offsetsProblem).toMatchObject({ kind: 'unreachable' });
  });

  test('one that hangs holds nobody else up, and the deadline is kept', async () => {
    const cluster = fakeCluster({ groups: listedGroups(9) });
    cluster.hang(2);
    const startedMs = performance.now();
    const view = await look(cluster, {}, 300);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(view.brokers.find(({ id }) => id === 2)?.problem).toMatchObject({ kind: 'timed-out' });
    expect(view.groups).toHaveLength(6);
    expect(view.brokers.find(({ id }) => id === 1)).toMatchObject({
      logDirectories: [{ path: '/data', usedBytes: 3 }],
    });
    expect(cluster.openCount()).toBe(0);
  });

  test('one that hangs costs the time that the request grants, and no more', async () => {
    const cluster = fakeCluster({});
    const asked: number[] = [];
    const open: typeof cluster.open = (options) => {
      asked.push(options.connectTimeoutMs);
      return cluster.open(options);
    };
    const request = { ...everything, answerTimeoutMs: 1_234 };
    const deadlineAtMs = Date.now() + 5_000;
    await lookAtCluster(request, {
      bootstrapServers: ['b-1:9092'],
      authentication: { kind: 'plaintext' },
      deadlineAtMs,
      open,
    });
    expect([...new Set(asked)]).toEqual([1_234]);
  });

  test('one that Metadata no longer lists is absent, whether expected or only named as a replica', async () => {
    const view = await look(fakeCluster({ replicaIds: [1, 7] }), { expectedBrokerIds: [1, 2, 3, 9] });
    expect(view.absentBrokerIds).toEqual([7, 9]);
  });

  test('a dead bootstrap server is passed over and told', async () => {
    const cluster = fakeCluster({});
    cluster.kill(1);
    const view = await look(cluster);
    expect(view.problems[0]).toMatchObject({ what: 'bootstrap', problem: { kind: 'unreachable' } });
    expect(view.topics.length).toBeGreaterThan(0);
  });

  test('where nobody answers the view says so instead of showing an empty cluster', async () => {
    const cluster = fakeCluster({});
    for (const id of [1, 2, 3]) cluster.kill(id);
    const view = await look(cluster);
    expect(view).toMatchObject({ brokers: [], topics: [], absentBrokerIds: [1, 2, 3] });
    expect(view.problems.map(({ what, problem }) => [what, problem.kind])).toEqual([
      ['metadata', 'unreachable'],
      ['metadata', 'unreachable'],
      ['metadata', 'unreachable'],
    ]);
    expect(view.controller.problem?.kind).toBe('unreachable');
  });

  test.each([[[]], [['no port']]])(
    'bootstrap servers %j lead nowhere, and the view says so',
    async (bootstrapServers) => {
      const { open } = fakeCluster({});
      const view = await lookAtCluster(everything, {
        bootstrapServers,
        authentication: { kind: 'plaintext' },
        deadlineAtMs: Date.now() + 500,
        open,
      });
      expect(view.problems).toMatchObject([{ what: 'metadata', problem: { kind: 'unreachable' } }]);
    },
  );
});

describe('the controller', () => {
  test('is the leader of the quorum', async () => {
    expect((await look(fakeCluster({}))).controller).toEqual({ toldBy: 'quorum', brokerId: 2 });
  });

  test('is what Metadata says where no quorum is (ZooKeeper)', async () => {
    const view = await look(fakeCluster({ missingApis: ['DescribeQuorum'] }));
    expect(view.controller).toEqual({ toldBy: 'metadata', brokerId: 3 });
  });

  test('is nobody where the quorum says so, which is an answer and no problem', async () => {
    expect((await look(fakeCluster({ hasNoQuorumLeader: true }))).controller).toEqual({ toldBy: 'quorum' });
  });

  test('is a problem where the quorum does not tell', async () => {
    const cluster = fakeCluster({});
    for (const id of [1, 2, 3]) {
      cluster.fail('DescribeQuorum', id, new DependencyError('Kafka DescribeQuorum', 'bad-answer', 'unreadable'));
    }
    expect((await look(cluster)).controller).toMatchObject({ toldBy: 'quorum', problem: { kind: 'bad-answer' } });
  });
});

test('a fault of ours is thrown, not told as a problem of the cluster', async () => {
  const cluster = fakeCluster({});
  const open: typeof cluster.open = async (options) => {
    const connection = await cluster.open(options);
    const ask = async <Request, Answer extends object>(codec: Codec<Request, Answer>, request: Request, ms: number) => {
      if (codec.name === 'DescribeLogDirs') throw new TypeError('a defect');
      return connection.ask(codec, request, ms);
    };
    return { ...connection, ask } satisfies KafkaConnection;
  };
  await expect(look({ ...cluster, open })).rejects.toThrow('a defect');
  expect(cluster.openCount()).toBe(0);
});
