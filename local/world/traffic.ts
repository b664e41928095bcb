import type { ClusterConfiguration } from '../../shared/core/configuration.ts';
import { type Consumer, startConsumer } from '../traffic/consumer.ts';
import { type Producer, startProducer } from '../traffic/producer.ts';
import type { WorldBrokers } from './brokers.ts';
import type { Closers } from './closers.ts';
import { createTopics, removeTraces } from './topics.ts';

export type Traffic = {
  readonly sentCount: () => number;
  readonly readCount: () => number;
  readonly failedCount: () => number;
  stop(): Promise<void>;
};

const messagesPerSecond = 20;

/** A producer for each critical topic and one group that reads them all. */
const startTraffic = async (
  bootstrapServers: readonly string[],
  topics: readonly string[],
  groupId: string,
): Promise<Traffic> => {
  const client = { brokers: [...bootstrapServers] };
  const producers: Producer[] = [];
  for (const topic of topics) producers.push(await startProducer({ client, topic, messagesPerSecond }));
  const consumer: Consumer = await startConsumer({ client, groupId, topics });
  const sum = (read: (producer: Producer) => number) => producers.reduce((total, each) => total + read(each), 0);
  return {
    sentCount: () => sum(({ sentCount }) => sentCount),
    failedCount: () => sum(({ failedCount }) => failedCount),
    readCount: () => consumer.readCount,
    stop: async () => {
      await Promise.all([...producers.map((producer) => producer.stop()), consumer.stop()]);
    },
  };
};

/**
 * Makes the configured topics and lets messages flow through them. On somebody else's cluster it says what it made, and
 * what is added to the closers removes it again.
 */
export const openTraffic = async (
  { bootstrapServers, own }: WorldBrokers,
  cluster: ClusterConfiguration,
  groupId: string,
  { closers, onProgress }: { readonly closers: Closers; readonly onProgress: (line: string) => void },
): Promise<Traffic> => {
  const topics = cluster.topics.critical.map(({ name }) => name);
  const made = await createTopics(bootstrapServers, cluster);
  if (own === undefined) {
    const traces = `topics ${made.join(', ')}; group ${groupId}`;
    onProgress(`Made on the given cluster, until the end: ${traces}`);
    closers.add(async () => {
      await removeTraces(bootstrapServers, { topics: made, groupId });
      onProgress(`Removed from the given cluster: ${traces}`);
    });
  }
  const traffic = await startTraffic(bootstrapServers, topics, groupId);
  // On brokers that go with the world nobody takes leave: where a drill has broken them that takes seconds, and nobody
  // reads the groups afterwards. The process's end is the clients' end.
  if (own === undefined) closers.add(() => traffic.stop());
  return traffic;
};
