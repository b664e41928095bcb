import type { ConsumerGroup } from '../../../shared/kafka/codecs/consumer-group-describe.ts';
import type { TopicSettings } from '../../../shared/kafka/codecs/describe-configs.ts';
import type { ClassicGroup } from '../../../shared/kafka/codecs/describe-groups.ts';
import type { DescribeLogDirsAnswer } from '../../../shared/kafka/codecs/describe-log-dirs.ts';
import type { Coordinator } from '../../../shared/kafka/codecs/find-coordinator.ts';
import type { ListGroupsAnswer } from '../../../shared/kafka/codecs/list-groups.ts';
import type { ListOffsetsAnswer } from '../../../shared/kafka/codecs/list-offsets.ts';
import type { ReassignmentsAnswer } from '../../../shared/kafka/codecs/list-partition-reassignments.ts';
import type { MetadataAnswer } from '../../../shared/kafka/codecs/metadata.ts';
import type { GroupCommits } from '../../../shared/kafka/codecs/offset-fetch.ts';
import type { WireWriter } from '../../../shared/kafka/wire/writer.ts';

/** Answers as a broker writes them, from what our codecs read: the other half of the protocol, for tests only. */
const ids = (writer: WireWriter, values: readonly number[]) => writer.array(values, (each, id) => each.int32(id));

export const writeMetadata = (writer: WireWriter, answer: MetadataAnswer, version: number): void => {
  writer.int32(0).array(answer.brokers, (each, { id, host, port, rack }) => {
    each.int32(id).string(host).int32(port).nullableString(rack).tags();
  });
  writer.nullableString(answer.clusterId).int32(answer.controllerId);
  writer.array(answer.topics, (each, topic) => {
    each.int16(topic.errorCode).string(topic.name);
    if (version >= 10) each.uuid(topic.topicId);
    each.boolean(topic.isInternal).array(topic.partitions, (one, partition) => {
      one.int16(partition.errorCode).int32(partition.partition).int32(partition.leaderId).int32(partition.leaderEpoch);
      ids(ids(ids(one, partition.replicaIds), partition.inSyncReplicaIds), partition.offlineReplicaIds).tags();
    });
    each.int32(-1).tags();
  });
  if (version <= 10) writer.int32(-1);
  writer.tags();
};

export type QuorumSeed = {
  readonly errorCode: number;
  readonly leaderId: number;
  readonly voterIds: readonly number[];
};

export const writeQuorum = (writer: WireWriter, { errorCode, leaderId, voterIds }: QuorumSeed): void => {
  const replica = (each: WireWriter, id: number) => each.int32(id).int64(99n).tags();
  writer.int16(errorCode).array(['__cluster_metadata'], (topic, name) => {
    topic.string(name).array([0], (one, index) => {
      one.int32(index).int16(0).int32(leaderId).int32(3).int64(99n).array(voterIds, replica).array([], replica).tags();
    });
    topic.tags();
  });
  writer.tags();
};

export const writeListGroups = (writer: WireWriter, answer: ListGroupsAnswer, version: number): void => {
  writer.int32(0).int16(answer.errorCode);
  writer.array(answer.groups, (each, { groupId, protocolType, state, type }) => {
    each.string(groupId).string(protocolType).string(state);
    if (version >= 5) each.string(type ?? '');
    each.tags();
  });
  writer.tags();
};

export const writeDescribeGroups = (writer: WireWriter, groups: readonly ClassicGroup[]): void => {
  writer.int32(0).array(groups, (each, group) => {
    each.int16(group.errorCode).string(group.groupId).string(group.state).string(group.protocolType).string('range');
    each.array(group.members, (one, { memberId, clientId, clientHost, assignment }) => {
      one.string(memberId).nullableString(undefined).string(clientId).string(clientHost);
      one.byteArray(Buffer.from('metadata')).byteArray(assignment).tags();
    });
    each.int32(-1).tags();
  });
  writer.tags();
};

export const writeConsumerGroups = (writer: WireWriter, groups: readonly ConsumerGroup[]): void => {
  const assigned = (each: WireWriter, assignment: ConsumerGroup['members'][number]['assignment']) =>
    each
      .array(assignment, (one, { topic, partitions }) => {
        ids(one.uuid('00000000-0000-0000-0000-000000000009').string(topic), partitions).tags();
      })
      .tags();
  writer.int32(0).array(groups, (each, group) => {
    each.int16(group.errorCode).nullableString(group.errorMessage).string(group.groupId).string(group.state);
    each
      .int32(4)
      .int32(5)
      .string('uniform')
      .array(group.members, (one, member) => {
        one.string(member.memberId).nullableString('instance').nullableString(undefined).int32(2);
        one.string(member.clientId).string(member.clientHost);
        one.array(['subscribed'], (name, topic) => name.string(topic)).nullableString(undefined);
        assigned(assigned(one, member.assignment), []).tags();
      });
    each.int32(-1).tags();
  });
  writer.tags();
};

export const writeOffsetFetch = (writer: WireWriter, groups: readonly GroupCommits[]): void => {
  writer.int32(0).array(groups, (each, { groupId, topics, errorCode }) => {
    each.string(groupId).array(topics, (topic, committed) => {
      topic.string(committed.topic).array(committed.partitions, (one, partition) => {
        one.int32(partition.partition).int64(partition.offset).int32(1).nullableString('note');
        one.int16(partition.errorCode).tags();
      });
      topic.tags();
    });
    each.int16(errorCode).tags();
  });
  writer.tags();
};

export const writeCoordinators = (writer: WireWriter, coordinators: readonly Coordinator[]): void => {
  writer.int32(0).array(coordinators, (each, { groupId, brokerId, errorCode }) => {
    each.string(groupId).int32(brokerId).string('host').int32(9092).int16(errorCode).nullableString(undefined).tags();
  });
  writer.tags();
};

export const writeListOffsets = (writer: WireWriter, topics: ListOffsetsAnswer, version: number): void => {
  writer.int32(0).array(topics, (each, { topic, partitions }) => {
    each.string(topic).array(partitions, (one, { partition, errorCode, offset }) => {
      one.int32(partition).int16(errorCode).int64(-1n).int64(offset);
      if (version >= 4) one.int32(8);
      one.tags();
    });
    each.tags();
  });
  writer.tags();
};

export const writeLogDirs = (writer: WireWriter, answer: DescribeLogDirsAnswer, version: number): void => {
  writer.int32(0);
  if (version >= 3) writer.int16(answer.errorCode);
  writer.array(answer.directories, (each, directory) => {
    each
      .int16(directory.errorCode)
      .string(directory.path)
      .array(directory.topics, (topic, { topic: name, replicas }) => {
        topic.string(name).array(replicas, (one, { partition, sizeBytes, isFuture }) => {
          one.int32(partition).int64(sizeBytes).int64(0n).boolean(isFuture).tags();
        });
        topic.tags();
      });
    if (version >= 4) each.int64(directory.totalBytes ?? -1n).int64(directory.usableBytes ?? -1n);
    each.tags();
  });
  writer.tags();
};

export const writeConfigs = (writer: WireWriter, topics: readonly TopicSettings[], version: number): void => {
  writer.int32(0).array(topics, (each, { errorCode, errorMessage, topic, settings }) => {
    each
      .int16(errorCode)
      .nullableString(errorMessage)
      .int8(2)
      .string(topic)
      .array(settings, (one, { name, value }) => {
        one.string(name).nullableString(value).boolean(false).int8(5).boolean(false);
        one.array(['default'], (synonym, other) => synonym.string(other).nullableString(value).int8(5).tags());
        if (version >= 3) one.int8(1).nullableString(undefined);
        one.tags();
      });
    each.tags();
  });
  writer.tags();
};

/** Each partition under its topic's name anew: readers may not need topics to come once. */
export const writeReassignments = (writer: WireWriter, answer: ReassignmentsAnswer): void => {
  writer.int32(0).int16(answer.errorCode).nullableString(answer.errorMessage);
  writer.array(answer.reassignments, (each, { topic, partition, replicaIds, addingReplicaIds, removingReplicaIds }) => {
    each.string(topic).array([partition], (one, index) => {
      ids(ids(ids(one.int32(index), replicaIds), addingReplicaIds), removingReplicaIds).tags();
    });
    each.tags();
  });
  writer.tags();
};
