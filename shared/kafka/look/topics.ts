import type { ClusterView, PartitionView, TopicView } from '../../core/cluster-view.ts';
import type { MetadataPartition, MetadataTopic } from '../codecs/metadata.ts';
import { problemUnlessNone } from '../wire/kafka-error.ts';
import type { AgreedTopic } from './agreed-topics.ts';
import type { Ends, EndsByPartition } from './ends.ts';
import type { Moving, Reassignments } from './reassignments.ts';
import type { ListedBroker } from './testimony.ts';

const movingReplicas = ({ replicaIds }: MetadataPartition, moving: Moving | undefined) => {
  const adding = moving?.addingReplicaIds.filter((id) => replicaIds.includes(id)) ?? [];
  const removing = moving?.removingReplicaIds.filter((id) => replicaIds.includes(id)) ?? [];
  return {
    ...(adding.length === 0 ? {} : { addingReplicaIds: adding }),
    ...(removing.length === 0 ? {} : { removingReplicaIds: removing }),
  };
};

const composePartition = (
  partition: MetadataPartition,
  ends: Ends | undefined,
  moving: Moving | undefined,
): PartitionView => {
  const problem = problemUnlessNone(partition.errorCode);
  return {
    partition: partition.partition,
    ...(partition.leaderId < 0 ? {} : { leaderId: partition.leaderId }),
    ...(partition.leaderEpoch < 0 ? {} : { leaderEpoch: partition.leaderEpoch }),
    ...(problem === undefined ? {} : { problem }),
    replicaIds: partition.replicaIds,
    inSyncReplicaIds: partition.inSyncReplicaIds,
    offlineReplicaIds: partition.offlineReplicaIds,
    ...movingReplicas(partition, moving),
    ...ends,
  };
};

/** What was learnt of topics beside Metadata. */
export type TopicFacts = {
  readonly ends: EndsByPartition;
  readonly settingsByTopic: ReadonlyMap<string, Pick<TopicView, 'settings' | 'settingsProblem'>>;
  readonly movingByTopic: Reassignments['movingByTopic'];
};

const composeTopic = (topic: AgreedTopic, { ends, settingsByTopic, movingByTopic }: TopicFacts): TopicView => {
  const problem = problemUnlessNone(topic.errorCode) ?? topic.doubt;
  const endsByPartition = ends.get(topic.name);
  const moving = movingByTopic.get(topic.name);
  return {
    name: topic.name,
    ...(topic.topicId === undefined ? {} : { topicId: topic.topicId }),
    isInternal: topic.isInternal,
    partitions: topic.partitions
      .map((each) => composePartition(each, endsByPartition?.get(each.partition), moving?.get(each.partition)))
      .sort((left, right) => left.partition - right.partition),
    ...settingsByTopic.get(topic.name),
    ...(problem === undefined ? {} : { problem }),
  };
};

/** Topics and partitions in a stable order, with all that was learnt of them. */
export const composeTopics = (topics: readonly AgreedTopic[], facts: TopicFacts): readonly TopicView[] =>
  topics.map((topic) => composeTopic(topic, facts)).sort((left, right) => (left.name < right.name ? -1 : 1));

/** Brokers that are expected or hold a replica, and that are not in the list that stands. */
export const absentBrokerIds = (
  brokers: readonly ListedBroker[],
  topics: readonly MetadataTopic[],
  expectedIds: readonly number[],
): readonly number[] => {
  const ids = new Set(expectedIds);
  for (const { partitions } of topics) {
    for (const { replicaIds } of partitions) for (const id of replicaIds) ids.add(id);
  }
  for (const { id } of brokers) ids.delete(id);
  return [...ids].sort((left, right) => left - right);
};

const groupStore = '__consumer_offsets';

/**
 * Groups live in partitions of one internal topic, each at its leader: those of a partition whose leader is not named, or in
 * no list of brokers, are in no broker's list of groups.
 */
export const hiddenGroupsProblem = (
  topics: readonly MetadataTopic[],
  brokers: readonly ListedBroker[],
): ClusterView['problems'] => {
  const listedIds = new Set(brokers.map(({ id }) => id));
  const store = topics.find(({ name }) => name === groupStore);
  const hidden = store?.partitions.filter(({ leaderId }) => !listedIds.has(leaderId)) ?? [];
  if (hidden.length === 0) return [];
  const named = hidden
    .map(({ partition }) => partition)
    .sort((left, right) => left - right)
    .join(', ');
  const message = `partitions ${named} of ${groupStore} have no leader that is listed: the groups kept there are not listed`;
  return [{ what: 'groups', problem: { kind: 'kafka-error', message } }];
};
