import { afterAll, beforeAll, expect } from 'vitest';
import { fetchBrokerIds } from '../../../local/kafka/metadata-probe.ts';
import { type LocalKafka, startKafka } from '../../../local/kafka/start-kafka.ts';
import { type KafkaVersion, newestKafka } from '../../../local/kafka/versions.ts';
import { eventually } from '../eventually.ts';
import { lookAtLocal } from './kafka-look.ts';

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

const nameOf = ({ brokerCount, version = newestKafka }: SharedCluster): string => `${version} with ${brokerCount}`;

const fetchCluster = (which: SharedCluster): Promise<LocalKafka> => {
  const { brokerCount, version = newestKafka } = which;
  const name = nameOf(which);
  const known = started.get(name);
  if (known !== undefined) return known;
  const starting = startKafka({ brokerCount, version, listeners });
  started.set(name, starting);
  // The next file tries again.
  starting.catch(() => started.delete(name));
  return starting;
};

const answerMs = 10_000;

/** What a file left frozen, dead or behind the others would fail all that follow: it is whole again, or nobody uses it. */
const mend = async (kafka: LocalKafka): Promise<void> => {
  const { brokers } = kafka;
  await Promise.all(brokers.map((broker) => broker.thaw()));
  await Promise.all(brokers.filter((broker) => !broker.isRunning()).map((broker) => broker.restart()));
  await eventually(async () => {
    const known = await Promise.all(brokers.map((broker) => fetchBrokerIds(broker.portByListener.plaintext, answerMs)));
    for (const ids of known) expect(ids).toEqual(brokers.map(({ id }) => id));
    const { topics, problems } = await lookAtLocal(kafka, { groups: false, commits: false, ends: 'none' });
    expect(problems).toEqual([]);
    for (const { inSyncReplicaIds, replicaIds } of topics.flatMap(({ partitions }) => partitions))
      expect(inSyncReplicaIds.toSorted()).toEqual(replicaIds.toSorted());
  });
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
  const mendOrDrop = async (kafka: LocalKafka): Promise<void> => {
    try {
      await mend(kafka);
    } catch (error) {
      started.delete(nameOf(which));
      await kafka.stop();
      throw error;
    }
  };
  beforeAll(async () => {
    running = await fetchCluster(which);
    await mendOrDrop(running);
  });
  afterAll(async () => {
    if (running !== undefined) await mendOrDrop(running);
  });
  return {
    get kafka() {
      if (running === undefined) throw new Error('the brokers run only inside tests');
      return running;
    },
  };
};
