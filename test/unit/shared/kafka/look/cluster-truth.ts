import fc from 'fast-check';
import type { MetadataAnswer, MetadataPartition, MetadataTopic } from '../../../../../shared/kafka/codecs/metadata.ts';
import {
  type FakeMind,
  listedBroker,
  metadataOf,
  partitionOf,
  topicOf,
} from '../../../../support/kafka/fake-witnesses.ts';

/** How one broker is not like the others. */
const oddities = [
  'behind',
  'behind and cut off',
  'starting',
  'slow',
  'silent',
  'silent after Metadata',
  'dead',
  'filtered',
  'of another cluster',
  'none',
] as const;
type Oddity = (typeof oddities)[number];

/** A cluster as it is, and one broker of it that knows or does something else. */
export type Truth = {
  readonly ids: readonly number[];
  readonly answer: MetadataAnswer;
  readonly oddId: number;
  readonly oddity: Oddity;
  readonly odd: FakeMind;
};

const partition = (replicaIds: readonly number[], index: number): fc.Arbitrary<MetadataPartition> =>
  fc
    .record({
      inSyncReplicaIds: fc.subarray([...replicaIds], { minLength: 1 }),
      leaderEpoch: fc.integer({ min: 3, max: 9 }),
      isOffline: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
    })
    .map(({ inSyncReplicaIds, leaderEpoch, isOffline }) =>
      partitionOf(index, {
        replicaIds,
        leaderEpoch,
        ...(isOffline
          ? { leaderId: -1, errorCode: 5, inSyncReplicaIds: [] }
          : { leaderId: inSyncReplicaIds[0] ?? -1, inSyncReplicaIds }),
      }),
    );

const topicsOf = (liveIds: readonly number[]): fc.Arbitrary<readonly MetadataTopic[]> =>
  fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
    .chain((counts) =>
      fc.tuple(
        ...counts.map((count, index) =>
          fc
            .tuple(...Array.from({ length: count }, (_, each) => partition(liveIds, each)))
            .map((partitions) => topicOf(`topic${'-'.repeat(index)}`, partitions)),
        ),
      ),
    );

/** What was before: elections that it did not hear of, copies that it thinks in sync, a topic that is gone, one not there yet. */
const before = (
  { topics, brokers }: MetadataAnswer,
  ids: readonly number[],
  drawn: number,
): Partial<MetadataAnswer> => {
  const old = topics.map((topic, place) => ({
    ...topic,
    partitions: topic.partitions.map((each, index) => {
      const isElected = (drawn + place + index) % 2 === 0;
      return partitionOf(each.partition, {
        replicaIds: each.replicaIds,
        leaderEpoch: each.leaderEpoch - (isElected ? 1 : 0),
        leaderId: isElected || each.leaderId < 0 ? (each.replicaIds.at(-1) ?? -1) : each.leaderId,
      });
    }),
  }));
  const known = drawn % 3 === 0 ? [...old, topicOf('a-topic-that-is-gone')] : drawn % 3 === 1 ? old.slice(1) : old;
  return { topics: known, brokers: drawn % 5 === 0 ? brokers : ids.map((id) => listedBroker(id)) };
};

/** All that a broker is asked once it told who it is. */
export const afterMetadata = [
  'DescribeQuorum',
  'ListGroups',
  'ListOffsets',
  'DescribeLogDirs',
  'DescribeConfigs',
  'ListPartitionReassignments',
];

const oddMind = (oddity: Oddity, truth: MetadataAnswer, ids: readonly number[], drawn: number): FakeMind => {
  switch (oddity) {
    case 'behind':
      return { metadata: before(truth, ids, drawn) };
    case 'behind and cut off':
      return {
        metadata: before(truth, ids, drawn),
        unanswered: ['DescribeQuorum', 'ListPartitionReassignments'],
      };
    case 'starting':
      return { metadata: { brokers: [], topics: [], controllerId: -1 } };
    case 'slow':
      return { connectMs: 3_500 };
    case 'silent':
      return { unanswered: 'all' };
    case 'silent after Metadata':
      return { unanswered: afterMetadata };
    case 'dead':
      return { isRefusing: true };
    case 'filtered':
      return { hiddenTopics: truth.topics.slice(drawn % 2).map(({ name }) => name) };
    case 'of another cluster':
      return {
        metadata: metadataOf({
          clusterId: 'theirs',
          brokers: ids.map((id) => listedBroker(id, drawn % 2 === 0 ? {} : { host: 'theirs' })),
          topics: [topicOf('their-topic')],
        }),
        groupIds: ['their-group'],
      };
    case 'none':
      return {};
    default:
      return oddity satisfies never;
  }
};

/** Three to five brokers; where one is behind, it is fenced: no leader, in no set of copies in sync, perhaps in no list. */
export const anyTruth: fc.Arbitrary<Truth> = fc
  .record({
    count: fc.integer({ min: 3, max: 5 }),
    oddity: fc.constantFrom(...oddities),
    odd: fc.nat(),
    drawn: fc.nat(60),
    isListed: fc.boolean(),
  })
  .chain(({ count, oddity, odd, drawn, isListed }) => {
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    const oddId = (odd % count) + 1;
    const isFenced = oddity.startsWith('behind');
    const others = ids.filter((id) => id !== oddId);
    return topicsOf(isFenced ? others : ids).map((topics): Truth => {
      const listedIds = isFenced && !isListed ? others : ids;
      const answer = metadataOf({ brokers: listedIds.map((id) => listedBroker(id)), topics });
      return { ids, answer, oddId, oddity, odd: oddMind(oddity, answer, ids, drawn) };
    });
  });

/** What may be wrong with every broker at once: nobody can be believed then, and the look must end all the same. */
const anyMind = (truth: MetadataAnswer, ids: readonly number[]): fc.Arbitrary<FakeMind> =>
  fc
    .record({
      oddity: fc.constantFrom(...oddities),
      drawn: fc.nat(60),
      connectMs: fc.constantFrom(0, 0, 700, 4_000, 60_000),
      answerMs: fc.constantFrom(0, 0, 300, 2_500, 60_000),
    })
    .map(({ oddity, drawn, ...pace }) => ({ ...pace, metadata: truth, ...oddMind(oddity, truth, ids, drawn) }));

/** A cluster each of whose brokers may be odd in a way of its own. */
export const anyTrouble: fc.Arbitrary<{ readonly ids: readonly number[]; readonly minds: readonly FakeMind[] }> =
  anyTruth.chain(({ ids, answer }) =>
    fc.tuple(...ids.map(() => anyMind(answer, ids))).map((minds) => ({ ids, minds })),
  );
