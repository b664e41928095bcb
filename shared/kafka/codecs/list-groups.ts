import type { Codec } from '../wire/codec.ts';

/** `type` is `classic`, `consumer`, `share` or `streams`; undefined below version 5 (Kafka before 3.8). */
export type ListedGroup = {
  readonly groupId: string;
  readonly protocolType: string;
  readonly state: string;
  readonly type: string | undefined;
};

export type ListGroupsAnswer = { readonly errorCode: number; readonly groups: readonly ListedGroup[] };

/** ListGroups (16), versions 4 and 5 (KIP-518, KIP-848): all groups that the broker asked coordinates, and no others. */
export const listGroups: Codec<Record<never, never>, ListGroupsAnswer> = {
  name: 'ListGroups',
  key: 16,
  minVersion: 4,
  maxVersion: 5,
  flexibleFrom: 3,
  encode: (writer, _request, version) => {
    writer.array([], () => {}); // states filter
    if (version >= 5) writer.array([], () => {}); // types filter
    writer.tags();
  },
  decode: (reader, version) => {
    reader.int32(); // throttle time
    const errorCode = reader.int16();
    const groups = reader.array((each): ListedGroup => {
      const groupId = each.string();
      const protocolType = each.string();
      const state = each.string();
      const type = version >= 5 ? each.string().toLowerCase() : undefined;
      each.tags();
      return { groupId, protocolType, state, type };
    });
    reader.tags();
    return { errorCode, groups };
  },
};
