import { describe, expect, test } from 'vitest';
import { lookAtCluster } from '../../../../../shared/kafka/look/look.ts';
import { fakeCluster, listedGroups } from '../../../../support/kafka/fake-cluster.ts';
import { everything, look } from './look-under-test.ts';

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
    // The one that hangs answers nobody, ever: that the look ends at all is its deadline's doing.
    const view = await look(cluster, {}, 2_000);
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
    const deadlineAtMs = Date.now() + 60_000;
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
