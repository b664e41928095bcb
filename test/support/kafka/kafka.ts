import { afterAll, beforeAll } from 'vitest';
import { type LocalKafka, type StartKafkaOptions, startKafka } from '../../../local/kafka/start-kafka.ts';

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

/** Creates a topic with the official tool; settings by Kafka's names. */
export const createTopic = async (
  kafka: LocalKafka,
  name: string,
  { partitions = 3, replicationFactor = 3, settings = {} as Readonly<Record<string, string>> } = {},
): Promise<string> => {
  const { code, stdout, stderr } = await kafka.tool('kafka-topics', [
    '--create',
    '--topic',
    name,
    '--partitions',
    String(partitions),
    '--replication-factor',
    String(replicationFactor),
    ...Object.entries(settings).flatMap(([key, value]) => ['--config', `${key}=${value}`]),
  ]);
  if (code !== 0) throw new Error(`could not create topic ${name}: ${stdout}${stderr}`);
  return name;
};
