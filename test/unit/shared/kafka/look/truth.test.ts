import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClusterView } from '../../../../../shared/core/cluster-view.ts';
import { cases } from '../../../../support/depth.ts';
import { fakeWitnesses, serverOf } from '../../../../support/kafka/fake-witnesses.ts';
import { anyTruth, type Truth } from './cluster-truth.ts';
import { lookInFakeTime, useFakeTime } from './look-under-test.ts';

useFakeTime();

const deadlineMs = 45_000;

const lookAt = async (truth: Truth, order: readonly number[]) => lookFrom(truth, order.map(serverOf));

/** A name for all brokers that leads to one of them. */
const name = 'boot:9000';

const lookFrom = async ({ ids, answer, oddId, odd }: Truth, bootstrapServers: readonly string[], behindName = 0) => {
  const mindOf = (id: number) => ({ metadata: answer, ...(id === oddId ? odd : {}) });
  const minds = Object.fromEntries(ids.map((id) => [serverOf(id), mindOf(id)]));
  const fake = fakeWitnesses({ ...minds, [name]: mindOf(behindName) });
  const startedMs = Date.now();
  const view = await lookInFakeTime(
    fake.open,
    { expectedBrokerIds: ids },
    { bootstrapServers, deadlineAtMs: startedMs + deadlineMs },
  );
  return { view, tookMs: Date.now() - startedMs, openCount: fake.openCount() };
};

/** What a view says of the cluster, without what one broker did to our questions. */
const sightOf = ({ topics, brokers, controller, clusterId }: ClusterView) => ({
  clusterId,
  controllerId: controller.brokerId,
  brokerIds: brokers.map(({ id }) => id),
  topics: topics.map(({ name, topicId, problem, partitions }) => ({
    name,
    topicId,
    problem,
    partitions: partitions.map(({ partition, leaderId = -1, leaderEpoch, replicaIds, inSyncReplicaIds }) => ({
      partition,
      leaderId,
      leaderEpoch,
      replicaIds,
      inSyncReplicaIds,
    })),
  })),
});

const truthOf = ({ answer }: Truth): ReturnType<typeof sightOf> => ({
  clusterId: answer.clusterId,
  controllerId: 100,
  brokerIds: answer.brokers.map(({ id }) => id),
  topics: answer.topics
    .map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      problem: undefined,
      partitions: partitions.map(({ partition, leaderId, leaderEpoch, replicaIds, inSyncReplicaIds }) => ({
        partition,
        leaderId,
        leaderEpoch,
        replicaIds,
        inSyncReplicaIds,
      })),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1)),
});

/** Everything but times, counts, how much each witness was asked, and who was asked in vain: whom nobody believed is not. */
const withoutTimes = ({ witnesses: _witnesses, requestCountByApi: _requests, ...view }: ClusterView) => ({
  ...view,
  takenAtMs: 0,
  durationMs: 0,
  controller: { ...view.controller, unansweredByIds: undefined },
  problems: view.problems.map((each) => JSON.stringify(each)).sort(),
  brokers: view.brokers.map(({ answerMs, requestCount: _count, ...broker }) => ({
    ...broker,
    hasAnswered: answerMs !== undefined,
  })),
});

/** Oddities that keep a broker from answering for itself. */
const unheard = ['silent', 'silent after Metadata', 'dead', 'of another cluster'];

test('whichever broker is odd, and in whatever order they are asked, the view is the truth and the odd one is named', async () => {
  const order = fc.tuple(fc.nat(), fc.nat());
  await fc.assert(
    fc.asyncProperty(anyTruth, order, async (truth, [first, second]) => {
      const servers = truth.ids.slice(0, 3);
      const rotated = (by: number) => [...servers.slice(by % 3), ...servers.slice(0, by % 3)];
      const one = await lookAt(truth, rotated(first));
      const other = await lookAt(truth, rotated(second).reverse());
      for (const { view, tookMs, openCount } of [one, other]) {
        expect(sightOf(view)).toEqual(truthOf(truth));
        expect(view.absentBrokerIds).toEqual(
          truth.ids.filter((id) => !truth.answer.brokers.some((each) => each.id === id)),
        );
        const odd = view.brokers.find(({ id }) => id === truth.oddId);
        expect(odd?.problem !== undefined).toBe(unheard.includes(truth.oddity));
        for (const broker of view.brokers) if (broker !== odd) expect(broker).not.toHaveProperty('problem');
        for (const witness of view.witnesses) {
          if (witness.address !== serverOf(truth.oddId)) expect(witness).not.toHaveProperty('overruled');
        }
        expect(view.groups?.map(({ groupId }) => groupId)).toEqual([]);
        expect(tookMs).toBeLessThan(deadlineMs);
        expect(openCount).toBe(0);
      }
      expect(withoutTimes(one.view)).toEqual(withoutTimes(other.view));
    }),
    cases(60, 2_000),
  );
});

test('who tells everything and is behind is named with the partitions of which it spoke as they were', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyTruth.filter(({ oddity, oddId }) => oddity.startsWith('behind') && oddId <= 3),
      async (truth) => {
        const order = [truth.oddId, ...truth.ids.filter((id) => id !== truth.oddId)].slice(0, 3);
        const { view } = await lookAt(truth, order);
        const spoken = new Map((truth.odd.metadata?.topics ?? []).map((topic) => [topic.name, topic.partitions]));
        const wrong = truth.answer.topics.flatMap(({ name, partitions }) =>
          partitions.filter((each) => {
            const theirs = spoken.get(name)?.find(({ partition }) => partition === each.partition);
            return theirs !== undefined && JSON.stringify(theirs) !== JSON.stringify(each);
          }),
        );
        const witness = view.witnesses.find(({ address }) => address === serverOf(truth.oddId));
        expect(witness?.overruled?.partitionCount ?? 0).toBe(wrong.length);
      },
    ),
    cases(40, 1_000),
  );
});

/** Behind a name alone such a broker leaves nobody to ask, or nobody to tell its cluster from ours. */
const deaf = ['starting', 'silent', 'dead', 'of another cluster'];

test('a name that leads to one broker, the odd one or another, shows the same cluster', async () => {
  await fc.assert(
    fc.asyncProperty(anyTruth, fc.nat(), async (truth, drawn) => {
      const behind = truth.ids[drawn % truth.ids.length] ?? 1;
      fc.pre(behind !== truth.oddId || !deaf.includes(truth.oddity));
      const { view } = await lookFrom(truth, [name], behind);
      expect(sightOf(view)).toEqual(truthOf(truth));
      expect(view.witnesses.at(-1)).toMatchObject({ address: name, depth: 'full' });
      expect(view.witnesses.at(-1)).not.toHaveProperty('brokerId');
    }),
    cases(60, 2_000),
  );
});
