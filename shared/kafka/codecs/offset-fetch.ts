import type { Codec } from '../wire/codec.ts';

/** `offset` −1 means that nothing is committed: it is no number to add. */
export type CommittedPartition = {
  readonly partition: number;
  readonly offset: bigint;
  readonly errorCode: number;
};

export type GroupCommits = {
  readonly groupId: string;
  readonly errorCode: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly CommittedPartition[] }[];
};

/** OffsetFetch (9), version 8: everything that many groups have committed, in one request (KIP-709). Asks for all topics. */
export const offsetFetch: Codec<{ readonly groupIds: readonly string[] }, readonly GroupCommits[]> = {
  name: 'OffsetFetch',
  key: 9,
  minVersion: 8,
  maxVersion: 8,
  flexibleFrom: 6,
  encode: (writer, { groupIds }) => {
    writer
      .array(groupIds, (each, groupId) => each.string(groupId).nullArray().tags())
      .boolean(false) // require stable: pending transactions do not hide commits
      .tags();
  },
  decode: (reader) => {
    reader.int32(); // throttle time
    const groups = reader.array((group): GroupCommits => {
      const groupId = group.string();
      const topics = group.array((each) => {
        const topic = each.string();
        const partitions = each.array((committed): CommittedPartition => {
          const partition = committed.int32();
          const offset = committed.int64();
          committed.int32(); // leader epoch
          committed.nullableString(); // metadata
          const errorCode = committed.int16();
          committed.tags();
          return { partition, offset, errorCode };
        });
        each.tags();
        return { topic, partitions };
      });
      const errorCode = group.int16();
      group.tags();
      return { groupId, errorCode, topics };
    });
    reader.tags();
    return groups;
  },
};
