import type { ClusterView, PartitionView, TopicView } from '../../core/cluster-view.ts';
import type { MetadataAnswer, MetadataPartition, MetadataTopic } from '../codecs/metadata.ts';
import { problemUnlessNone } from '../wire/kafka-error.ts';
import type { Ends, EndsByPartition } from './ends.ts';

const composePartition = (partition: MetadataPartition, ends: Ends | undefined): PartitionView => ({
  partition: partition.partition,
  ...(partition.leaderId < 0 ? {} : { leaderId: partition.leaderId }),
  replicaIds: partition.replicaIds,
  inSyncReplicaIds: partition.inSyncReplicaIds,
  offlineReplicaIds: partition.offlineReplicaIds,
  ...ends,
});

const composeTopic = (
  topic: MetadataTopic,
  ends: EndsByPartition,
  settings: Pick<TopicView, 'settings' | 'settingsProblem'> | undefined,
): TopicView => {
  const problem = problemUnlessNone(topic.errorCode);
  const endsByPartition = ends.get(topic.name);
  return {
    name: topic.name,
    ...(topic.topicId === undefined ? {} : { topicId: topic.topicId }),
    isInternal: topic.isInternal,
    partitions: topic.partitions
      .map((partition) => composePartition(partition, endsByPartition?.get(partition.partition)))
      .sort((left, right) => left.partition - right.partition),
    ...settings,
    ...(problem === undefined ? {} : { problem }),
  };
};

/** Topics and partitions in a stable order, with all that was learnt of them. */
export const composeTopics = (
  topics: readonly MetadataTopic[],
  ends: EndsByPartition,
  settingsByTopic: ReadonlyMap<string, Pick<TopicView, 'settings' | 'settingsProblem'>>,
): readonly TopicView[] =>
  topics
    .map((topic) => composeTopic(topic, ends, settingsByTopic.get(topic.name)))
    .sort((left, right) => (left.name < right.name ? -1 : 1));

/** Brokers that are expected or hold a replica, and that Metadata does not list. */
export const absentBrokerIds = (answer: MetadataAnswer, expectedIds: readonly number[]): readonly number[] => {
  const ids = new Set(expectedIds);
  for (const { partitions } of answer.topics) {
    for (const { replicaIds } of partitions) for (const id of replicaIds) ids.add(id);
  }
  for (const { id } of answer.brokers) ids.delete(id);
  return [...ids].sort((left, right) => left - right);
};

const groupStore = '__consumer_offsets';

/** Groups live in partitions of one internal topic: those of a partition without a leader are in no broker's list. */
export const hiddenGroupsProblem = (topics: readonly MetadataTopic[]): ClusterView['problems'] => {
  const store = topics.find(({ name }) => name === groupStore);
  const offline = store?.partitions.filter(({ leaderId }) => leaderId < 0).map(({ partition }) => partition) ?? [];
  if (offline.length === 0) return [];
  const named = offline.sort((left, right) => left - right).join(', ');
  const message = `partitions ${named} of ${groupStore} have no leader: the groups kept there are not listed`;
  return [{ what: 'groups', problem: { kind: 'kafka-error', message } }];
};
