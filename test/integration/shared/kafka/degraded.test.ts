import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { createTopic, freshName } from '../../../support/kafka/kafka.ts';
import { lookAtLocal, topicRows } from '../../../support/kafka/kafka-look.ts';
import { describeTopicsByTool } from '../../../support/kafka/kafka-oracle.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 3 });

const brokerNamed = (id: number) => {
  const broker = cluster.kafka.brokers.find((each) => each.id === id);
  if (broker === undefined) throw new Error(`no broker ${id}`);
  return broker;
};

test('a frozen broker costs a bounded wait, is named, and the rest of the cluster is read', async () => {
  const { kafka } = cluster;
  const topic = await createTopic(kafka, freshName('orders'));
  await eventually(async () => expect((await lookAtLocal(kafka)).problems).toEqual([]));
  const frozen = brokerNamed(2);
  await frozen.freeze();
  try {
    const startedMs = performance.now();
    const view = await lookAtLocal(kafka, {}, { connectTimeoutMs: 5_000, requestTimeoutMs: 5_000 });
    // Its deadline would end it much later.
    expect(performance.now() - startedMs).toBeLessThan(60_000);
    const named = view.brokers.find(({ id }) => id === 2);
    // A controller that takes it for dead already has dropped it from Metadata.
    if (named === undefined) expect(view.absentBrokerIds).toContain(2);
    else expect(named.problem).toMatchObject({ kind: 'timed-out' });
    for (const id of [1, 3])
      expect(view.brokers.find((broker) => broker.id === id)).toMatchObject({ logDirectories: [{}] });
    expect(view.topics.find(({ name }) => name === topic)?.partitions).toHaveLength(3);
  } finally {
    await frozen.thaw();
  }
  await eventually(async () => {
    const view = await lookAtLocal(kafka);
    expect(view.brokers.filter(({ problem }) => problem === undefined)).toHaveLength(3);
  });
});

test('a frozen first bootstrap server costs a second, not the look', async () => {
  const { kafka } = cluster;
  const frozen = brokerNamed(1);
  await frozen.freeze();
  try {
    const view = await lookAtLocal(
      kafka,
      { groups: false, ends: 'none' },
      { connectTimeoutMs: 2_000, requestTimeoutMs: 2_000 },
    );
    expect(view.brokers.length).toBeGreaterThanOrEqual(2);
    // Each question has a time-out of 2 s, and a look has more than twenty: one of them waits for it, not all.
    expect(view.durationMs).toBeLessThan(30_000);
  } finally {
    await frozen.thaw();
  }
  await eventually(async () => expect((await lookAtLocal(kafka)).brokers).toHaveLength(3));
});

test('a killed broker is named at once and absent later; its lonely partition is read as offline', async () => {
  const { kafka } = cluster;
  const replicated = await createTopic(kafka, freshName('orders'));
  const lonely = await createTopic(kafka, freshName('lonely'), { partitions: 3, replicationFactor: 1 });
  const before = await eventually(async () => {
    const view = await lookAtLocal(kafka);
    expect(view.topics.find(({ name }) => name === lonely)?.partitions).toHaveLength(3);
    expect(view.topics.find(({ name }) => name === replicated)?.partitions).toHaveLength(3);
    return view;
  });
  const victimId = 3;
  const hit = before.topics
    .find(({ name }) => name === lonely)
    ?.partitions.find(({ replicaIds }) => replicaIds.includes(victimId));
  if (hit === undefined) throw new Error('one of three lonely partitions lies on each broker');
  await brokerNamed(victimId).kill();
  try {
    const atOnce = await lookAtLocal(kafka);
    const named = atOnce.brokers.find(({ id }) => id === victimId);
    if (named === undefined) expect(atOnce.absentBrokerIds).toEqual([victimId]);
    else expect(named.problem).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });

    await eventually(async () => {
      const view = await lookAtLocal(kafka);
      expect(view.absentBrokerIds).toEqual([victimId]);
      const offline = view.topics
        .find(({ name }) => name === lonely)
        ?.partitions.find(({ partition }) => partition === hit.partition);
      expect(offline).not.toHaveProperty('leaderId');
      expect(offline).toMatchObject({ replicaIds: [victimId], offlineReplicaIds: [victimId] });
      expect(offline?.offsetsProblem).toMatchObject({ kind: 'kafka-error', code: 5 });
      for (const { leaderId, latestOffset, inSyncReplicaIds } of view.topics.find(({ name }) => name === replicated)
        ?.partitions ?? []) {
        expect(leaderId).not.toBe(victimId);
        expect(latestOffset).toBe(0n);
        expect(inSyncReplicaIds).toHaveLength(2);
      }
      expect(topicRows(view)).toEqual(await describeTopicsByTool(kafka));
    });
  } finally {
    await brokerNamed(victimId).restart();
  }
  await eventually(async () => {
    const view = await lookAtLocal(kafka);
    expect(view.absentBrokerIds).toEqual([]);
    expect(
      view.topics.flatMap(({ partitions }) => partitions).filter(({ leaderId }) => leaderId === undefined),
    ).toEqual([]);
  });
});
