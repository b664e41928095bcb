import type { Codec } from '../../shared/kafka/wire/codec.ts';

export type OffsetCommitRequest = {
  readonly groupId: string;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
  readonly offset: bigint;
};

/** Error codes of all partitions that were refused. */
export type OffsetCommitAnswer = { readonly errorCodes: readonly number[] };

/**
 * OffsetCommit (8), version 7, outside of any generation: makes a group of commits without a consumer. Only for filling a
 * cluster to measure on.
 */
export const offsetCommit: Codec<OffsetCommitRequest, OffsetCommitAnswer> = {
  name: 'OffsetCommit',
  key: 8,
  minVersion: 7,
  maxVersion: 7,
  flexibleFrom: 8,
  encode: (writer, { groupId, topics, offset }) => {
    writer
      .string(groupId)
      .int32(-1) // generation: none
      .string('') // member: none
      .nullableString(undefined) // group instance id
      .array(topics, (each, { topic, partitions }) => {
        each.string(topic).array(partitions, (one, partition) => {
          one.int32(partition).int64(offset).int32(-1).nullableString(undefined);
        });
      });
  },
  decode: (reader) => {
    reader.int32(); // throttle time
    const codes = reader.array((topic) => {
      topic.string();
      return topic.array((partition) => {
        partition.int32();
        return partition.int16();
      });
    });
    return { errorCodes: codes.flat().filter((code) => code !== 0) };
  },
};
