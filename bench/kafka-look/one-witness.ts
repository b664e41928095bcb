import { type MetadataAnswer, metadata } from '../../shared/kafka/codecs/metadata.ts';
import type { Codec } from '../../shared/kafka/wire/codec.ts';
import { type ConnectionOptions, type KafkaConnection, openConnection } from '../../shared/kafka/wire/transport.ts';

/**
 * Connections of which the first alone is asked for Metadata: what it says is said by all the others, at once. So the time of
 * a look without witnesses can be held against that of one with them.
 */
export const openWithOneWitness = (): ((options: ConnectionOptions) => Promise<KafkaConnection>) => {
  let told: Promise<MetadataAnswer> | undefined;
  return async (options) => {
    const connection = await openConnection(options);
    const describe = async (timeoutMs: number): Promise<MetadataAnswer> => {
      told ??= connection.ask(metadata, {}, timeoutMs);
      return told;
    };
    const ask = async <Request, Answer extends object>(
      codec: Codec<Request, Answer>,
      request: Request,
      timeoutMs: number,
    ): Promise<Answer> => {
      if (codec.name !== metadata.name) return connection.ask(codec, request, timeoutMs);
      const answer: object = await describe(timeoutMs);
      // The name says that it is Metadata's own answer that is asked for.
      return answer as Answer;
    };
    return { ...connection, ask };
  };
};
