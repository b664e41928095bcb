import { type Admin, type ITopicConfig, Kafka, logLevel } from 'kafkajs';
import type { ClusterConfiguration } from '../../shared/core/configuration.ts';
import { metadata } from '../../shared/kafka/codecs/metadata.ts';
import { openConnection } from '../../shared/kafka/wire/transport.ts';
import { NotSettledError, untilSettled } from './settling.ts';

const partitionCount = 6;

const withAdmin = async <Result>(
  bootstrapServers: readonly string[],
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> => {
  const client = { clientId: 'mskeeper-drill', brokers: [...bootstrapServers], logLevel: logLevel.NOTHING };
  const admin = new Kafka(client).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

const answerMs = 10_000;

/** @throws NotSettledError where this broker has not heard of a topic, or of the leader of one of its partitions */
const checkServed = async (bootstrapServer: string, names: readonly string[]): Promise<void> => {
  const [host = '', port] = bootstrapServer.split(':');
  const connection = await openConnection({
    host,
    port: Number(port),
    authentication: { kind: 'plaintext' },
    connectTimeoutMs: answerMs,
    requestTimeoutMs: answerMs,
  });
  try {
    const { topics } = await connection.ask(metadata, { topics: names }, answerMs);
    for (const { name, errorCode, partitions } of topics)
      if (errorCode !== 0 || partitions.some(({ leaderId }) => leaderId < 0))
        throw new NotSettledError(`${bootstrapServer} does not know the leaders of ${name} yet (error ${errorCode})`);
  } finally {
    await connection.close();
  }
};

/** Makes topics, and returns when every given broker can say who leads them: whoever comes next may ask any of them. */
export const makeTopics = async (bootstrapServers: readonly string[], topics: ITopicConfig[]): Promise<void> => {
  if (topics.length === 0) return;
  // kafkajs's own waiting asks one broker, once: what that one has not heard of yet is an error to it.
  await withAdmin(bootstrapServers, (admin) =>
    untilSettled(() => admin.createTopics({ waitForLeaders: false, topics })),
  );
  const names = topics.map(({ topic }) => topic);
  for (const bootstrapServer of bootstrapServers) await untilSettled(() => checkServed(bootstrapServer, names));
};

/** Creates the configured critical topics; those that exist stay as they are. @returns the names of those it made */
export const createTopics = async (
  bootstrapServers: readonly string[],
  cluster: ClusterConfiguration,
): Promise<readonly string[]> => {
  const existing = new Set(await withAdmin(bootstrapServers, (admin) => untilSettled(() => admin.listTopics())));
  const missing = cluster.topics.critical.filter(({ name }) => !existing.has(name));
  await makeTopics(
    bootstrapServers,
    missing.map(({ name, replicationFactor }) => ({
      topic: name,
      numPartitions: partitionCount,
      replicationFactor,
      configEntries: [{ name: 'min.insync.replicas', value: String(Math.max(1, replicationFactor - 1)) }],
    })),
  );
  return missing.map(({ name }) => name);
};

/** A topic to be filled: its replicas on every broker, so that all disks fill alike. */
export const createWideTopic = (
  bootstrapServers: readonly string[],
  topic: string,
  brokerCount: number,
): Promise<void> =>
  makeTopics(bootstrapServers, [
    {
      topic,
      numPartitions: partitionCount,
      replicationFactor: brokerCount,
      // What a filler makes up for may come in one batch, which is larger than a usual one.
      configEntries: [{ name: 'max.message.bytes', value: String(16 * 1024 * 1024) }],
    },
  ]);

/** Deletes one topic; the brokers free its disk within a minute (`file.delete.delay.ms`). */
export const deleteTopic = (bootstrapServers: readonly string[], topic: string): Promise<void> =>
  withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [topic] }));

/** Removes what this drill made on somebody else's cluster. The group must be empty. */
export const removeTraces = (
  bootstrapServers: readonly string[],
  made: { readonly topics: readonly string[]; readonly groupId: string },
): Promise<void> =>
  withAdmin(bootstrapServers, async (admin) => {
    await admin.deleteGroups([made.groupId]);
    await admin.deleteTopics({ topics: [...made.topics] });
  });
