import { WireReader } from '../wire/reader.ts';

export type TopicAssignment = { readonly topic: string; readonly partitions: readonly number[] };

/**
 * What a classic consumer was assigned, from the bytes that its group's leader wrote (ConsumerProtocolAssignment 0–3,
 * never flexible). A member without an assignment yet has no bytes. Fields of later versions may follow.
 *
 * @throws MalformedBytesError where a client wrote something else
 */
export const decodeConsumerAssignment = (bytes: Buffer): readonly TopicAssignment[] => {
  if (bytes.length === 0) return [];
  const reader = new WireReader(bytes, false);
  reader.int16(); // version
  return reader.array((each) => ({
    topic: each.string(),
    partitions: each.array((partition) => partition.int32()),
  }));
};
