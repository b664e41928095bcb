import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { findCoordinator } from '../../shared/kafka/codecs/find-coordinator.ts';
import { metadata } from '../../shared/kafka/codecs/metadata.ts';
import { lookAtCluster } from '../../shared/kafka/look/look.ts';
import { type KafkaConnection, openConnection } from '../../shared/kafka/wire/transport.ts';
import { offsetCommit } from './offset-commit.ts';
import { type BenchSize, commitsOf, groupName, topicsOf } from './size.ts';

const requestTimeoutMs = 60_000;
/** KRaft makes at most 10,000 records of one request. */
const topicsPerRequest = 20;
const topicsPerBatch = 10;
/** What every group has committed; every partition holds three records, so each lags by one. */
const committedOffset = 2n;
const recordsPerPartition = 3;

const open = (host: string, port: number): Promise<KafkaConnection> =>
  openConnection({ host, port, authentication: { kind: 'plaintext' }, connectTimeoutMs: 10_000, requestTimeoutMs });

const addressOf = (server: string): readonly [string, number] => {
  const colon = server.lastIndexOf(':');
  return [server.slice(0, colon), Number(server.slice(colon + 1))];
};

const pauseMs = 200;
const patienceMs = 60_000;

const justEnds = {
  groups: false,
  commits: false,
  ends: 'latest',
  logDirectories: false,
  topicSettings: [],
  expectedBrokerIds: [],
} as const;

/** kafkajs gives up where a leader does not know yet that it leads, so this waits until every leader answers. */
const everyLeaderAnswers = async (servers: readonly string[], partitionCount: number): Promise<void> => {
  const deadlineAtMs = Date.now() + patienceMs;
  for (;;) {
    const authentication = { kind: 'plaintext' } as const;
    const { topics } = await lookAtCluster(justEnds, { bootstrapServers: servers, authentication, deadlineAtMs });
    const answered = topics
      .flatMap(({ partitions }) => partitions)
      .filter(({ latestOffset }) => latestOffset !== undefined);
    if (answered.length >= partitionCount) return;
    if (Date.now() > deadlineAtMs) throw new Error(`leaders of only ${answered.length} partitions answer`);
    await pause(pauseMs);
  }
};

const createTopics = async (servers: readonly string[], size: BenchSize): Promise<void> => {
  const kafka = new Kafka({
    clientId: 'bench',
    brokers: [...servers],
    logLevel: logLevel.NOTHING,
    requestTimeout: requestTimeoutMs,
  });
  const admin = kafka.admin();
  const producer = kafka.producer();
  const topics = topicsOf(size);
  try {
    await admin.connect();
    for (let start = 0; start < topics.length; start += topicsPerRequest) {
      const batch = topics.slice(start, start + topicsPerRequest);
      await admin.createTopics({
        waitForLeaders: false,
        timeout: requestTimeoutMs,
        topics: batch.map(({ topic, partitions: numPartitions }) => ({ topic, numPartitions, replicationFactor: 1 })),
      });
    }
    await everyLeaderAnswers(servers, size.partitions);
    await producer.connect();
    for (let start = 0; start < topics.length; start += topicsPerBatch) {
      const batch = topics.slice(start, start + topicsPerBatch).map(({ topic, partitions }) => ({
        topic,
        messages: Array.from({ length: partitions * recordsPerPartition }, (_, index) => ({
          partition: index % partitions,
          value: `record ${index}`,
        })),
      }));
      await producer.sendBatch({ topicMessages: batch, acks: 1 });
    }
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
};

const fetchCoordinators = async (seed: KafkaConnection, groupIds: readonly string[]) => {
  const deadlineMs = Date.now() + patienceMs;
  for (;;) {
    const answer = await seed.ask(findCoordinator, { groupIds }, requestTimeoutMs);
    // The first question makes Kafka create the topic that keeps groups.
    if (answer.every(({ errorCode }) => errorCode === 0)) return answer;
    if (Date.now() > deadlineMs) throw new Error('groups found no coordinator within 60 s');
    await pause(pauseMs);
  }
};

/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR: a new partition of groups is being taken up. */
const passingCodes: ReadonlySet<number> = new Set([14, 15, 16]);

const commitGroup = async (connection: KafkaConnection, size: BenchSize, group: number): Promise<void> => {
  const request = { groupId: groupName(group), topics: commitsOf(size, group), offset: committedOffset };
  const deadlineMs = Date.now() + patienceMs;
  for (;;) {
    const { errorCodes } = await connection.ask(offsetCommit, request, requestTimeoutMs);
    if (errorCodes.length === 0) return;
    if (errorCodes.some((code) => !passingCodes.has(code)) || Date.now() > deadlineMs) {
      throw new Error(`${request.groupId}: commits refused with ${[...new Set(errorCodes)].join(', ')}`);
    }
    await pause(pauseMs);
  }
};

const commitGroups = async (servers: readonly string[], size: BenchSize): Promise<void> => {
  const opened: KafkaConnection[] = [];
  try {
    const seed = await open(...addressOf(servers[0] ?? ''));
    opened.push(seed);
    const { brokers } = await seed.ask(metadata, { topics: [] }, requestTimeoutMs);
    const groupIds = Array.from({ length: size.groups }, (_, group) => groupName(group));
    const coordinators = await fetchCoordinators(seed, groupIds);
    await Promise.all(
      brokers.map(async ({ id, host, port }) => {
        const connection = await open(host, port);
        opened.push(connection);
        const ours = new Set(coordinators.filter(({ brokerId }) => brokerId === id).map(({ groupId }) => groupId));
        for (const [group, groupId] of groupIds.entries()) {
          if (ours.has(groupId)) await commitGroup(connection, size, group);
        }
      }),
    );
  } finally {
    await Promise.all(opened.map((connection) => connection.close()));
  }
};

/** Fills an empty cluster: partitions with three records each and replication factor 1, groups with their commits. */
export const fillCluster = async (servers: readonly string[], size: BenchSize): Promise<void> => {
  await createTopics(servers, size);
  await commitGroups(servers, size);
};
