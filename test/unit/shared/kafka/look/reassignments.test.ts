import { expect, test } from 'vitest';
import {
  type FakeMind,
  fakeWitnesses,
  partitionOf,
  threeMinds,
  topicOf,
} from '../../../../support/kafka/fake-witnesses.ts';
import { lookInFakeTime, useFakeTime } from './look-under-test.ts';

useFakeTime();

const light = { groups: false, commits: false, ends: 'none', logDirectories: false, topicSettings: [] } as const;
const api = 'ListPartitionReassignments';

const late = [topicOf('orders', [partitionOf(0, { inSyncReplicaIds: [1, 2] }), partitionOf(1)])];
const uneven = [topicOf('orders', [partitionOf(0), partitionOf(1, { replicaIds: [1, 2] })])];
const adding = {
  reassignments: [
    { topic: 'orders', partition: 0, replicaIds: [1, 2, 3], addingReplicaIds: [3, 9], removingReplicaIds: [1] },
  ],
};

test.each([
  ['copies are late', late],
  ['a topic’s partitions have not as many copies', uneven],
])('copies that come and go are told where %s', async (_name, topics) => {
  const { open, requests } = fakeWitnesses(threeMinds({ metadata: { topics }, reassignments: adding }));
  const view = await lookInFakeTime(open, light);
  const [first, second] = view.topics[0]?.partitions ?? [];
  // Broker 9 is not among the copies that Metadata names.
  expect(first).toMatchObject({ addingReplicaIds: [3], removingReplicaIds: [1] });
  expect(second).not.toHaveProperty('addingReplicaIds');
  expect(view).not.toHaveProperty('reassignmentsProblem');
  expect(requests.filter((each) => each.api === api)).toHaveLength(1);
});

test('nothing is asked where nothing hangs on it', async () => {
  const { open, requests } = fakeWitnesses(threeMinds({ reassignments: adding }));
  const view = await lookInFakeTime(open, light);
  expect(requests.filter((each) => each.api === api)).toEqual([]);
  expect(view).not.toHaveProperty('reassignmentsProblem');
});

test('with ZooKeeper the controller is asked, who alone knows', async () => {
  const mind: FakeMind = { quorumLeaderId: 'none', metadata: { topics: late, controllerId: 3 }, reassignments: adding };
  const { open, requests } = fakeWitnesses(threeMinds(mind));
  const view = await lookInFakeTime(open, light);
  expect(view.topics[0]?.partitions[0]).toMatchObject({ addingReplicaIds: [3] });
  expect(requests.filter((each) => each.api === api).map(({ address }) => address)).toEqual(['b-3:9003']);
});

test('a refusal is the last word: it is told, and nobody else is asked', async () => {
  const { open, requests } = fakeWitnesses(
    threeMinds({ metadata: { topics: late }, reassignments: { errorCode: 31 } }),
  );
  const view = await lookInFakeTime(open, light);
  expect(view.reassignmentsProblem).toMatchObject({ kind: 'denied', code: 31 });
  expect(requests.filter((each) => each.api === api)).toHaveLength(1);
});

test.each<readonly [string, FakeMind, string]>([
  ['no broker answers', { unanswered: [api] }, 'timed-out'],
  ['each says that the controller timed out', { reassignments: { errorCode: 7 } }, 'kafka-error'],
  ['the controller is nobody that answers', { quorumLeaderId: 'none', metadata: { controllerId: 9 } }, 'unreachable'],
])('where %s it is not known, and said so', async (_name, mind, kind) => {
  const { open, requests } = fakeWitnesses(threeMinds({ ...mind, metadata: { ...mind.metadata, topics: late } }));
  const view = await lookInFakeTime(open, light);
  expect(view.reassignmentsProblem).toMatchObject({ kind });
  expect(requests.filter((each) => each.api === api).length).toBeLessThanOrEqual(3);
});
