import { afterAll, beforeAll } from 'vitest';
import { type LocalKafka, type StartKafkaOptions, startKafka } from '../../../local/kafka/start-kafka.ts';
import { makeTopics } from '../../../local/world/topics.ts';

/**
 * Three real brokers for all tests of a file: started before them, gone after them. The handle is only usable inside
 * tests and hooks.
 */
export const useKafka = (options: Partial<StartKafkaOptions> = {}): { readonly kafka: LocalKafka } => {
  let running: LocalKafka | undefined;
  beforeAll(async () => {
    running = await startKafka({ brokerCount: 3, ...options });
  });
  afterAll(async () => {
    await running?.stop();
  });
  return {
    get kafka() {
      if (running === undefined) throw new Error('the brokers run only inside tests');
      return running;
    },
  };
};

/** A name that no other test uses, so that tests can share brokers. */
export const freshName = (stem: string): string => `${stem}-${crypto.randomUUID().slice(0, 8)}`;

/** Creates a topic, and returns when every broker can say who leads it; settings by Kafka's names. */
export const createTopic = async (
  kafka: LocalKafka,
  name: string,
  { partitions = 3, replicationFactor = 3, settings = {} as Readonly<Record<string, string>> } = {},
): Promise<string> => {
  await makeTopics(kafka.bootstrapServers(), [
    {
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(settings).map(([setting, value]) => ({ name: setting, value })),
    },
  ]);
  return name;
};
