import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';

export type ConsumerOptions = {
  readonly client: KafkaConfig;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** As fast as it can where not given. */
  readonly messagesPerSecond?: number;
};

export type Consumer = {
  readonly readCount: number;
  /** Commits, leaves the group and closes: the group is then `Empty`. */
  stop(): Promise<void>;
};

/**
 * One member of a group of the classic protocol (kafkajs knows no other), reading from the beginning where the group has no
 * commits. It commits after each batch and outlives broken brokers. Rejects where no broker lets it in at first.
 */
export const startConsumer = async (options: ConsumerOptions): Promise<Consumer> => {
  const { groupId, topics, messagesPerSecond } = options;
  const kafka = new Kafka({ clientId: 'mskeeper-traffic', logLevel: logLevel.NOTHING, ...options.client });
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    // 5 s by default, which `stop` would wait for at an empty topic.
    maxWaitTimeInMs: 500,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => true },
  });
  const stopping = new AbortController();
  let readCount = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, heartbeat, isRunning, isStale }) => {
      for (const message of batch.messages) {
        if (!isRunning() || isStale() || stopping.signal.aborted) break;
        if (messagesPerSecond !== undefined)
          await delay(1000 / messagesPerSecond, undefined, { signal: stopping.signal }).catch(() => undefined);
        resolveOffset(message.offset);
        readCount += 1;
        await heartbeat();
      }
      await commitOffsetsIfNecessary();
    },
  });
  return {
    get readCount() {
      return readCount;
    },
    stop: async () => {
      stopping.abort();
      await consumer.disconnect();
    },
  };
};
