import { describe, expect, test } from 'vitest';
import {
  type FakeMind,
  fakeWitnesses,
  listedBroker,
  partitionOf,
  serverOf,
  topicOf,
} from '../../../../support/kafka/fake-witnesses.ts';
import { lookInFakeTime, useFakeTime } from './look-under-test.ts';

useFakeTime();

const idsOf = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Every broker leads a partition and coordinates groups of both protocols that no listing tells apart. */
const clusterOf = (count: number, own: Readonly<Record<number, FakeMind>> = {}, isLate = false) => {
  const ids = idsOf(count);
  const partitions = ids.map((id, index) =>
    partitionOf(index, { replicaIds: [id, (id % count) + 1], ...(isLate ? { inSyncReplicaIds: [id] } : {}) }),
  );
  const metadata = { brokers: ids.map((id) => listedBroker(id)), topics: [topicOf('orders', partitions)] };
  return Object.fromEntries(
    ids.map((id) => [
      serverOf(id),
      { groupIds: [`group-${id}`], ...own[id], metadata: { ...metadata, ...own[id]?.metadata } },
    ]),
  );
};

const budgetOf = (count: number) => 8 * count + 6;

/** Everything there is to ask, a hidden topic and one that is not there by name. */
const everything = { topicNames: ['secret', 'never'] };

const lookAt = async (count: number, minds: Readonly<Record<string, FakeMind>>) => {
  const fake = fakeWitnesses(minds);
  const expectedBrokerIds = idsOf(count);
  const view = await lookInFakeTime(fake.open, { ...everything, expectedBrokerIds });
  return { view, ...fake };
};

describe.each([3, 30, 60])('with %d brokers', (count) => {
  test('a full look of a healthy cluster costs at most 8 requests a broker and 6 a cluster', async () => {
    const { view, requests, openCount } = await lookAt(count, clusterOf(count));
    expect(view.brokers).toHaveLength(count);
    expect(view.groups).toHaveLength(count);
    expect(requests.length).toBeLessThanOrEqual(budgetOf(count));
    expect(openCount()).toBe(0);
    // The numbers that a view tells are those of its brokers.
    const told = Object.values(view.requestCountByApi).reduce((sum, each) => sum + each, 0);
    expect(told).toBe(requests.length);
    expect(view.brokers.reduce((sum, { requestCount }) => sum + requestCount, 0)).toBe(requests.length);
  });

  // Who refuses as no leader any more is asked after once more: one Metadata, and both ends of its new leader.
  const movedCost = 3;
  test.each<readonly [string, Readonly<Record<number, FakeMind>>, number]>([
    ['is dead', { 1: { isRefusing: true } }, 0],
    ['hangs while it is connected to', { 1: { connectMs: 60_000 } }, 0],
    ['lets us in and answers nothing', { 1: { unanswered: 'all' } }, 0],
    ['lists a broker less', { 1: { metadata: { brokers: idsOf(count - 1).map((id) => listedBroker(id)) } } }, 0],
    ['has not learnt yet who is there', { 1: { metadata: { brokers: [], topics: [] } } }, movedCost],
    ['cannot reach the controller', { 1: { unanswered: ['DescribeQuorum', 'ListPartitionReassignments'] } }, 0],
  ])('nor does one cost more whose copies are late and of which one broker %s', async (_name, own, more) => {
    const { view, requests, openCount } = await lookAt(count, clusterOf(count, own, true));
    expect(view.topics[0]?.partitions).toHaveLength(count);
    expect(requests.length).toBeLessThanOrEqual(budgetOf(count) + more);
    expect(openCount()).toBe(0);
  });

  test('a light look costs one request a broker and one a cluster', async () => {
    const fake = fakeWitnesses(clusterOf(count));
    await lookInFakeTime(fake.open, {
      groups: false,
      commits: false,
      ends: 'none',
      logDirectories: false,
      topicSettings: [],
    });
    expect(fake.requests).toHaveLength(count + 1);
  });
});
