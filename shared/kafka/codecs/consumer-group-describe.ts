import type { Codec } from '../wire/codec.ts';
import type { WireReader } from '../wire/reader.ts';
import type { TopicAssignment } from './consumer-assignment.ts';
import { type DescribeGroupsRequest, encodeDescribeGroups } from './describe-group-request.ts';

type ConsumerMember = {
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
  readonly assignment: readonly TopicAssignment[];
};

/** `errorCode` is GROUP_ID_NOT_FOUND (69) for a group of another type. */
export type ConsumerGroup = {
  readonly errorCode: number;
  readonly errorMessage: string | undefined;
  readonly groupId: string;
  readonly state: string;
  readonly members: readonly ConsumerMember[];
};

const readAssignment = (reader: WireReader): readonly TopicAssignment[] => {
  const topics = reader.array((each): TopicAssignment => {
    each.uuid(); // topic id
    const topic = each.string();
    const partitions = each.array((partition) => partition.int32());
    each.tags();
    return { topic, partitions };
  });
  reader.tags();
  return topics;
};

const readMember = (reader: WireReader): ConsumerMember => {
  const memberId = reader.string();
  reader.nullableString(); // instance id
  reader.nullableString(); // rack id
  reader.int32(); // member epoch
  const clientId = reader.string();
  const clientHost = reader.string();
  reader.array((each) => each.string()); // subscribed topic names
  reader.nullableString(); // subscribed topic pattern
  const assignment = readAssignment(reader);
  readAssignment(reader); // target assignment
  reader.tags();
  return { memberId, clientId, clientHost, assignment };
};

/** ConsumerGroupDescribe (69), version 0: groups of the new protocol (KIP-848). Kafka 3.7 and later. */
export const consumerGroupDescribe: Codec<DescribeGroupsRequest, readonly ConsumerGroup[]> = {
  name: 'ConsumerGroupDescribe',
  key: 69,
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: encodeDescribeGroups,
  decode: (reader) => {
    reader.int32(); // throttle time
    const groups = reader.array((group): ConsumerGroup => {
      const errorCode = group.int16();
      const errorMessage = group.nullableString();
      const groupId = group.string();
      const state = group.string();
      group.int32(); // group epoch
      group.int32(); // assignment epoch
      group.string(); // assignor
      const members = group.array(readMember);
      group.int32(); // authorized operations
      group.tags();
      return { errorCode, errorMessage, groupId, state, members };
    });
    reader.tags();
    return groups;
  },
};
