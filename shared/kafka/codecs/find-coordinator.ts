import type { Codec } from '../wire/codec.ts';

export type Coordinator = { readonly groupId: string; readonly brokerId: number; readonly errorCode: number };

/** FindCoordinator (10), version 4: the coordinators of many groups in one request (KIP-699). */
export const findCoordinator: Codec<{ readonly groupIds: readonly string[] }, readonly Coordinator[]> = {
  name: 'FindCoordinator',
  key: 10,
  minVersion: 4,
  maxVersion: 4,
  flexibleFrom: 3,
  encode: (writer, { groupIds }) => {
    writer
      .int8(0) // key type: consumer groups
      .array(groupIds, (each, groupId) => each.string(groupId))
      .tags();
  },
  decode: (reader) => {
    reader.int32(); // throttle time
    const coordinators = reader.array((each): Coordinator => {
      const groupId = each.string();
      const brokerId = each.int32();
      each.string(); // host
      each.int32(); // port
      const errorCode = each.int16();
      each.nullableString(); // error message
      each.tags();
      return { groupId, brokerId, errorCode };
    });
    reader.tags();
    return coordinators;
  },
};
