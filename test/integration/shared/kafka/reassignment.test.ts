import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { createTopic, freshName } from '../../../support/kafka/kafka.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 3 });

/** Ten megabytes: a throttled copy takes one of them every ten seconds, whatever its limit. */
const fill = async (topic: string): Promise<void> => {
  const brokers = cluster.kafka.bootstrapServers();
  const producer = new Kafka({ clientId: 'test-client', brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  try {
    const messages = Array.from({ length: 40 }, () => ({ partition: 0, value: 'x'.repeat(20_000) }));
    for (let batch = 0; batch < 12; batch += 1) await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
};

test('a copy that a reassignment adds is told as such, and the official tool does not count it as late either', async () => {
  const { kafka } = cluster;
  const topic = await createTopic(kafka, freshName('moving'), { partitions: 1, replicationFactor: 2 });
  await fill(topic);
  const partitionNow = async () => {
    const view = await lookAtLocal(kafka, { groups: false, ends: 'none' });
    expect(view).not.toHaveProperty('reassignmentsProblem');
    return view.topics.find(({ name }) => name === topic)?.partitions[0];
  };
  const replicaIds = await eventually(async () => {
    const partition = await partitionNow();
    expect(partition?.inSyncReplicaIds).toHaveLength(2);
    expect(partition).not.toHaveProperty('addingReplicaIds');
    return partition?.replicaIds ?? [];
  });
  const added = [1, 2, 3].find((id) => !replicaIds.includes(id)) ?? 0;
  const plan = { version: 1, partitions: [{ topic, partition: 0, replicas: [...replicaIds, added] }] };
  const path = join(kafka.dataDirectory, `${topic}.json`);
  await writeFile(path, JSON.stringify(plan));
  const reassign = async (...args: string[]) => {
    const { code, stdout, stderr } = await kafka.tool('kafka-reassign-partitions', [
      '--reassignment-json-file',
      path,
      ...args,
    ]);
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  };
  await reassign('--execute', '--throttle', '1000');
  try {
    await eventually(async () => {
      const partition = await partitionNow();
      expect(partition?.replicaIds.toSorted()).toEqual([1, 2, 3]);
      expect(partition).toMatchObject({ addingReplicaIds: [added] });
      expect(partition?.inSyncReplicaIds).toHaveLength(2);
    });
    const { code, stdout } = await kafka.tool('kafka-topics', [
      '--describe',
      '--under-replicated-partitions',
      '--topic',
      topic,
    ]);
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: '' });
  } finally {
    await reassign('--cancel');
    await rm(path);
  }
  await eventually(async () => {
    const partition = await partitionNow();
    expect(partition?.replicaIds).toEqual(replicaIds);
    expect(partition).not.toHaveProperty('addingReplicaIds');
  });
});
