import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, test } from 'vitest';
import type { LocalKafka } from '../../../../local/kafka/start-kafka.ts';
import { kafkaVersions } from '../../../../local/kafka/versions.ts';
import { createTopic, freshName } from '../../../support/kafka/kafka.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';

/** Whether a record is written that all copies in sync must have. */
const isWritten = async (kafka: LocalKafka, topic: string): Promise<boolean> => {
  const client = { clientId: 'test-client', brokers: kafka.bootstrapServers(), logLevel: logLevel.NOTHING };
  const producer = new Kafka({ ...client, retry: { retries: 2 } }).producer();
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages: [{ value: 'x' }] });
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/fewer in-sync replicas/);
    return false;
  } finally {
    await producer.disconnect();
  }
};

describe.each(kafkaVersions)('Kafka %s', (version) => {
  const cluster = shareKafka({ version, brokerCount: 3 });

  test.each([
    [1, '2'],
    [2, '3'],
  ])(
    'of %d copies with a minimum of %s a write tells whether the minimum is capped',
    async (replicationFactor, minimum) => {
      const { kafka } = cluster;
      const settings = { 'min.insync.replicas': minimum };
      const topic = await createTopic(kafka, freshName('few'), { partitions: 1, replicationFactor, settings });
      const caps = await isWritten(kafka, topic);
      expect(caps).toBe(version !== '3.6.2');
      const { brokers } = await lookAtLocal(kafka, { groups: false, ends: 'none' });
      expect(brokers.map(({ capsMinIsrByReplicas }) => capsMinIsrByReplicas)).toEqual([caps, caps, caps]);
    },
  );
});
