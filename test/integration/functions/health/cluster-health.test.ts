import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import type { Ports } from '../../../../functions/health/cluster-health/ports.ts';
import type { WakeEvent } from '../../../../shared/events/wake.ts';
import { eventually } from '../../../support/eventually.ts';
import { minuteMs } from '../../../support/health/builders.ts';
import { newsOf } from '../../../support/health/bus.ts';
import { checkClusterHealth, type Outside, outside } from '../../../support/health/health-ports.ts';
import { realHealthPorts } from '../../../support/health/real-brokers.ts';
import { createTopic, freshName, useKafka } from '../../../support/kafka/kafka.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';

const cluster = useKafka();
const wake = (scope: 'light' | 'full'): WakeEvent => ({ kind: 'manual', procedure: 'cluster-health', scope });

const realPorts = (kept: Outside, critical: string): Ports => realHealthPorts(cluster.kafka, kept, { critical });

test('a healthy cluster of three real brokers is ok in every finding of a daily run', async () => {
  const orders = await createTopic(cluster.kafka, 'orders', { settings: { 'min.insync.replicas': '2' } });
  await createTopic(cluster.kafka, 'orders.dlq');
  const kept = outside();
  const ports = realPorts(kept, orders);
  await checkClusterHealth(wake('light'), { ...ports, nowMs: () => Date.now() - 5 * minuteMs });
  const report = await checkClusterHealth(wake('full'), ports);
  expect(report.findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
  const found = (check: string) => report.findings.find((one) => one.check === check);
  expect(found('controller')).toMatchObject({ sources: ['brokers'], evidence: { toldBy: 'quorum' } });
  expect(found('topic-count')?.evidence.topicCount).toBeGreaterThanOrEqual(2);
  expect(found('critical-topic')).toMatchObject({ subject: 'topic orders', reason: 'as-configured' });
  expect(found('below-min-isr')).toMatchObject({ sources: ['brokers'] });
  expect(found('dead-letter')).toMatchObject({ reason: 'quiet' });
  expect(found('group-count')).toMatchObject({ reason: 'none' });
  const eachOther = report.findings.find(({ subject }) => subject === 'brokers and each other');
  expect(eachOther).toMatchObject({ check: 'source-agreement', reason: 'agree' });
  expect(report.findings.filter(({ check }) => check === 'log-directory')).toHaveLength(3);
  expect(report.kafkaRequestCountByApi).toMatchObject({ Metadata: expect.any(Number) });
  expect(newsOf(kept.onBus)).toEqual([]);
  expect(kept.metrics.filter(({ name }) => name === 'BrokersUnreachable').map(({ value }) => value)).toEqual([0, 0]);
});

/** A record and its marker, which readers of committed records never see. */
const abortTransaction = async (topic: string): Promise<void> => {
  const brokers = cluster.kafka.bootstrapServers();
  const client = new Kafka({ clientId: 'test-client', brokers, logLevel: logLevel.NOTHING });
  const producer = client.producer({ transactionalId: 'test-aborts', maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'never committed', partition: 0 }] });
    await transaction.abort();
  } finally {
    await producer.disconnect();
  }
};

test('F10 an aborted transaction in a dead-letter topic is told as offsets, which may hold no record', async () => {
  const topic = await createTopic(cluster.kafka, `${freshName('aborts')}.dlq`);
  const kept = outside();
  const ports = realPorts(kept, 'orders');
  await checkClusterHealth(wake('light'), { ...ports, nowMs: () => Date.now() - 5 * minuteMs });
  await abortTransaction(topic);
  // Kafka says that it is aborted before the marker is written.
  await eventually(async () => {
    const view = await lookAtLocal(cluster.kafka);
    expect(view.topics.find(({ name }) => name === topic)?.partitions[0]?.latestOffset).toBe(2n);
  });
  const report = await checkClusterHealth(wake('light'), ports);
  const found = report.findings.find(({ subject }) => subject === `topic ${topic}`);
  expect(found).toMatchObject({ check: 'dead-letter', reason: 'growing', evidence: { offsets: 2 } });
  expect(found?.message).toContain('went on by 2 offsets');
  expect(found?.message).toContain('may be markers of transactions, or records of one that was aborted');
});

test('a killed broker is named with its partitions although no metric shows it, told once, and its return told', async () => {
  const { kafka } = cluster;
  const critical = await createTopic(kafka, 'payments', { settings: { 'min.insync.replicas': '2' } });
  await createTopic(kafka, 'single', { partitions: 3, replicationFactor: 1 });
  const kept = outside();
  const ports = realPorts(kept, critical);
  await checkClusterHealth(wake('light'), ports);
  const [, , victim] = kafka.brokers;
  if (victim === undefined) throw new Error('three brokers were asked for');
  await victim.kill();

  const first = await checkClusterHealth(wake('light'), ports);
  const subject = `broker ${victim.id}`;
  const named = first.findings.find((one) => one.check === 'broker-answers' && one.subject === subject);
  expect(named).toMatchObject({ severity: 'critical', sources: ['brokers', 'msk'] });
  expect(Number(named?.evidence.affectedPartitionCount)).toBeGreaterThanOrEqual(4);
  expect(first.brokersUnreachable).toBe(1);
  // Brokers that are left may differ for a moment on who is gone.
  const disagreements = first.findings.filter(
    ({ check, subject }) => check === 'source-agreement' && subject !== 'brokers and each other',
  );
  expect(disagreements.map(({ reason }) => reason).toSorted()).toEqual([
    'active-but-silent',
    'metrics-healthy-but-silent',
  ]);
  expect(newsOf(kept.onBus).filter((news) => news.endsWith(` broker-answers|${subject}`))).toHaveLength(1);

  await eventually(async () => {
    const report = await checkClusterHealth(wake('light'), ports);
    const found = (check: string) => report.findings.find((one) => one.check === check);
    expect(found('offline-partitions')).toMatchObject({ severity: 'emergency', reason: 'no-leader' });
    expect(found('offline-partitions')?.evidence.partitions).toMatch(/single-\d/);
    expect(found('under-replicated')).toMatchObject({ severity: 'critical', sources: ['brokers'] });
    expect(report.findings[0]?.severity).toBe('emergency');
  });
  expect(newsOf(kept.onBus).some((news) => / emergency /.test(news))).toBe(true);
  expect(newsOf(kept.onBus).filter((news) => news.endsWith(` broker-answers|${subject}`))).toHaveLength(1);

  await victim.restart();
  await eventually(async () => {
    const report = await checkClusterHealth(wake('light'), ports);
    expect(report).toMatchObject({ brokersUnreachable: 0 });
    expect(report.findings.filter(({ severity }) => severity === 'critical' || severity === 'emergency')).toEqual([]);
  });
  const returned = newsOf(kept.onBus).filter((news) => news.endsWith(` broker-answers|${subject}`));
  expect(returned).toEqual([returned[0], `closed ok broker-answers|${subject}`]);
});

test('a broker that hangs costs a bounded wait and is named', async () => {
  const { kafka } = cluster;
  const [, frozen] = kafka.brokers;
  if (frozen === undefined) throw new Error('three brokers were asked for');
  const kept = outside();
  await frozen.freeze();
  try {
    const report = await checkClusterHealth(wake('light'), realPorts(kept, 'orders'));
    expect(
      report.findings.find((one) => one.check === 'broker-answers' && one.subject === `broker ${frozen.id}`),
    ).toMatchObject({
      severity: 'critical',
    });
    // What it may take, and not the minutes that a broker may hang.
    expect(report.durationMs).toBeLessThan(90_000);
  } finally {
    await frozen.thaw();
  }
});
