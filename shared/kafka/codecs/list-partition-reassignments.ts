import type { Codec } from '../wire/codec.ts';
import type { WireReader } from '../wire/reader.ts';

type PartitionReassignment = {
  readonly topic: string;
  readonly partition: number;
  /** All copies, those that come and those that go among them. */
  readonly replicaIds: readonly number[];
  readonly addingReplicaIds: readonly number[];
  readonly removingReplicaIds: readonly number[];
};

export type ReassignmentsAnswer = {
  readonly errorCode: number;
  readonly errorMessage: string | undefined;
  readonly reassignments: readonly PartitionReassignment[];
};

const readId = (reader: WireReader) => reader.int32();

/**
 * ListPartitionReassignments (46), version 0: every reassignment under way (KIP-455). With KRaft any broker hands it on to
 * the active controller; with ZooKeeper the controller alone answers, others say NOT_CONTROLLER.
 */
export const listPartitionReassignments: Codec<{ readonly timeoutMs: number }, ReassignmentsAnswer> = {
  name: 'ListPartitionReassignments',
  key: 46,
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: (writer, { timeoutMs }) => {
    writer.int32(timeoutMs).nullArray().tags();
  },
  decode: (reader) => {
    reader.int32(); // throttle time
    const errorCode = reader.int16();
    const errorMessage = reader.nullableString();
    const topics = reader.array((each) => {
      const topic = each.string();
      const partitions = each.array((one): PartitionReassignment => {
        const partition = one.int32();
        const replicaIds = one.array(readId);
        const addingReplicaIds = one.array(readId);
        const removingReplicaIds = one.array(readId);
        one.tags();
        return { topic, partition, replicaIds, addingReplicaIds, removingReplicaIds };
      });
      each.tags();
      return partitions;
    });
    reader.tags();
    return { errorCode, errorMessage, reassignments: topics.flat() };
  },
};
