import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, type KafkaConfig, logLevel, Partitioners } from 'kafkajs';

export type ProducerOptions = {
  readonly client: KafkaConfig;
  readonly topic: string;
  readonly messagesPerSecond: number;
  /** Size of each record's value; the content is random, so that compression changes nothing. */
  readonly recordBytes?: number;
  /** A batch that could not be sent, as when brokers are broken on purpose; the producer goes on. */
  readonly onFailure?: (error: unknown) => void;
};

export type Producer = {
  readonly sentCount: number;
  readonly failedCount: number;
  /** Resolves when the batch under way has ended and the connections are closed. */
  stop(): Promise<void>;
};

const batchMs = 100;

/**
 * Sends records with `acks=all` at a rate, until stopped. Records that fail are counted and not sent again: the rate stays,
 * and what the brokers took is `sentCount`. Rejects where no broker lets it in at first.
 */
export const startProducer = async (options: ProducerOptions): Promise<Producer> => {
  const { topic, messagesPerSecond, recordBytes = 200, onFailure } = options;
  const kafka = new Kafka({ clientId: 'mskeeper-traffic', logLevel: logLevel.NOTHING, ...options.client });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 500 },
  });
  await producer.connect();
  let sentCount = 0;
  let failedCount = 0;
  const stopping = new AbortController();

  const send = async (count: number): Promise<void> => {
    const messages = Array.from({ length: count }, () => ({
      key: crypto.randomUUID(),
      value: randomBytes(recordBytes),
    }));
    try {
      await producer.send({ topic, messages, acks: -1, timeout: 5_000 });
      sentCount += count;
    } catch (error) {
      failedCount += count;
      onFailure?.(error);
    }
  };

  const run = async (): Promise<void> => {
    const startedAtMs = performance.now();
    let due = 0;
    while (!stopping.signal.aborted) {
      const wanted = Math.floor(((performance.now() - startedAtMs) * messagesPerSecond) / 1000);
      // After a long failure the missed records are not made up for in one burst.
      const count = Math.min(wanted - due, Math.max(1, messagesPerSecond));
      due = wanted;
      if (count > 0) await send(count);
      await delay(batchMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();

  return {
    get sentCount() {
      return sentCount;
    },
    get failedCount() {
      return failedCount;
    },
    stop: async () => {
      stopping.abort();
      await running;
      await producer.disconnect();
    },
  };
};
