import { describe, expect, test } from 'vitest';
import {
  type FakeMind,
  fakeWitnesses,
  listedBroker,
  metadataOf,
  partitionOf,
  serverOf,
  threeMinds,
  topicOf,
} from '../../../../support/kafka/fake-witnesses.ts';
import { lookInFakeTime, useFakeTime } from './look-under-test.ts';

useFakeTime();

const orders = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
  [1, 3, 2],
  [2, 1, 3],
] as const;

/** Broker 1 is cut off from the controller: fenced, its leaderships moved, and it tells what was before. */
const before = metadataOf({ topics: [topicOf('orders', [partitionOf(0), partitionOf(1, { replicaIds: [2, 3, 1] })])] });
const since = metadataOf({
  brokers: [listedBroker(2), listedBroker(3)],
  topics: [
    topicOf('orders', [
      partitionOf(0, { leaderId: 2, leaderEpoch: 6, inSyncReplicaIds: [2, 3], offlineReplicaIds: [1] }),
      partitionOf(1, { replicaIds: [2, 3, 1], leaderEpoch: 5, inSyncReplicaIds: [2, 3], offlineReplicaIds: [1] }),
    ]),
  ],
});

describe.each(orders)('with the bootstrap servers %d, %d, %d', (...order) => {
  const bootstrapServers = order.map(serverOf);

  test('a broker that is cut off from the controller hides no fault and accuses no controller', async () => {
    const cut: FakeMind = { metadata: before, unanswered: ['DescribeQuorum'] };
    const { open } = fakeWitnesses(threeMinds({ metadata: since }, { 1: cut }));
    const view = await lookInFakeTime(open, {}, { bootstrapServers });
    expect(view.brokers.map(({ id }) => id)).toEqual([2, 3]);
    expect(view.absentBrokerIds).toEqual([1]);
    expect(view.topics[0]?.partitions).toMatchObject([
      { leaderId: 2, leaderEpoch: 6, inSyncReplicaIds: [2, 3], latestOffset: 100n },
      { leaderId: 2, inSyncReplicaIds: [2, 3], latestOffset: 100n },
    ]);
    expect(view.controller).toEqual({ toldBy: 'quorum', brokerId: 100 });
    expect(view.witnesses.map(({ brokerId, overruled }) => [brokerId, overruled?.extraBrokerIds])).toEqual([
      [1, [1]],
      [2, undefined],
      [3, undefined],
    ]);
  });

  test('a broker that has not learnt yet who is there is passed over, and named', async () => {
    const starting = { brokers: [], controllerId: -1, topics: [] };
    const { open } = fakeWitnesses(threeMinds({}, { 1: { metadata: starting } }));
    const view = await lookInFakeTime(open, {}, { bootstrapServers });
    expect(view.brokers.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(view.topics.map(({ name }) => name)).toEqual(['orders']);
    expect(view.problems).toEqual([
      { what: 'bootstrap', problem: { kind: 'bad-answer', message: expect.stringContaining('without brokers') } },
    ]);
    expect(view.witnesses[0]).toMatchObject({ brokerId: 1, brokerIds: [], overruled: { missingBrokerIds: [1, 2, 3] } });
  });

  test('a bootstrap server that became another cluster’s is told, and nothing of it is in the view', async () => {
    const foreign = metadataOf({
      clusterId: 'theirs',
      brokers: [listedBroker(1), listedBroker(7)],
      topics: [topicOf('payments')],
    });
    const minds = {
      ...threeMinds({}, { 1: { metadata: foreign, groupIds: ['theirs'] } }),
      [serverOf(7)]: { metadata: foreign },
    };
    const { open } = fakeWitnesses(minds);
    const view = await lookInFakeTime(open, {}, { bootstrapServers });
    expect(view.clusterId).toBe('ours');
    expect(view.brokers.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(view.brokers[0]?.problem).toMatchObject({
      kind: 'bad-answer',
      message: expect.stringContaining('another cluster'),
    });
    expect(view.topics.map(({ name }) => name)).toEqual(['orders']);
    expect(view.groups).toEqual([]);
    expect(view.witnesses.find(({ address }) => address === serverOf(1))).toMatchObject({ otherClusterId: 'theirs' });
    expect(view.problems).toContainEqual({
      what: 'bootstrap',
      problem: { kind: 'bad-answer', message: expect.stringContaining('the cluster theirs') },
    });
  });

  test('a list that a witness hides topics from is not the list', async () => {
    const topics = [topicOf('orders'), topicOf('payments')];
    const { open } = fakeWitnesses(threeMinds({ metadata: { topics } }, { 2: { hiddenTopics: ['payments'] } }));
    const view = await lookInFakeTime(open, {}, { bootstrapServers });
    expect(view.topics.map(({ name }) => name)).toEqual(['orders', 'payments']);
  });

  test('a topic that only a broker behind still lists is gone', async () => {
    const old = { ...before, topics: [...before.topics, topicOf('gone')] };
    const { open } = fakeWitnesses(threeMinds({ metadata: since }, { 1: { metadata: old } }));
    const view = await lookInFakeTime(open, {}, { bootstrapServers });
    expect(view.topics.map(({ name }) => name)).toEqual(['orders']);
  });

  test('a topic that was made anew has the id that most know', async () => {
    const anew = {
      ...topicOf('orders', [partitionOf(0, { leaderEpoch: 0 })]),
      topicId: '00000000-0000-0000-0000-0000000000aa',
    };
    const { open } = fakeWitnesses(threeMinds({ metadata: { topics: [anew] } }, { 3: { metadata: before } }));
    const view = await lookInFakeTime(open, {}, { bootstrapServers });
    expect(view.topics).toMatchObject([{ topicId: anew.topicId, partitions: [{ leaderEpoch: 0 }] }]);
    expect(view.topics[0]).not.toHaveProperty('problem');
  });

  test('with ZooKeeper the controller is whom most brokers name', async () => {
    const { open } = fakeWitnesses(
      threeMinds({ quorumLeaderId: 'none', metadata: { controllerId: 2 } }, { 1: { metadata: { controllerId: 1 } } }),
    );
    const view = await lookInFakeTime(open, {}, { bootstrapServers });
    expect(view.controller).toEqual({ toldBy: 'metadata', brokerId: 2 });
  });
});

test('where nobody but a starting broker answers the view says so instead of showing an empty cluster', async () => {
  const { open } = fakeWitnesses({ [serverOf(1)]: { metadata: { brokers: [], topics: [] } } });
  const view = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(1)] });
  expect(view).toMatchObject({ brokers: [], topics: [], witnesses: [], absentBrokerIds: [1, 2, 3] });
  expect(view.problems).toEqual([
    { what: 'metadata', problem: { kind: 'bad-answer', message: expect.stringContaining('without brokers') } },
  ]);
});

test('two servers of two clusters: nobody knows which is ours, and nothing of either is shown', async () => {
  const theirs = metadataOf({ clusterId: 'theirs', brokers: [listedBroker(7)] });
  const { open } = fakeWitnesses({
    [serverOf(1)]: { metadata: { brokers: [listedBroker(1)] } },
    [serverOf(7)]: { metadata: theirs },
  });
  const view = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(7), serverOf(1)] });
  expect(view).toMatchObject({ brokers: [], topics: [], witnesses: [] });
  // No silence: both answer well, and silence of all would be an emergency.
  expect(view.problems.map(({ what, problem }) => [what, problem.kind])).toEqual([
    ['metadata', 'unsupported'],
    ['metadata', 'unsupported'],
  ]);
});

test.each([[[1, 2]], [[2, 1]]])(
  'of two brokers one that begins and omits itself takes no leader away, asked in the order %j',
  async (order) => {
    const led = partitionOf(0, { replicaIds: [2, 1] });
    const lost = { ...led, leaderId: -1, errorCode: 5, offlineReplicaIds: [2] };
    const { open } = fakeWitnesses({
      [serverOf(1)]: {
        metadata: { brokers: [1, 2].map((id) => listedBroker(id)), topics: [topicOf('orders', [led])] },
      },
      [serverOf(2)]: { metadata: { brokers: [listedBroker(1)], topics: [topicOf('orders', [lost])] } },
    });
    const view = await lookInFakeTime(open, { expectedBrokerIds: [1, 2] }, { bootstrapServers: order.map(serverOf) });
    expect(view.brokers.map(({ id }) => id)).toEqual([1, 2]);
    expect(view.topics[0]?.partitions[0]).toMatchObject({ leaderId: 2, offlineReplicaIds: [] });
  },
);

test('a broker that came back while others told everything has no copies offline', async () => {
  const ids = [1, 2, 3, 4, 5];
  const caughtUp = partitionOf(0, { inSyncReplicaIds: [1, 2] });
  const sayingGone: FakeMind = {
    metadata: {
      brokers: [1, 2, 4, 5].map((id) => listedBroker(id)),
      topics: [topicOf('orders', [{ ...caughtUp, offlineReplicaIds: [3] }])],
    },
  };
  const sayingBack: FakeMind = {
    metadata: { brokers: ids.map((id) => listedBroker(id)), topics: [topicOf('orders', [caughtUp])] },
  };
  const { open } = fakeWitnesses(
    Object.fromEntries(ids.map((id) => [serverOf(id), id <= 2 ? sayingGone : sayingBack])),
  );
  const view = await lookInFakeTime(open, { expectedBrokerIds: ids });
  expect(view.brokers.map(({ id }) => id)).toEqual(ids);
  expect(view.topics[0]?.partitions[0]).toMatchObject({ offlineReplicaIds: [] });
});

test('with ZooKeeper two brokers that name different controllers are told, and neither is believed', async () => {
  const brokers = [listedBroker(1), listedBroker(2)];
  const { open } = fakeWitnesses({
    [serverOf(1)]: { quorumLeaderId: 'none', metadata: { brokers, controllerId: 1 } },
    [serverOf(2)]: { quorumLeaderId: 'none', metadata: { brokers, controllerId: 2 } },
  });
  const { controller } = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(1)] });
  expect(controller).toEqual({
    toldBy: 'metadata',
    problem: { kind: 'bad-answer', message: expect.stringContaining('b-1:9001 says 1, b-2:9002 says 2') },
  });
});

test('one broker alone is one witness', async () => {
  const { open } = fakeWitnesses({ [serverOf(1)]: { metadata: { brokers: [listedBroker(1)] } } });
  const view = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(1)] });
  expect(view.witnesses).toEqual([{ brokerId: 1, address: serverOf(1), depth: 'full', brokerIds: [1] }]);
});

test('two tell everything, the others who the brokers are, and each is asked once', async () => {
  const { open, requests } = fakeWitnesses(threeMinds({}));
  const view = await lookInFakeTime(open);
  expect(view.witnesses.map(({ brokerId, depth }) => [brokerId, depth])).toEqual([
    [1, 'full'],
    [2, 'full'],
    [3, 'brokers'],
  ]);
  expect(requests.filter(({ api }) => api === 'Metadata')).toHaveLength(3);
});

test('a broker that is behind a name alone does not make two witnesses of one', async () => {
  const old: FakeMind = { metadata: before };
  const { open } = fakeWitnesses({ ...threeMinds({ metadata: since }, { 1: old }), 'boot:9000': old });
  const view = await lookInFakeTime(open, {}, { bootstrapServers: ['boot:9000'] });
  expect(view.brokers.map(({ id }) => id)).toEqual([2, 3]);
  expect(view.topics[0]?.partitions[0]).toMatchObject({ leaderId: 2, inSyncReplicaIds: [2, 3] });
});

test('a slow witness is waited for a second after the second full answer, and is still found', async () => {
  const { open } = fakeWitnesses(threeMinds({}, { 3: { connectMs: 3_000 } }));
  const view = await lookInFakeTime(open, { groups: false, ends: 'none', logDirectories: false, topicSettings: [] });
  expect(view.witnesses.map(({ brokerId }) => brokerId)).toEqual([1, 2]);
  expect(view.brokers[2]).toMatchObject({ id: 3, answerMs: 3_000 });
  expect(view.brokers[2]).not.toHaveProperty('problem');
});

test('where the others hang, half of a short time is left for what one broker can tell', async () => {
  const hanging: FakeMind = { connectMs: 60_000 };
  const { open } = fakeWitnesses(threeMinds({}, { 2: hanging, 3: hanging }));
  const options = { deadlineAtMs: Date.now() + 6_000, connectTimeoutMs: 6_000 };
  const view = await lookInFakeTime(open, {}, options);
  expect(view.topics[0]?.partitions[0]?.latestOffset).toBe(100n);
  expect(view.brokers.map(({ problem }) => problem?.kind)).toEqual([undefined, 'timed-out', 'timed-out']);
});
