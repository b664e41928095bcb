import { startProducer } from './producer.ts';

export type FillOptions = {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  /** Bytes of values to be stored once each; every replica's disk takes as many and a little more. */
  readonly bytes: number;
  readonly bytesPerSecond: number;
  readonly signal: AbortSignal;
};

export type Filled = { readonly sentBytes: number; readonly failedBytes: number; readonly tookSeconds: number };

/** Small beside a request's most (1 MiB), large beside a record's overhead. */
const recordBytes = 64 * 1024;
const pollMs = 100;

/**
 * Writes records of random bytes (which no codec makes smaller) with `acks=all`, at a steady rate, until so many bytes
 * have been taken. Records that the brokers refused are made up for.
 *
 * @throws the signal's reason where it is interrupted
 */
export const fillTopic = async (options: FillOptions): Promise<Filled> => {
  const { bootstrapServers, topic, bytes, bytesPerSecond, signal } = options;
  const beganMs = performance.now();
  const producer = await startProducer({
    client: { brokers: [...bootstrapServers] },
    topic,
    messagesPerSecond: bytesPerSecond / recordBytes,
    recordBytes,
  });
  try {
    while (producer.sentCount * recordBytes < bytes) {
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  } finally {
    await producer.stop();
  }
  return {
    sentBytes: producer.sentCount * recordBytes,
    failedBytes: producer.failedCount * recordBytes,
    tookSeconds: (performance.now() - beganMs) / 1000,
  };
};
