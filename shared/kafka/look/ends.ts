import type { LookRequest, ViewProblem } from '../../core/cluster-view.ts';
import { earliestTimestamp, type ListedOffset, latestTimestamp, listOffsets } from '../codecs/list-offsets.ts';
import { type MetadataPartition, type MetadataTopic, metadata } from '../codecs/metadata.ts';
import { kafkaErrorCode, problemOfCode } from '../wire/kafka-error.ts';
import { type AskableLinks, askAnyBroker } from './any-broker.ts';
import type { BrokerLink } from './broker-link.ts';

/** What is known of one partition's ends. Mutable while a look fills it. */
export type Ends = { earliestOffset?: bigint; latestOffset?: bigint; offsetsProblem?: ViewProblem };

/** By topic, then partition. */
export type EndsByPartition = Map<string, Map<number, Ends>>;

type TopicPartitions = { readonly topic: string; readonly partitions: readonly number[] };

const endsOf = (ends: EndsByPartition, topic: string, partition: number): Ends => {
  const byPartition = ends.get(topic) ?? new Map<number, Ends>();
  ends.set(topic, byPartition);
  const known = byPartition.get(partition) ?? {};
  byPartition.set(partition, known);
  return known;
};

const isLeaderMoved = ({ code }: ViewProblem): boolean =>
  code === kafkaErrorCode.notLeaderOrFollower || code === kafkaErrorCode.fencedLeaderEpoch;

const noteProblem = (ends: EndsByPartition, asked: readonly TopicPartitions[], problem: ViewProblem): void => {
  for (const { topic, partitions } of asked) {
    for (const partition of partitions) endsOf(ends, topic, partition).offsetsProblem = problem;
  }
};

const noteOffset = (known: Ends, { errorCode, offset }: ListedOffset, timestamp: bigint): void => {
  if (errorCode !== kafkaErrorCode.none) known.offsetsProblem = problemOfCode(errorCode);
  else if (timestamp === latestTimestamp) known.latestOffset = offset;
  else known.earliestOffset = offset;
};

const askLeader = async (
  link: BrokerLink,
  topics: readonly TopicPartitions[],
  timestamp: bigint,
  ends: EndsByPartition,
): Promise<void> => {
  const reply = await link.ask(listOffsets, { timestamp, topics });
  if (!reply.isAnswered) return noteProblem(ends, topics, reply.problem);
  const isAsked = new Map(topics.map(({ topic, partitions }) => [topic, new Set(partitions)]));
  for (const { topic, partitions } of reply.answer) {
    for (const listed of partitions) {
      if (isAsked.get(topic)?.delete(listed.partition))
        noteOffset(endsOf(ends, topic, listed.partition), listed, timestamp);
    }
  }
  const problem: ViewProblem = { kind: 'bad-answer', message: `broker ${link.brokerId} left this partition out` };
  noteProblem(
    ends,
    [...isAsked].map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
    problem,
  );
};

const partitionsOfLeader = (topics: readonly MetadataTopic[], leaderId: number): readonly TopicPartitions[] =>
  topics
    .map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions.filter((each) => each.leaderId === leaderId).map(({ partition }) => partition),
    }))
    .filter(({ partitions }) => partitions.length > 0);

/** Why there is nobody to ask: the partition's own error says more than that no leader is named. */
const problemOfLeader = ({ errorCode, leaderId }: MetadataPartition): ViewProblem => {
  const { none, leaderNotAvailable } = kafkaErrorCode;
  if (leaderId >= 0) {
    const message = `its leader, broker ${leaderId}, is in no list of brokers`;
    return problemOfCode(errorCode === none ? leaderNotAvailable : errorCode, message);
  }
  if (errorCode === none || errorCode === leaderNotAvailable)
    return problemOfCode(leaderNotAvailable, 'the partition has no leader');
  return problemOfCode(errorCode, 'no leader is named');
};

const askAllLeaders = async (
  links: readonly BrokerLink[],
  topics: readonly MetadataTopic[],
  timestamps: readonly bigint[],
  ends: EndsByPartition,
): Promise<void> => {
  const knownIds = new Set(links.map(({ brokerId }) => brokerId));
  for (const { name, partitions } of topics) {
    for (const partition of partitions) {
      if (partition.leaderId >= 0 && knownIds.has(partition.leaderId)) continue;
      endsOf(ends, name, partition.partition).offsetsProblem = problemOfLeader(partition);
    }
  }
  await Promise.all(
    links.flatMap((link) => {
      const ours = partitionsOfLeader(topics, link.brokerId);
      return ours.length === 0 ? [] : timestamps.map((timestamp) => askLeader(link, ours, timestamp, ends));
    }),
  );
};

/** Asks anew who leads the partitions that were refused with NOT_LEADER_OR_FOLLOWER, and those leaders, once. */
const mendMovedLeaders = async (
  askable: AskableLinks,
  links: readonly BrokerLink[],
  timestamps: readonly bigint[],
  ends: EndsByPartition,
): Promise<void> => {
  const movedByTopic = new Map<string, ReadonlySet<number>>();
  for (const [topic, byPartition] of ends) {
    const moved = [...byPartition].filter(([, { offsetsProblem }]) => offsetsProblem && isLeaderMoved(offsetsProblem));
    if (moved.length > 0) movedByTopic.set(topic, new Set(moved.map(([partition]) => partition)));
  }
  if (movedByTopic.size === 0) return;
  const { reply } = await askAnyBroker(askable, metadata, { topics: [...movedByTopic.keys()] });
  if (!reply?.isAnswered) return;
  const moved = reply.answer.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.filter(({ partition }) => movedByTopic.get(topic.name)?.has(partition)),
  }));
  for (const { name, partitions } of moved) {
    for (const { partition } of partitions) delete endsOf(ends, name, partition).offsetsProblem;
  }
  await askAllLeaders(links, moved, timestamps, ends);
};

/** The ends of every partition, from its leader; one request a broker and end. */
export const fetchEnds = async (
  askable: AskableLinks,
  links: readonly BrokerLink[],
  topics: readonly MetadataTopic[],
  wanted: LookRequest['ends'],
): Promise<EndsByPartition> => {
  const ends: EndsByPartition = new Map();
  if (wanted === 'none') return ends;
  const timestamps = wanted === 'both' ? [latestTimestamp, earliestTimestamp] : [latestTimestamp];
  await askAllLeaders(links, topics, timestamps, ends);
  await mendMovedLeaders(askable, links, timestamps, ends);
  return ends;
};
