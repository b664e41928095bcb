import { describe, expect, test } from 'vitest';
import {
  type FakeMind,
  fakeWitnesses,
  listedBroker,
  partitionOf,
  serverOf,
  threeMinds,
  topicOf,
} from '../../../../support/kafka/fake-witnesses.ts';
import { afterMetadata } from './cluster-truth.ts';
import { lookInFakeTime, useFakeTime } from './look-under-test.ts';

useFakeTime();

const light = { groups: false, commits: false, ends: 'none', logDirectories: false, topicSettings: [] } as const;

describe('a broker that lets us in and then answers nothing', () => {
  test.each([1, 2, 3])('is no broker that answers, and the others are asked in its place: broker %d', async (id) => {
    const { open } = fakeWitnesses(threeMinds({}, { [id]: { unanswered: afterMetadata } }));
    const view = await lookInFakeTime(open);
    expect(view.brokers.map(({ problem }) => problem?.kind)).toEqual(
      [1, 2, 3].map((each) => (each === id ? 'timed-out' : undefined)),
    );
    const silent = view.brokers[id - 1];
    expect(silent?.problem?.message).toMatch(/^let us in and then answered none of \d requests?$/);
    expect(silent).not.toHaveProperty('answerMs');
    expect(view.controller).toMatchObject({ toldBy: 'quorum', brokerId: 100 });
    expect(view.controller).not.toHaveProperty('problem');
    expect(view.topics[0]?.settings).toEqual({ 'min.insync.replicas': '2' });
  });

  test.each([1, 2, 3])('and not even Metadata is one, too, in a light look: broker %d', async (id) => {
    const { open } = fakeWitnesses(threeMinds({}, { [id]: { unanswered: 'all' } }));
    const view = await lookInFakeTime(open, light);
    const silent = view.brokers[id - 1];
    expect(silent?.problem).toMatchObject({
      kind: 'timed-out',
      message: expect.stringContaining('answered none of 1'),
    });
    expect(silent).not.toHaveProperty('answerMs');
    expect(view.controller).toMatchObject({ brokerId: 100 });
    expect(view.topics.map(({ name }) => name)).toEqual(['orders']);
  });

  test('is not one whose controller alone does not answer: that is told of the controller', async () => {
    const { open } = fakeWitnesses(threeMinds({ unanswered: ['DescribeQuorum'] }));
    const view = await lookInFakeTime(open);
    expect(view.brokers.flatMap(({ problem }) => problem ?? [])).toEqual([]);
    expect(view.controller).toMatchObject({ toldBy: 'quorum', problem: { kind: 'timed-out' } });
  });
});

test('a controller that one broker cannot reach is asked for by another, and who failed is named', async () => {
  const { open, requests } = fakeWitnesses(threeMinds({}, { 2: { unanswered: ['DescribeQuorum'] } }));
  const view = await lookInFakeTime(open, light);
  expect(view.controller).toEqual({ toldBy: 'quorum', brokerId: 100, unansweredByIds: [2] });
  expect(requests.filter(({ api }) => api === 'DescribeQuorum')).toHaveLength(2);
});

test.each([1_100, 2_500, 9_000])(
  'where all are equally slow (%i ms) nobody is accused who was asked later',
  async (answerMs) => {
    const { open } = fakeWitnesses(threeMinds({ answerMs }));
    const view = await lookInFakeTime(open);
    expect(view.controller).toEqual({ toldBy: 'quorum', brokerId: 100 });
  },
);

test('brokers that advertise one address are one that was reached and others that nobody asked', async () => {
  const brokers = [1, 2, 3].map((id) => listedBroker(id, { host: 'b-1', port: 9_001 }));
  const partitions = [partitionOf(0), partitionOf(1, { leaderId: 2 })];
  const mind: FakeMind = { metadata: { brokers, topics: [topicOf('orders', partitions)] }, groupIds: ['billing'] };
  const { open, requests } = fakeWitnesses({ [serverOf(1)]: mind });
  const view = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(1)] });
  expect(view.brokers.map(({ id, sharesAddressWith, problem }) => [id, sharesAddressWith, problem?.kind])).toEqual([
    [1, [2, 3], undefined],
    [2, [1, 3], 'unsupported'],
    [3, [1, 2], 'unsupported'],
  ]);
  expect(view.brokers.map(({ answerMs }) => answerMs)).toEqual([0, undefined, undefined]);
  expect(view.brokers[1]?.problem?.message).toContain('nobody knows which');
  expect(requests.filter(({ api }) => api === 'ListGroups')).toHaveLength(1);
  expect(view.groups?.map(({ groupId }) => groupId)).toEqual(['billing']);
  expect(view.problems.map(({ what, brokerId }) => [what, brokerId])).toEqual([
    ['groups', 2],
    ['groups', 3],
  ]);
  const [first, second] = view.topics[0]?.partitions ?? [];
  expect(first?.latestOffset).toBe(100n);
  expect(second?.offsetsProblem?.message).toContain('nobody knows which');
  expect(view.witnesses[0]).not.toHaveProperty('brokerId');
});

test('where no advertised address is reached, who described the cluster is a witness all the same', async () => {
  const brokers = [1, 2, 3].map((id) => listedBroker(id, { host: `inside-${id}` }));
  const { open } = fakeWitnesses({ 'boot:9000': { metadata: { brokers } } });
  const view = await lookInFakeTime(open, {}, { bootstrapServers: ['boot:9000'] });
  expect(view.witnesses).toEqual([{ address: 'boot:9000', depth: 'full', brokerIds: [1, 2, 3] }]);
  expect(view.brokers.map(({ problem }) => problem?.kind)).toEqual(['unreachable', 'unreachable', 'unreachable']);
  expect(view.topics.map(({ name }) => name)).toEqual(['orders']);
});

test.each([
  ['port 0', { port: 0 }],
  ['port 70000', { port: 70_000 }],
  ['port −1', { port: -1 }],
  ['no host', { host: '' }],
  ['a NUL in its host', { host: 'b-3\0.example' }],
  ['a line break in its host', { host: 'b-3\nexample' }],
  ['a host of 300 letters', { host: 'b'.repeat(300) }],
])('an address that cannot be is not tried, and is told: %s', async (_name, more) => {
  const brokers = [listedBroker(1), listedBroker(2), listedBroker(3, more)];
  const { open, opened } = fakeWitnesses(threeMinds({ metadata: { brokers } }));
  const view = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(1), serverOf(2)] });
  expect(view.brokers[2]?.problem).toMatchObject({
    kind: 'bad-answer',
    message: expect.stringMatching(/^broker 3 advertises an address that cannot be \(.*\): correct its advertised/),
  });
  expect(opened.sort()).toEqual([serverOf(1), serverOf(2)]);
});

test('an address that must not be connected to is not, whoever lists it, and the broker says why', async () => {
  const brokers = [listedBroker(1), listedBroker(2), listedBroker(3, { host: 'evil.example' })];
  const minds = { ...threeMinds({ metadata: { brokers } }), 'evil.example:9003': { groupIds: ['theirs'] } };
  const { open, opened } = fakeWitnesses(minds);
  const refusalOf = ({ host }: { readonly host: string }) =>
    host.startsWith('b-') ? undefined : `${host} is no host of ours`;
  const view = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(1), serverOf(2)], refusalOf });
  expect(opened).not.toContain('evil.example:9003');
  expect(view.brokers[2]).toMatchObject({
    problem: { kind: 'unsupported', message: 'evil.example is no host of ours' },
    requestCount: 0,
  });
  expect(view.groups).toEqual([]);
  expect(view.problems).toMatchObject([{ what: 'groups', brokerId: 3 }]);
});

test('an id that is listed twice is one broker with a problem, and neither address is asked', async () => {
  const brokers = [listedBroker(1), listedBroker(2), listedBroker(3), listedBroker(3, { host: 'elsewhere' })];
  const { open } = fakeWitnesses(threeMinds({ metadata: { brokers } }));
  const view = await lookInFakeTime(open, {}, { bootstrapServers: [serverOf(1), serverOf(2)] });
  expect(view.brokers.map(({ id, problem }) => [id, problem?.kind])).toEqual([
    [1, undefined],
    [2, undefined],
    [3, 'unsupported'],
  ]);
  expect(view.brokers[2]?.problem?.message).toContain('b-3:9003, elsewhere:9003');
  expect(view.absentBrokerIds).toEqual([]);
});

test('an id that is listed twice at one address is one broker, and nothing is wrong', async () => {
  const brokers = [listedBroker(1), listedBroker(2), listedBroker(3), listedBroker(3)];
  const { open } = fakeWitnesses(threeMinds({ metadata: { brokers } }));
  const view = await lookInFakeTime(open);
  expect(view.brokers.map(({ id, problem }) => [id, problem])).toEqual([1, 2, 3].map((id) => [id, undefined]));
});

test('a partition’s own error is told, and a leader without our listener is not called none', async () => {
  const partitions = [
    partitionOf(0, { errorCode: 72, leaderId: -1 }),
    partitionOf(1, { errorCode: 5, leaderId: -1, inSyncReplicaIds: [] }),
    partitionOf(2, { leaderId: 7 }),
  ];
  const { open } = fakeWitnesses(threeMinds({ metadata: { topics: [topicOf('orders', partitions)] } }));
  const [unlistened, offline, elsewhere] = (await lookInFakeTime(open)).topics[0]?.partitions ?? [];
  expect(unlistened).toMatchObject({
    problem: { kind: 'kafka-error', code: 72 },
    offsetsProblem: { code: 72, message: 'LISTENER_NOT_FOUND (72): no leader is named' },
  });
  expect(unlistened).not.toHaveProperty('leaderId');
  expect(offline).toMatchObject({ problem: { code: 5 }, offsetsProblem: { code: 5 } });
  expect(elsewhere).toMatchObject({
    leaderId: 7,
    offsetsProblem: { code: 5, message: expect.stringContaining('broker 7, is in no list') },
  });
  expect(elsewhere).not.toHaveProperty('problem');
});

test('whether a broker caps the minimum by the number of copies follows from its Fetch', async () => {
  const { open } = fakeWitnesses(
    threeMinds({}, { 1: { fetchVersion: 15 }, 2: { fetchVersion: 16 }, 3: { isRefusing: true } }),
  );
  const view = await lookInFakeTime(open, light, { bootstrapServers: [serverOf(1)] });
  expect(view.brokers.map(({ capsMinIsrByReplicas }) => capsMinIsrByReplicas)).toEqual([false, true, undefined]);
});
