import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import type { HealthReport } from '../../../../functions/health/cluster-health/core/report.ts';
import type { Ports } from '../../../../functions/health/cluster-health/ports.ts';
import { bareLook, type ClusterView } from '../../../../shared/core/cluster-view.ts';
import { eventually } from '../../../support/eventually.ts';
import { checkClusterHealth, outside } from '../../../support/health/health-ports.ts';
import { realHealthPorts } from '../../../support/health/real-brokers.ts';
import { beginnerOf, beginUnderLooks, mostRestarts } from '../../../support/kafka/begin-under-looks.ts';
import { createTopic, useKafka } from '../../../support/kafka/kafka.ts';
import {
  commitRows,
  logDirectoryRows,
  lookAtLocal,
  offsetRows,
  stateRows,
  topicRows,
} from '../../../support/kafka/kafka-look.ts';
import {
  commitsByTool,
  controllerByZooKeeper,
  describeTopicsByTool,
  logDirectoriesByTool,
  offsetsByTool,
  statesByTool,
} from '../../../support/kafka/kafka-oracle.ts';
import { startThrottledMove } from '../../../support/kafka/throttled-move.ts';

/**
 * Whoever comes by the plaintext listener may do anything, and so may brokers; the SCRAM user may do what rules allow: nothing.
 * Brokers speak to each other by TLS, as MSK's do: a first handshake takes long, and a broker that begins waits for it.
 */
const cluster = useKafka({
  brokerCount: 3,
  version: '3.6.2',
  hasZooKeeper: true,
  listeners: ['plaintext', 'tls', 'scram'],
  settings: {
    'authorizer.class.name': 'kafka.security.authorizer.AclAuthorizer',
    'super.users': 'User:ANONYMOUS',
    'inter.broker.listener.name': 'TLS',
  },
});

const clientOf = () =>
  new Kafka({ clientId: 'test-client', brokers: cluster.kafka.bootstrapServers(), logLevel: logLevel.NOTHING });

/** Some records, and an empty group that has read some of them. */
const writeAndCommit = async (topic: string): Promise<void> => {
  const producer = clientOf().producer();
  const admin = clientOf().admin();
  await producer.connect();
  await admin.connect();
  try {
    await producer.send({ topic, messages: Array.from({ length: 90 }, (_, index) => ({ value: `${index}` })) });
    const partitions = [0, 1].map((partition) => ({ partition, offset: '2' }));
    await admin.setOffsets({ groupId: 'readers', topic, partitions });
  } finally {
    await producer.disconnect();
    await admin.disconnect();
  }
};

test('with ZooKeeper a whole look is what the official tools say, and the controller whom ZooKeeper names', async () => {
  const { kafka } = cluster;
  await writeAndCommit(await createTopic(kafka, 'clicks'));
  await eventually(async () => {
    const view = await lookAtLocal(kafka, { topicNames: ['never'] });
    expect(view.problems).toEqual([]);
    expect(view.clusterId).toBe(kafka.clusterId);
    expect(view.controller).toEqual({ toldBy: 'metadata', brokerId: await controllerByZooKeeper(kafka) });
    expect(topicRows(view)).toEqual(await describeTopicsByTool(kafka));
    expect(offsetRows(view, 'latest')).toEqual(await offsetsByTool(kafka, 'latest'));
    expect(commitRows(view)).toEqual(await commitsByTool(kafka));
    expect(stateRows(view)).toEqual(await statesByTool(kafka));
    expect(logDirectoryRows(view)).toEqual(await logDirectoriesByTool(kafka));
    expect(view.topics.find(({ name }) => name === 'clicks')).toMatchObject({
      topicId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      settings: { 'min.insync.replicas': '2' },
    });
    expect(view.unlistedTopics).toMatchObject([{ name: 'never', problem: { kind: 'kafka-error', code: 3 } }]);
  });
});

test('with ZooKeeper a copy that a reassignment adds is told as such by the controller, who alone knows', async () => {
  const { kafka } = cluster;
  const { topic, addedId, cancel } = await startThrottledMove(kafka);
  try {
    await eventually(async () => {
      const view = await lookAtLocal(kafka, { groups: false, ends: 'none' });
      expect(view).not.toHaveProperty('reassignmentsProblem');
      const partition = view.topics.find(({ name }) => name === topic)?.partitions[0];
      expect(partition).toMatchObject({ addingReplicaIds: [addedId] });
      expect(partition?.inSyncReplicaIds).toHaveLength(2);
    });
  } finally {
    await cancel();
  }
});

test('with ZooKeeper a user who may see nothing is denied by name, and the controller is told all the same', async () => {
  const { kafka } = cluster;
  const { certificates, credentials } = kafka;
  if (certificates === undefined || credentials === undefined) throw new Error('a secured listener was asked for');
  const view = await lookAtLocal(
    kafka,
    { topicNames: ['clicks', 'never'] },
    {
      bootstrapServers: kafka.bootstrapServers('scram'),
      authentication: { kind: 'scram', ...credentials, certificateAuthority: certificates.authority },
    },
  );
  expect(view.topics).toEqual([]);
  expect(view.unlistedTopics).toMatchObject(
    ['clicks', 'never'].map((name) => ({ name, problem: { kind: 'denied', code: 29 } })),
  );
  expect(view.brokers.map(({ logDirectoriesProblem }) => logDirectoriesProblem?.kind)).toEqual(
    view.brokers.map(() => 'denied'),
  );
  expect(view.brokers.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(view.controller).toMatchObject({ toldBy: 'metadata', brokerId: expect.any(Number) });
  expect(view.controller).not.toHaveProperty('problem');
});

/** A light look, as cluster-health takes it first. */
const lookFrom = (bootstrapServers: readonly string[]): Promise<ClusterView> =>
  lookAtLocal(
    cluster.kafka,
    { ...bareLook, expectedBrokerIds: [1, 2, 3], topicNames: ['orders'] },
    { bootstrapServers },
  );

/**
 * One run of cluster-health, with its pauses, whose memory is empty: what it finds it says at once.
 *
 * @param first its first look, where it was taken already
 */
const check = (bootstrapServers: readonly string[], scope: 'light' | 'full', first?: ClusterView) => {
  const ports = realHealthPorts(cluster.kafka, outside(), {
    critical: 'orders',
    metadataMode: 'zookeeper',
    bootstrapServers,
  });
  const given = first === undefined ? [] : [first];
  const wake = { kind: 'manual', procedure: 'cluster-health', scope } as const;
  const fetchView: Ports['fetchView'] = async (request) => given.shift() ?? ports.fetchView(request);
  return checkClusterHealth(wake, { ...ports, wait: (ms) => delay(ms), fetchView });
};

const findingOf = ({ findings }: HealthReport, check: string) => findings.find((one) => one.check === check);

const pagesOf = ({ findings }: HealthReport): readonly string[] =>
  findings
    .filter(({ severity }) => severity === 'critical' || severity === 'emergency')
    .map(({ check, subject, reason }) => `${check} ${subject} ${reason}`)
    .toSorted();

const lateCopies = 'under-replicated cluster above-critical';

/** A broker described a cluster without brokers: as a witness among others, or as the only server that was asked. */
const hasMetBeginner = ({ witnesses, problems }: ClusterView): boolean =>
  witnesses.some(({ brokerIds }) => brokerIds.length === 0) ||
  problems.some(({ what, problem }) => what === 'metadata' && problem.kind === 'bad-answer');

test('with ZooKeeper a dead controller is one dead broker, and while it describes a cluster without brokers, as it begins anew, nobody is accused', async () => {
  const { kafka } = cluster;
  await createTopic(kafka, 'orders', { partitions: 30, settings: { 'min.insync.replicas': '2' } });
  const healthy = await eventually(async () => {
    const report = await check(kafka.bootstrapServers(), 'full');
    expect(report.findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
    return report;
  });
  const controller = findingOf(healthy, 'controller');
  expect(controller).toMatchObject({ reason: 'elected', sources: ['brokers'], evidence: { toldBy: 'metadata' } });
  const beginner = beginnerOf(kafka, Number(controller?.evidence.brokerId));
  const { victim, ordersWithItFirst, otherOrders } = beginner;
  const [order] = ordersWithItFirst;

  await victim.kill();
  // Until its session ends nobody else is elected, and the others go on naming it.
  expect(pagesOf(await check(order, 'light'))).toEqual([
    expect.stringMatching(`^broker-answers broker ${victim.id} (unreachable|not-in-cluster)$`),
  ]);
  await eventually(async () => {
    const report = await check(order, 'light');
    expect(pagesOf(report)).toEqual([`broker-answers broker ${victim.id} not-in-cluster`, lateCopies]);
    expect(findingOf(report, 'controller')).toMatchObject({ severity: 'ok', reason: 'elected' });
    expect(findingOf(report, 'controller')?.evidence.brokerId).not.toBe(victim.id);
  });

  let metAsFirstCount = 0;
  for (let restart = 1; restart <= mostRestarts && metAsFirstCount === 0; restart += 1) {
    const reports: Promise<HealthReport>[] = [];
    const orders = [...ordersWithItFirst, ...otherOrders];
    await beginUnderLooks(beginner, orders, lookFrom, hasMetBeginner, ({ servers, view }) => {
      if (ordersWithItFirst.some((first) => first === servers)) metAsFirstCount += 1;
      if (servers.length > 1) expect(view.topics.find(({ name }) => name === 'orders')?.partitions).toHaveLength(30);
      reports.push(check(servers, 'light', view));
    });
    for (const report of await Promise.all(reports)) {
      // Its copies are late still; nothing else is wrong.
      expect(pagesOf(report).filter((page) => page !== lateCopies)).toEqual([]);
      expect(findingOf(report, 'cluster-answers')).toMatchObject({ reason: 'answers' });
      expect(findingOf(report, 'controller')).toMatchObject({ reason: 'elected' });
      expect(findingOf(report, 'critical-topic')).toMatchObject({ subject: 'topic orders', reason: 'as-configured' });
    }
  }
  expect(metAsFirstCount, `nothing is proven: looks that met it first, in ${mostRestarts} restarts`).toBeGreaterThan(0);
  await eventually(async () => expect((await check(order, 'light')).worst).toBe('ok'));
});
