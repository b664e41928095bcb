import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { ClusterConfiguration } from '../../shared/core/configuration.ts';

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

/** Creates the configured critical topics; those that exist stay as they are. @returns the names of those it made */
export const createTopics = (
  bootstrapServers: readonly string[],
  cluster: ClusterConfiguration,
): Promise<readonly string[]> =>
  withAdmin(bootstrapServers, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = cluster.topics.critical.filter(({ name }) => !existing.has(name));
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, replicationFactor }) => ({
        topic: name,
        numPartitions: partitionCount,
        replicationFactor,
        configEntries: [{ name: 'min.insync.replicas', value: String(Math.max(1, replicationFactor - 1)) }],
      })),
    });
    return missing.map(({ name }) => name);
  });

/** A topic to be filled: its replicas on every broker, so that all disks fill alike. */
export const createWideTopic = (bootstrapServers: readonly string[], topic: string, brokerCount: number) =>
  withAdmin(bootstrapServers, (admin) =>
    admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitionCount,
          replicationFactor: brokerCount,
          // What a filler makes up for may come in one batch, which is larger than a usual one.
          configEntries: [{ name: 'max.message.bytes', value: String(16 * 1024 * 1024) }],
        },
      ],
    }),
  );

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
