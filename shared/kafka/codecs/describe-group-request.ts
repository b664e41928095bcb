import type { WireWriter } from '../wire/writer.ts';

export type DescribeGroupsRequest = { readonly groupIds: readonly string[] };

/** The body of DescribeGroups 5 and of ConsumerGroupDescribe 0: group ids, and no wish for the authorized operations. */
export const encodeDescribeGroups = (writer: WireWriter, { groupIds }: DescribeGroupsRequest): void => {
  writer
    .array(groupIds, (each, groupId) => each.string(groupId))
    .boolean(false) // include authorized operations
    .tags();
};
