import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeClusterView, encodeClusterView } from '../../../../../shared/kafka/view/payload.ts';
import { cases } from '../../../../support/depth.ts';
import { fakeWitnesses, partitionOf, serverOf, threeMinds, topicOf } from '../../../../support/kafka/fake-witnesses.ts';
import { anyTrouble } from './cluster-truth.ts';
import { lookInFakeTime, useFakeTime } from './look-under-test.ts';

useFakeTime();

/** What fake time moves on by at a time. */
const tickMs = 50;

test('whatever is wrong with every broker at once, a look ends by its deadline, closes all, and travels home', async () => {
  const deadline = fc.integer({ min: 100, max: 20_000 });
  await fc.assert(
    fc.asyncProperty(anyTrouble, deadline, fc.boolean(), async ({ ids, minds }, deadlineMs, isFull) => {
      const fake = fakeWitnesses(Object.fromEntries(ids.map((id, index) => [serverOf(id), minds[index] ?? {}])));
      const startedMs = Date.now();
      const light = { groups: false, commits: false, ends: 'none', logDirectories: false, topicSettings: [] } as const;
      const view = await lookInFakeTime(
        fake.open,
        { ...(isFull ? {} : light), topicNames: ['topic', 'never'], expectedBrokerIds: ids },
        { bootstrapServers: ids.slice(0, 3).map(serverOf), deadlineAtMs: startedMs + deadlineMs },
      );
      expect(Date.now() - startedMs).toBeLessThanOrEqual(deadlineMs + 2 * tickMs);
      expect(fake.openCount()).toBe(0);
      expect(decodeClusterView(encodeClusterView(view))).toEqual(view);
      // Nobody described the cluster, or somebody did and is named.
      expect(view.problems.some(({ what }) => what === 'metadata')).toBe(view.witnesses.length === 0);
      if (view.witnesses.length === 0) expect({ ...view, ...{ brokers: [], topics: [] } }).toEqual(view);
      for (const { answerMs, problem } of view.brokers) expect(answerMs === undefined).toBe(problem !== undefined);
    }),
    cases(60, 2_000),
  );
});

const lateTopics = [topicOf('orders', [partitionOf(0, { inSyncReplicaIds: [1] })])];

const apis = [
  'Metadata',
  'DescribeQuorum',
  'ListPartitionReassignments',
  'ListGroups',
  'DescribeGroups',
  'ConsumerGroupDescribe',
  'OffsetFetch',
  'ListOffsets',
  'DescribeLogDirs',
  'DescribeConfigs',
];

test.each(apis)(
  'a fault of ours in %s is thrown, not told as a problem of the cluster, and all is closed',
  async (api) => {
    const fake = fakeWitnesses(threeMinds({ groupIds: ['billing'], metadata: { topics: lateTopics } }));
    const open: typeof fake.open = async (options) => {
      const connection = await fake.open(options);
      return {
        ...connection,
        ask: async (codec, request, timeoutMs) => {
          if (codec.name === api) throw new TypeError('a defect');
          return connection.ask(codec, request, timeoutMs);
        },
      };
    };
    await expect(lookInFakeTime(open)).rejects.toThrow('a defect');
    expect(fake.openCount()).toBe(0);
  },
);
