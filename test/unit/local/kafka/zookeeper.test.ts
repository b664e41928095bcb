import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { brokerSettings } from '../../../../local/kafka/broker-settings.ts';
import { startKafka } from '../../../../local/kafka/start-kafka.ts';
import { kafkaVersions } from '../../../../local/kafka/versions.ts';
import { readClusterId, zooKeeperSettings } from '../../../../local/kafka/zookeeper.ts';

test('ZooKeeper binds to loopback only, opens no second port, and grants the session that brokers ask for', () => {
  const settings = zooKeeperSettings(2181, '/z');
  expect(settings).toMatchObject({
    clientPort: '2181',
    clientPortAddress: '127.0.0.1',
    dataDir: '/z',
    'admin.enableServer': 'false',
  });
  const broker = { id: 1, controllerPort: 1, portByListener: { plaintext: 2 } };
  const ofBroker = brokerSettings({
    broker,
    cluster: [broker],
    logDirectory: '/d',
    zooKeeperAddress: '127.0.0.1:2181',
  });
  const asked = Number(ofBroker['zookeeper.session.timeout.ms']);
  // Within 2 to 20 ticks a server grants what is asked for; else the nearer end.
  expect(asked / Number(settings.tickTime)).toBeGreaterThanOrEqual(2);
  expect(asked / Number(settings.tickTime)).toBeLessThanOrEqual(20);
});

test.each(kafkaVersions.filter((version) => version.startsWith('4.')))(
  'Kafka %s with ZooKeeper is refused before anything is looked for on the machine',
  async (version) => {
    await expect(startKafka({ brokerCount: 3, version, hasZooKeeper: true })).rejects.toThrow(
      `Kafka ${version} has no ZooKeeper: it went with Kafka 4. Ask for version 3.6.2`,
    );
  },
);

test('a controller apart beside ZooKeeper is refused', async () => {
  const both = { brokerCount: 3, version: '3.6.2', hasZooKeeper: true, hasControllerApart: true } as const;
  await expect(startKafka(both)).rejects.toThrow('Kafka 3.6.2 has no controller apart here');
});

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mskeeper-zookeeper-'));
});
afterEach(() => rm(directory, { recursive: true }));

test("a cluster's id is read where a broker keeps it, and its absence told with the file", async () => {
  const path = join(directory, 'meta.properties');
  await writeFile(path, '#Sat Nov 28\nbroker.id=1\nversion=0\ncluster.id=TiOncjpIQQyBv-a6YxVyJg\n');
  expect(await readClusterId(directory)).toBe('TiOncjpIQQyBv-a6YxVyJg');
  await writeFile(path, 'broker.id=1\nversion=0\n');
  await expect(readClusterId(directory)).rejects.toThrow(`${path} names no cluster.id`);
});
