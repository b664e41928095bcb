import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { LocalKafka } from '../../../local/kafka/start-kafka.ts';
import { eventually } from '../eventually.ts';
import { createTopic, freshName } from './kafka.ts';
import { lookAtLocal } from './kafka-look.ts';

/** Ten megabytes: a throttled copy takes one of them every ten seconds, whatever its limit. */
const fill = async (kafka: LocalKafka, topic: string): Promise<void> => {
  const brokers = kafka.bootstrapServers();
  const producer = new Kafka({ clientId: 'test-client', brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  try {
    const messages = Array.from({ length: 40 }, () => ({ partition: 0, value: 'x'.repeat(20_000) }));
    for (let batch = 0; batch < 12; batch += 1) await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
};

/** A partition that gets a third copy, so slowly that every look meets it on its way. */
export type ThrottledMove = {
  readonly topic: string;
  /** Where its two copies were before. */
  readonly replicaIds: readonly number[];
  readonly addedId: number;
  cancel(): Promise<void>;
};

/** Of three brokers two hold the partition, and the official tool adds the third. */
export const startThrottledMove = async (kafka: LocalKafka): Promise<ThrottledMove> => {
  const topic = await createTopic(kafka, freshName('moving'), { partitions: 1, replicationFactor: 2 });
  await fill(kafka, topic);
  const replicaIds = await eventually(async () => {
    const view = await lookAtLocal(kafka, { groups: false, ends: 'none' });
    const partition = view.topics.find(({ name }) => name === topic)?.partitions[0];
    if (partition?.inSyncReplicaIds.length !== 2) throw new Error(`the two copies of ${topic} are not in sync yet`);
    return partition.replicaIds;
  });
  const addedId = [1, 2, 3].find((id) => !replicaIds.includes(id)) ?? 0;
  const plan = { version: 1, partitions: [{ topic, partition: 0, replicas: [...replicaIds, addedId] }] };
  const path = join(kafka.dataDirectory, `${topic}.json`);
  await writeFile(path, JSON.stringify(plan));
  const reassign = async (...args: string[]): Promise<void> => {
    const tool = 'kafka-reassign-partitions';
    const { code, stdout, stderr } = await kafka.tool(tool, ['--reassignment-json-file', path, ...args]);
    if (code !== 0) throw new Error(`${tool} ${args.join(' ')} failed (${code}): ${stdout}${stderr}`);
  };
  await reassign('--execute', '--throttle', '1000');
  return {
    topic,
    replicaIds,
    addedId,
    cancel: async () => {
      await reassign('--cancel');
      await rm(path);
    },
  };
};
