import type { Codec } from '../wire/codec.ts';
import type { WireReader } from '../wire/reader.ts';

/** `topics` absent asks for all topics, none for the brokers alone. Never creates a topic. */
export type MetadataRequest = { readonly topics?: readonly string[] };

export type MetadataBroker = {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | undefined;
};

/** `leaderId` is −1 where no leader stands (offline): an answer like others, not an error. */
export type MetadataPartition = {
  readonly errorCode: number;
  readonly partition: number;
  readonly leaderId: number;
  /** Grows with every election; −1 where the broker does not know it. */
  readonly leaderEpoch: number;
  readonly replicaIds: readonly number[];
  readonly inSyncReplicaIds: readonly number[];
  readonly offlineReplicaIds: readonly number[];
};

export type MetadataTopic = {
  readonly errorCode: number;
  readonly name: string;
  readonly topicId: string | undefined;
  readonly isInternal: boolean;
  readonly partitions: readonly MetadataPartition[];
};

/** `controllerId` is a random live broker on KRaft (KIP-590), the controller with ZooKeeper, −1 where none is known. */
export type MetadataAnswer = {
  readonly brokers: readonly MetadataBroker[];
  readonly clusterId: string | undefined;
  readonly controllerId: number;
  readonly topics: readonly MetadataTopic[];
};

const readBroker = (reader: WireReader): MetadataBroker => {
  const broker = { id: reader.int32(), host: reader.string(), port: reader.int32(), rack: reader.nullableString() };
  reader.tags();
  return broker;
};

const readId = (reader: WireReader) => reader.int32();

const readPartition = (reader: WireReader): MetadataPartition => {
  const errorCode = reader.int16();
  const partition = reader.int32();
  const leaderId = reader.int32();
  const leaderEpoch = reader.int32();
  const replicaIds = reader.array(readId);
  const inSyncReplicaIds = reader.array(readId);
  const offlineReplicaIds = reader.array(readId);
  reader.tags();
  return { errorCode, partition, leaderId, leaderEpoch, replicaIds, inSyncReplicaIds, offlineReplicaIds };
};

/** What a cluster sends whose topics have no ids (ZooKeeper, with a protocol below 2.8). */
const noTopicId = '00000000-0000-0000-0000-000000000000';

/** Metadata (3), versions 9–12; topic ids from 10. Source: MetadataRequest.json and MetadataResponse.json of Apache Kafka. */
export const metadata: Codec<MetadataRequest, MetadataAnswer> = {
  name: 'Metadata',
  key: 3,
  minVersion: 9,
  maxVersion: 12,
  flexibleFrom: 9,
  encode: (writer, { topics }, version) => {
    if (topics === undefined) writer.nullArray();
    else {
      writer.array(topics, (each, topic) => {
        if (version >= 10) each.uuid();
        each.string(topic).tags();
      });
    }
    writer.boolean(false); // allow auto topic creation
    if (version <= 10) writer.boolean(false); // include cluster authorized operations
    writer.boolean(false).tags(); // include topic authorized operations
  },
  decode: (reader, version) => {
    reader.int32(); // throttle time
    const brokers = reader.array(readBroker);
    const clusterId = reader.nullableString();
    const controllerId = reader.int32();
    const topics = reader.array((each): MetadataTopic => {
      const errorCode = each.int16();
      const name = version >= 12 ? (each.nullableString() ?? '') : each.string();
      const topicId = version >= 10 ? each.uuid() : noTopicId;
      const isInternal = each.boolean();
      const partitions = each.array(readPartition);
      each.int32(); // authorized operations
      each.tags();
      return { errorCode, name, topicId: topicId === noTopicId ? undefined : topicId, isInternal, partitions };
    });
    if (version <= 10) reader.int32(); // cluster authorized operations
    reader.tags();
    return { brokers, clusterId, controllerId, topics };
  },
};
