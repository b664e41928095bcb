import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

/**
 * One Kafka API: how its request is written and its answer read, in a range of versions that exist both in Kafka 3.6 and
 * 4.x. Answers keep every item's own error code; a codec never throws because a broker refused something.
 *
 * @property flexibleFrom first version with compact types and tagged fields (KIP-482)
 */
export type Codec<Request, Answer> = {
  readonly name: string;
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly flexibleFrom: number;
  readonly encode: (writer: WireWriter, request: Request, version: number) => void;
  readonly decode: (reader: WireReader, version: number) => Answer;
};

export type VersionRange = { readonly minVersion: number; readonly maxVersion: number };

/** Newest version that both sides know; undefined where the ranges don't meet or the broker doesn't list the API. */
export const newestCommonVersion = (ours: VersionRange, theirs: VersionRange | undefined): number | undefined => {
  if (theirs === undefined) return undefined;
  const version = Math.min(ours.maxVersion, theirs.maxVersion);
  return version >= Math.max(ours.minVersion, theirs.minVersion) ? version : undefined;
};

/** The request's bytes after the header's client id: a flexible version starts with the header's own tagged fields. */
export const encodeRequest = <Request, Answer>(
  codec: Codec<Request, Answer>,
  version: number,
  request: Request,
): Buffer => {
  const writer = new WireWriter(version >= codec.flexibleFrom).tags();
  codec.encode(writer, request, version);
  return writer.bytes;
};

/**
 * Reads an answer's bytes after the correlation id.
 *
 * @throws MalformedBytesError where they do not follow the protocol, left-over bytes included
 */
export const decodeAnswer = <Request, Answer>(
  codec: Codec<Request, Answer>,
  version: number,
  bytes: Buffer,
): Answer => {
  const reader = new WireReader(bytes, version >= codec.flexibleFrom);
  reader.tags();
  const answer = codec.decode(reader, version);
  reader.end();
  return answer;
};
