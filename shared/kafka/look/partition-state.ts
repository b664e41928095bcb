import { isSameList } from '../../core/same-list.ts';
import type { MetadataPartition, MetadataTopic } from '../codecs/metadata.ts';

/** Two words on one partition, by the letter; those that differ in the order of ids alone are told apart by `stateOf`. */
export const isSameWord = (left: MetadataPartition, right: MetadataPartition): boolean =>
  left.partition === right.partition &&
  left.leaderEpoch === right.leaderEpoch &&
  left.leaderId === right.leaderId &&
  left.errorCode === right.errorCode &&
  isSameList(left.inSyncReplicaIds, right.inSyncReplicaIds) &&
  isSameList(left.replicaIds, right.replicaIds) &&
  isSameList(left.offlineReplicaIds, right.offlineReplicaIds);

const sorted = (ids: readonly number[]): readonly number[] => ids.toSorted((left, right) => left - right);

/** A partition's state as one text, whatever the order in which copies are named; of two texts the worse one is first. */
export const stateOf = (partition: MetadataPartition): string => {
  const { errorCode, leaderId, replicaIds, inSyncReplicaIds, offlineReplicaIds } = partition;
  return JSON.stringify([
    String(inSyncReplicaIds.length).padStart(4, '0'),
    sorted(inSyncReplicaIds),
    leaderId,
    errorCode,
    replicaIds,
    sorted(offlineReplicaIds),
  ]);
};

const isSameState = (left: MetadataPartition, right: MetadataPartition): boolean =>
  isSameWord(left, right) || (left.leaderEpoch === right.leaderEpoch && stateOf(left) === stateOf(right));

/** True where two brokers say the same of a topic and all of its partitions. */
export const isSameTopic = (left: MetadataTopic, right: MetadataTopic): boolean => {
  if (left.topicId !== right.topicId || left.partitions.length !== right.partitions.length) return false;
  if (left.partitions.every((each, index) => isSameWord(each, right.partitions[index] ?? each))) return true;
  const theirs = new Map(right.partitions.map((each) => [each.partition, each]));
  return left.partitions.every((each) => {
    const their = theirs.get(each.partition);
    return their !== undefined && isSameState(each, their);
  });
};
