import type { Codec } from '../wire/codec.ts';

type LogDirectoryReplica = {
  readonly partition: number;
  readonly sizeBytes: bigint;
  readonly isFuture: boolean;
};

/** `totalBytes` and `usableBytes` tell of the volume: from version 4 (Kafka 3.3), −1 where the broker does not know. */
export type LogDirectory = {
  readonly errorCode: number;
  readonly path: string;
  readonly topics: readonly { readonly topic: string; readonly replicas: readonly LogDirectoryReplica[] }[];
  readonly totalBytes: bigint | undefined;
  readonly usableBytes: bigint | undefined;
};

export type DescribeLogDirsAnswer = { readonly errorCode: number; readonly directories: readonly LogDirectory[] };

/** DescribeLogDirs (35), versions 2–4: all replicas that the broker asked holds. */
export const describeLogDirs: Codec<Record<never, never>, DescribeLogDirsAnswer> = {
  name: 'DescribeLogDirs',
  key: 35,
  minVersion: 2,
  maxVersion: 4,
  flexibleFrom: 2,
  encode: (writer) => {
    writer.nullArray().tags();
  },
  decode: (reader, version) => {
    reader.int32(); // throttle time
    const errorCode = version >= 3 ? reader.int16() : 0;
    const directories = reader.array((directory): LogDirectory => {
      const directoryErrorCode = directory.int16();
      const path = directory.string();
      const topics = directory.array((each) => {
        const topic = each.string();
        const replicas = each.array((replica): LogDirectoryReplica => {
          const partition = replica.int32();
          const sizeBytes = replica.int64();
          replica.int64(); // offset lag
          const isFuture = replica.boolean();
          replica.tags();
          return { partition, sizeBytes, isFuture };
        });
        each.tags();
        return { topic, replicas };
      });
      const totalBytes = version >= 4 ? directory.int64() : undefined;
      const usableBytes = version >= 4 ? directory.int64() : undefined;
      directory.tags();
      return { errorCode: directoryErrorCode, path, topics, totalBytes, usableBytes };
    });
    reader.tags();
    return { errorCode, directories };
  },
};
