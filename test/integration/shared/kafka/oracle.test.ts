import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, test } from 'vitest';
import type { LocalKafka } from '../../../../local/kafka/start-kafka.ts';
import { kafkaVersions, newestKafka } from '../../../../local/kafka/versions.ts';
import { startConsoleConsumer } from '../../../../local/traffic/console-consumer.ts';
import { eventually } from '../../../support/eventually.ts';
import { createTopic, freshName } from '../../../support/kafka/kafka.ts';
import {
  commitRows,
  logDirectoryRows,
  lookAtLocal,
  memberRows,
  offsetRows,
  stateRows,
  topicRows,
} from '../../../support/kafka/kafka-look.ts';
import {
  commitsByTool,
  controllerByTool,
  describeTopicsByTool,
  logDirectoriesByTool,
  membersByTool,
  offsetsByTool,
  statesByTool,
} from '../../../support/kafka/kafka-oracle.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';

const clientOf = (kafka: LocalKafka) =>
  new Kafka({ clientId: 'test-client', brokers: kafka.bootstrapServers(), logLevel: logLevel.NOTHING });

const produce = async (kafka: LocalKafka, topic: string, count: number): Promise<void> => {
  const producer = clientOf(kafka).producer();
  await producer.connect();
  try {
    await producer.send({
      topic,
      messages: Array.from({ length: count }, (_, index) => ({ key: `${index}`, value: 'x'.repeat(100) })),
    });
  } finally {
    await producer.disconnect();
  }
};

/** An empty group that has committed `offset` in the first two of a topic's partitions. */
const commit = async (kafka: LocalKafka, groupId: string, topic: string, offset: string): Promise<void> => {
  const admin = clientOf(kafka).admin();
  await admin.connect();
  try {
    await admin.setOffsets({ groupId, topic, partitions: [0, 1].map((partition) => ({ partition, offset })) });
  } finally {
    await admin.disconnect();
  }
};

describe.each(kafkaVersions)('Kafka %s', (version) => {
  const cluster = shareKafka({ version, brokerCount: 3 });

  test('brokers, topics, ends and the controller are what the official tools say', async () => {
    const { kafka } = cluster;
    const topic = await createTopic(kafka, freshName('orders'), { settings: { 'retention.ms': '3600000' } });
    await createTopic(kafka, freshName('lonely'), { partitions: 2, replicationFactor: 1 });
    await produce(kafka, topic, 300);
    const admin = clientOf(kafka).admin();
    await admin.connect();
    // kafkajs deletes only in topics that it has asked about before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '10' }] });
    await admin.disconnect();

    await eventually(async () => {
      const view = await lookAtLocal(kafka);
      expect(view.problems).toEqual([]);
      expect(topicRows(view)).toEqual(await describeTopicsByTool(kafka));
      expect(offsetRows(view, 'latest')).toEqual(await offsetsByTool(kafka, 'latest'));
      expect(offsetRows(view, 'earliest')).toEqual(await offsetsByTool(kafka, 'earliest'));
      expect(view.controller).toEqual({ toldBy: 'quorum', brokerId: await controllerByTool(kafka) });
      expect(view.topics.find(({ name }) => name === topic)?.settings).toEqual({
        'min.insync.replicas': '2',
        'retention.ms': '3600000',
      });
      expect(view.topics.find(({ name }) => name === topic)?.partitions[0]?.earliestOffset).toBe(10n);
    });
  });

  test('groups, their members and commits are what the official tools say', async () => {
    const { kafka } = cluster;
    const topic = await createTopic(kafka, freshName('payments'));
    await produce(kafka, topic, 90);
    const empty = freshName('empty-group');
    await commit(kafka, empty, topic, '7');
    const silent = freshName('group-without-commits');
    const consumer = clientOf(kafka).consumer({ groupId: silent });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ autoCommit: false, eachMessage: async () => {} });

      await eventually(async () => {
        const view = await lookAtLocal(kafka);
        const group = view.groups?.find(({ groupId }) => groupId === silent);
        expect(group).toMatchObject({ state: 'Stable', protocol: 'classic', commits: [] });
        expect(view.groups?.find(({ groupId }) => groupId === empty)).toMatchObject({ state: 'Empty', members: [] });
        expect(commitRows(view)).toEqual(await commitsByTool(kafka));
        expect(stateRows(view)).toEqual(await statesByTool(kafka));
        expect(memberRows(view)).toEqual(await membersByTool(kafka));
        expect(memberRows(view)).toContain(`${silent} test-client 3`);
      });
    } finally {
      await consumer.disconnect();
    }
  });

  test('log directories have the sizes that the official tool counts', async () => {
    const { kafka } = cluster;
    await produce(kafka, await createTopic(kafka, freshName('bulky')), 1_000);
    await eventually(async () => {
      const view = await lookAtLocal(kafka);
      expect(logDirectoryRows(view)).toEqual(await logDirectoriesByTool(kafka));
      for (const { logDirectories } of view.brokers) {
        const [directory] = logDirectories ?? [];
        expect(directory?.usedBytes).toBeGreaterThan(10_000);
        expect(directory?.totalBytes).toBeGreaterThan(directory?.usableBytes ?? Number.POSITIVE_INFINITY);
      }
    });
  });

  test('a topic that was deleted and made again has another id', async () => {
    const { kafka } = cluster;
    const topic = await createTopic(kafka, freshName('phoenix'));
    const idOf = async () => (await lookAtLocal(kafka)).topics.find(({ name }) => name === topic)?.topicId;
    const before = await eventually(async () => {
      const id = await idOf();
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      return id;
    });
    // The tool asks any broker whether the topic is there, and one may not have heard of it yet.
    await eventually(async () => {
      const { code, stderr } = await kafka.tool('kafka-topics', ['--delete', '--topic', topic]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
    });
    await eventually(async () => expect(await idOf()).toBeUndefined());
    await createTopic(kafka, topic);
    await eventually(async () => {
      const after = await idOf();
      expect(after).toMatch(/^[0-9a-f-]{36}$/);
      expect(after).not.toBe(before);
    });
  });

  test.runIf(version === newestKafka)('a group of the new protocol is described beside a classic one', async () => {
    const { kafka } = cluster;
    const topic = await createTopic(kafka, freshName('clicks'));
    await produce(kafka, topic, 30);
    const modern = freshName('modern-group');
    const classic = freshName('classic-group');
    const consumers = [
      startConsoleConsumer({ kafka, groupId: modern, topic, protocol: 'consumer' }),
      startConsoleConsumer({ kafka, groupId: classic, topic, protocol: 'classic' }),
    ];
    try {
      await eventually(async () => {
        const view = await lookAtLocal(kafka);
        const groupOf = (id: string) => view.groups?.find(({ groupId }) => groupId === id);
        expect(groupOf(modern)).toMatchObject({ protocol: 'consumer', state: 'Stable', members: [{}] });
        expect(groupOf(modern)).not.toHaveProperty('problem');
        expect(groupOf(classic)).toMatchObject({ protocol: 'classic', state: 'Stable', members: [{}] });
        expect(groupOf(modern)?.members[0]?.assignment).toEqual([{ topic, partitions: [0, 1, 2] }]);
        expect(groupOf(modern)?.commits).toHaveLength(3);
        expect(commitRows(view)).toEqual(await commitsByTool(kafka));
        expect(memberRows(view)).toEqual(await membersByTool(kafka));
      });
    } finally {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    }
  });
});
