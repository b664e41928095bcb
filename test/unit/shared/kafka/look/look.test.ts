import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import type { Codec } from '../../../../../shared/kafka/wire/codec.ts';
import type { KafkaConnection } from '../../../../../shared/kafka/wire/transport.ts';
import { fakeCluster, listedGroups } from '../../../../support/kafka/fake-cluster.ts';
import { look } from './look-under-test.ts';

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
  const view = await look(fakeCluster({ groups: listedGroups(10), replicaIds: [1] }), {
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
