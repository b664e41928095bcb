import type { Codec } from '../wire/codec.ts';
import { type DescribeGroupsRequest, encodeDescribeGroups } from './describe-group-request.ts';

export type ClassicMember = {
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
  /** Opaque bytes; for `protocolType` consumer see `consumer-assignment.ts`. */
  readonly assignment: Buffer;
};

/** A group that the coordinator does not know is `Dead`, without an error. */
export type ClassicGroup = {
  readonly errorCode: number;
  readonly groupId: string;
  readonly state: string;
  readonly protocolType: string;
  readonly members: readonly ClassicMember[];
};

/** DescribeGroups (15), version 5: classic groups only; a KIP-848 group looks `Dead` here. */
export const describeGroups: Codec<DescribeGroupsRequest, readonly ClassicGroup[]> = {
  name: 'DescribeGroups',
  key: 15,
  minVersion: 5,
  maxVersion: 5,
  flexibleFrom: 5,
  encode: encodeDescribeGroups,
  decode: (reader) => {
    reader.int32(); // throttle time
    const groups = reader.array((group): ClassicGroup => {
      const errorCode = group.int16();
      const groupId = group.string();
      const state = group.string();
      const protocolType = group.string();
      group.string(); // protocol data: the chosen assignor
      const members = group.array((member): ClassicMember => {
        const memberId = member.string();
        member.nullableString(); // group instance id
        const clientId = member.string();
        const clientHost = member.string();
        member.bytes(); // member metadata
        // A copy: a view would keep the whole answer in memory.
        const assignment = Buffer.from(member.bytes());
        member.tags();
        return { memberId, clientId, clientHost, assignment };
      });
      group.int32(); // authorized operations
      group.tags();
      return { errorCode, groupId, state, protocolType, members };
    });
    reader.tags();
    return groups;
  },
};
