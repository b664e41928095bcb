import { expect, test } from 'vitest';
import {
  type FakeMind,
  fakeWitnesses,
  listedBroker,
  serverOf,
  threeMinds,
  topicOf,
} from '../../../../support/kafka/fake-witnesses.ts';
import { lookInFakeTime, useFakeTime } from './look-under-test.ts';

useFakeTime();

const light = { groups: false, commits: false, ends: 'none', logDirectories: false, topicSettings: [] } as const;

/** Topics asked for by name, as their list and what no list had. */
const lookFor = async (minds: Readonly<Record<string, FakeMind>>, topicNames: readonly string[]) => {
  const { open, requests } = fakeWitnesses(minds);
  const servers = Object.keys(minds).slice(0, 3);
  const view = await lookInFakeTime(open, { ...light, topicNames }, { bootstrapServers: servers });
  return { view, metadataCount: requests.filter(({ api }) => api === 'Metadata').length };
};

test('a topic that is hidden is denied, and one that nobody knows is not there', async () => {
  const { view } = await lookFor(threeMinds({ hiddenTopics: ['secret'] }), ['orders', 'secret', 'never', '__proto__']);
  expect(view.topics.map(({ name }) => name)).toEqual(['orders']);
  expect(view.unlistedTopics?.map(({ name, problem }) => [name, problem.kind, problem.code])).toEqual([
    ['secret', 'denied', 29],
    ['never', 'kafka-error', 3],
    ['__proto__', 'kafka-error', 3],
  ]);
});

test('names that are listed cost nothing more', async () => {
  const { view, metadataCount } = await lookFor(threeMinds({}), ['orders', 'orders']);
  expect(view).not.toHaveProperty('unlistedTopics');
  expect(metadataCount).toBe(3);
});

test('a topic that one of two brokers describes when it is asked by name is there', async () => {
  const topics = [topicOf('orders'), topicOf('fresh')];
  // Two full lists without it and one with it: only whom it is asked of by name knows it.
  const { view } = await lookFor(
    threeMinds({}, { 3: { metadata: { topics } }, 2: { metadata: { topics } }, 1: { hiddenTopics: ['fresh'] } }),
    ['fresh'],
  );
  expect(view.topics.map(({ name }) => name)).toEqual(['fresh', 'orders']);
});

test('where the second broker does not answer, that a topic is not there stays a doubt', async () => {
  const minds = threeMinds({}, { 2: { isRefusing: true }, 3: { isRefusing: true } });
  const { view } = await lookFor(minds, ['never']);
  expect(view.unlistedTopics).toMatchObject([{ name: 'never', problem: { kind: 'unreachable' } }]);
  expect(view.unlistedTopics?.[0]?.problem).not.toHaveProperty('code');
  expect(view.unlistedTopics?.[0]?.problem.message).toContain('no second one said so');
});

test('where the cluster has one broker its word is all there is', async () => {
  const { view } = await lookFor({ [serverOf(1)]: { metadata: { brokers: [listedBroker(1)] } } }, ['never']);
  expect(view.unlistedTopics).toMatchObject([{ name: 'never', problem: { kind: 'kafka-error', code: 3 } }]);
});
