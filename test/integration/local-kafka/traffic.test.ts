import { expect, it } from 'vitest';
import { manualClock } from '../../../local/clock.ts';
import { startMetricsPump } from '../../../local/metrics-pump/metrics-pump.ts';
import { clientOptions } from '../../../local/traffic/client-options.ts';
import { startConsoleConsumer } from '../../../local/traffic/console-consumer.ts';
import { startConsumer } from '../../../local/traffic/consumer.ts';
import { startProducer } from '../../../local/traffic/producer.ts';
import { lookAtCluster } from '../../../shared/kafka/look/look.ts';
import { eventually } from '../../support/eventually.ts';
import { createTopic, freshName } from '../../support/kafka/kafka.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

const local = shareKafka({ brokerCount: 3 });

/** Sum of all end offsets of a topic, as kafka-get-offsets tells them. */
const endOf = async (topic: string) => {
  const { stdout } = await local.kafka.tool('kafka-get-offsets', ['--topic', topic]);
  return stdout
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line.split(':')[2]), 0);
};

const describeGroup = async (group: string, ...more: string[]) =>
  (await local.kafka.tool('kafka-consumer-groups', ['--describe', '--group', group, ...more])).stdout;

it('counts as sent exactly what the brokers took, at about the rate that was asked for', async () => {
  const topic = await createTopic(local.kafka, freshName('orders'));
  const startedAtMs = Date.now();
  const producer = await startProducer({ client: clientOptions(local.kafka, 'scram'), topic, messagesPerSecond: 100 });
  await eventually(() => expect(producer.sentCount).toBeGreaterThan(200));
  await producer.stop();
  const seconds = (Date.now() - startedAtMs) / 1000;
  expect(producer.failedCount).toBe(0);
  expect(producer.sentCount).toBeLessThanOrEqual(Math.ceil(seconds * 100));
  expect(await endOf(topic)).toBe(producer.sentCount);
});

it('reads everything, commits it, and leaves an empty group behind', async () => {
  const topic = await createTopic(local.kafka, freshName('orders'));
  const client = clientOptions(local.kafka);
  const producer = await startProducer({ client, topic, messagesPerSecond: 100 });
  const groupId = freshName('billing');
  const overTls = clientOptions(local.kafka, 'scram');
  const consumer = await startConsumer({ client: overTls, groupId, topics: [topic] });
  await eventually(() => expect(consumer.readCount).toBeGreaterThan(50));
  await producer.stop();
  await eventually(() => expect(consumer.readCount).toBe(producer.sentCount));
  await consumer.stop();
  expect(await describeGroup(groupId, '--state')).toMatch(/Empty\s+0/);
  const lags = [...(await describeGroup(groupId)).matchAll(/orders-\S+\s+\d+\s+(\d+)\s+(\d+)\s+(\d+)/g)];
  expect(lags.map(([, , , lag]) => lag)).toEqual(['0', '0', '0']);
});

it('makes a group of the new protocol by the console consumer', async () => {
  const topic = await createTopic(local.kafka, freshName('orders'));
  const groupId = freshName('new');
  const consumer = startConsoleConsumer({ kafka: local.kafka, groupId, topic, protocol: 'consumer' });
  await eventually(async () => {
    const { stdout } = await local.kafka.tool('kafka-consumer-groups', ['--list', '--type']);
    expect(stdout).toMatch(new RegExp(`${groupId}\\s+Consumer`));
    expect(await describeGroup(groupId, '--state')).toMatch(/Stable\s+1/);
  });
  await consumer.stop();
  await eventually(async () => expect(await describeGroup(groupId, '--state')).toMatch(/Empty\s+0/));
});

it('is measured by the pump as the official tools see it', async () => {
  const { kafka } = local;
  const topic = await createTopic(kafka, freshName('orders'), { partitions: 3 });
  const groupId = freshName('billing');
  const producer = await startProducer({ client: clientOptions(kafka), topic, messagesPerSecond: 100 });
  await eventually(() => expect(producer.sentCount).toBeGreaterThan(100));
  await producer.stop();
  const read = ['--topic', topic, '--group', groupId, '--from-beginning', '--max-messages', '40'];
  await kafka.tool('kafka-console-consumer', read);

  const pump = startMetricsPump({
    clusterName: 'demo',
    traits: { brokerKind: 'standard', metadataMode: 'kraft', monitoringLevel: 'DEFAULT' },
    volumeGiB: () => 100,
    look: (request) =>
      lookAtCluster(request, {
        bootstrapServers: kafka.bootstrapServers(),
        authentication: { kind: 'plaintext' },
        deadlineAtMs: Date.now() + 10_000,
      }),
    putMetricData: async () => undefined,
    clock: manualClock(0),
    intervalMs: 60_000,
    onFailure: (failure) => expect.unreachable(String(failure)),
  });
  const points = await pump.pump();
  await pump.stop();

  const lags = [...(await describeGroup(groupId)).matchAll(/orders-\S+\s+\d+\s+(\d+)\s+(\d+)\s+(\d+)/g)].map(
    ([, , , lag]) => Number(lag),
  );
  const lagOf = (name: string) =>
    points.find((point) => point.name === name && point.dimensions['Consumer Group'] === groupId)?.value;
  expect(lagOf('SumOffsetLag')).toBe(lags.reduce((sum, lag) => sum + lag, 0));
  expect(lagOf('MaxOffsetLag')).toBe(Math.max(...lags));

  const { stdout } = await kafka.tool('kafka-log-dirs', ['--describe', '--broker-list', '2']);
  const usedBytes = [...stdout.matchAll(/"size":(\d+)/g)].reduce((sum, [, size]) => sum + Number(size), 0);
  const disk = points.find((point) => point.name === 'KafkaDataLogsDiskUsed' && point.dimensions['Broker ID'] === '2');
  expect(disk?.value).toBeCloseTo((usedBytes / (100 * 1024 * 1024)) * 100, 6);
});
