import type { Codec } from '../wire/codec.ts';

/** The protocol's reserved timestamps. */
export const latestTimestamp = -1n;
export const earliestTimestamp = -2n;

/** `timestamp` asks for the first offset at or after that time (ms since 1970), or is a reserved one. */
export type ListOffsetsRequest = {
  readonly timestamp: bigint;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
};

/** `offset` is −1 where no record is that young. */
export type ListedOffset = { readonly partition: number; readonly errorCode: number; readonly offset: bigint };

export type ListOffsetsAnswer = readonly { readonly topic: string; readonly partitions: readonly ListedOffset[] }[];

/**
 * ListOffsets (2), versions 3–7, one timestamp for all partitions; only a partition's leader answers. The latest offset
 * is the high watermark (read uncommitted), as the official tools show it. A broker refuses a partition named twice, so
 * both ends are two requests.
 */
export const listOffsets: Codec<ListOffsetsRequest, ListOffsetsAnswer> = {
  name: 'ListOffsets',
  key: 2,
  minVersion: 3,
  maxVersion: 7,
  flexibleFrom: 6,
  encode: (writer, { timestamp, topics }, version) => {
    writer
      .int32(-1) // replica id: a client
      .int8(0) // isolation level: read uncommitted
      .array(topics, (each, { topic, partitions }) => {
        each.string(topic).array(partitions, (one, partition) => {
          one.int32(partition);
          if (version >= 4) one.int32(-1); // current leader epoch: not known
          one.int64(timestamp).tags();
        });
        each.tags();
      })
      .tags();
  },
  decode: (reader, version) => {
    reader.int32(); // throttle time
    const topics = reader.array((each) => {
      const topic = each.string();
      const partitions = each.array((one): ListedOffset => {
        const partition = one.int32();
        const errorCode = one.int16();
        one.int64(); // timestamp
        const offset = one.int64();
        if (version >= 4) one.int32(); // leader epoch
        one.tags();
        return { partition, errorCode, offset };
      });
      each.tags();
      return { topic, partitions };
    });
    reader.tags();
    return topics;
  },
};
