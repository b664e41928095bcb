import type { Codec } from '../wire/codec.ts';
import type { WireReader } from '../wire/reader.ts';

/** `leaderId` is the active KRaft controller's id; MSK gives controllers ids that no broker has. */
export type QuorumAnswer = {
  readonly errorCode: number;
  readonly partitionErrorCode: number | undefined;
  readonly leaderId: number | undefined;
  readonly voterIds: readonly number[];
};

const readReplica = (reader: WireReader) => {
  const id = reader.int32();
  reader.int64(); // log end offset
  reader.tags();
  return id;
};

/**
 * DescribeQuorum (55), version 0, for the one partition of `__cluster_metadata` (KIP-595). Brokers forward it to the
 * active controller; a cluster with ZooKeeper does not list the API.
 */
export const describeQuorum: Codec<Record<never, never>, QuorumAnswer> = {
  name: 'DescribeQuorum',
  key: 55,
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: (writer) => {
    writer
      .array(['__cluster_metadata'], (topic, name) => {
        topic.string(name).array([0], (partition, index) => partition.int32(index).tags());
        topic.tags();
      })
      .tags();
  },
  decode: (reader) => {
    const errorCode = reader.int16();
    const topics = reader.array((topic) => {
      topic.string(); // name
      const partitions = topic.array((partition) => {
        partition.int32(); // index
        const partitionErrorCode = partition.int16();
        const leaderId = partition.int32();
        partition.int32(); // leader epoch
        partition.int64(); // high watermark
        const voterIds = partition.array(readReplica);
        partition.array(readReplica); // observers
        partition.tags();
        return { partitionErrorCode, leaderId, voterIds };
      });
      topic.tags();
      return partitions;
    });
    reader.tags();
    const first = topics[0]?.[0];
    return {
      errorCode,
      partitionErrorCode: first?.partitionErrorCode,
      leaderId: first?.leaderId,
      voterIds: first?.voterIds ?? [],
    };
  },
};
