import { afterAll, beforeAll } from 'vitest';
import { type LocalKafka, startKafka } from '../../../local/kafka/start-kafka.ts';
import { type KafkaVersion, newestKafka } from '../../../local/kafka/versions.ts';

export type SharedCluster = {
  readonly brokerCount: 1 | 3;
  readonly version?: KafkaVersion;
};

/** Every listener, so that all files can use the same brokers. */
const listeners = ['plaintext', 'tls', 'scram', 'mtls'] as const;

/**
 * Each cluster that a test file of this process asked for; they live until the process ends, and their sweepers end them
 * with it (test/integration/local-kafka/orphans.test.ts).
 */
const started = new Map<string, Promise<LocalKafka>>();

const fetchCluster = ({ brokerCount, version = newestKafka }: SharedCluster): Promise<LocalKafka> => {
  const name = `${version} with ${brokerCount}`;
  const known = started.get(name);
  if (known !== undefined) return known;
  const starting = startKafka({ brokerCount, version, listeners });
  started.set(name, starting);
  // The next file tries again.
  starting.catch(() => started.delete(name));
  return starting;
};

/** What a file that failed halfway left frozen or dead would fail all that follow. */
const mend = async ({ brokers }: LocalKafka): Promise<void> => {
  await Promise.all(brokers.map((broker) => broker.thaw()));
  await Promise.all(brokers.filter((broker) => !broker.isRunning()).map((broker) => broker.restart()));
};

/**
 * Real brokers that the test files of a process use one after another: a start costs seconds, and few tests are about
 * brokers that nobody used before. A file makes topics and groups of fresh names, gives back what it broke, and says
 * nothing about what others left. Who judges a whole cluster starts one of its own (`useKafka`).
 *
 * @returns the handle, usable only inside tests and hooks
 */
export const shareKafka = (which: SharedCluster): { readonly kafka: LocalKafka } => {
  let running: LocalKafka | undefined;
  beforeAll(async () => {
    running = await fetchCluster(which);
    await mend(running);
  });
  afterAll(async () => {
    if (running !== undefined) await mend(running);
  });
  return {
    get kafka() {
      if (running === undefined) throw new Error('the brokers run only inside tests');
      return running;
    },
  };
};
