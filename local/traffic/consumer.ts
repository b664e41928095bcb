import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { openExits } from './consumer-exits.ts';
import { openCuttableSockets } from './cuttable-sockets.ts';

export type ConsumerOptions = {
  readonly client: Omit<KafkaConfig, 'socketFactory' | 'logCreator' | 'logLevel'>;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** As fast as it can where not given. */
  readonly messagesPerSecond?: number;
};

export type Consumer = {
  readonly readCount: number;
  /**
   * Commits, leaves the group and closes: the group is then `Empty`. Where brokers do not answer for 5 s, its connections
   * are cut and the coordinator forgets the member by itself, 10 s later. Rejects where it has not ended 10 s after that.
   */
  stop(): Promise<void>;
};

const patienceMs = 5_000;
/** Longer than the pause before any new attempt, which is the consumer's last where it may not connect. */
const tearDownMs = 10_000;

/**
 * One member of a group of the classic protocol (kafkajs knows no other), reading from the beginning where the group has no
 * commits. It commits after each batch and outlives broken brokers. Rejects where no broker lets it in at first.
 */
export const startConsumer = async (options: ConsumerOptions): Promise<Consumer> => {
  const { groupId, topics, messagesPerSecond } = options;
  const sockets = openCuttableSockets();
  const exits = openExits();
  const kafka = new Kafka({
    clientId: 'mskeeper-traffic',
    ...options.client,
    logLevel: logLevel.DEBUG,
    logCreator: () => exits.onLogLine,
    socketFactory: sockets.factory,
  });
  const stopping = new AbortController();
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    // 5 s by default, which `stop` would wait for at an empty topic.
    maxWaitTimeInMs: 500,
    retry: {
      retries: 8,
      initialRetryTime: 100,
      maxRetryTime: 2_000,
      restartOnFailure: async () => !stopping.signal.aborted,
    },
  });
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
      const closed = consumer.disconnect();
      if (await isSettledWithin(closed, patienceMs)) return closed;
      exits.forbidConnections();
      sockets.cut();
      if (await isSettledWithin(closed, tearDownMs)) return closed;
      throw new Error(`the consumer of ${groupId} has not stopped within ${(patienceMs + tearDownMs) / 1000} s`);
    },
  };
};

const isSettledWithin = async (work: Promise<unknown>, ms: number): Promise<boolean> => {
  const giveUp = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const isSettled = await Promise.race([settled, delay(ms, false, { signal: giveUp.signal }).catch(() => false)]);
  giveUp.abort();
  return isSettled;
};
