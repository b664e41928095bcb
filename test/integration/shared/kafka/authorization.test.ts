import {
  type AclEntry,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { createTopic, freshName, useKafka } from '../../../support/kafka/kafka.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';

/** Brokers among themselves, and these tests by the same listener, may do anything; the SCRAM user what rules allow. */
const cluster = useKafka({
  brokerCount: 1,
  listeners: ['plaintext', 'scram'],
  settings: {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  },
});

type Rule = readonly [type: AclResourceTypes, name: string, operation: AclOperationTypes];

const allow = async (rules: readonly Rule[]): Promise<void> => {
  const client = { clientId: 'test-client', brokers: cluster.kafka.bootstrapServers(), logLevel: logLevel.NOTHING };
  const admin = new Kafka(client).admin();
  const acl = rules.map(
    ([resourceType, resourceName, operation]): AclEntry => ({
      resourceType,
      resourceName,
      operation,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: 'User:mskeeper',
      host: '*',
      permissionType: AclPermissionTypes.ALLOW,
    }),
  );
  await admin.connect();
  try {
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
};

const lookAsUser = (topicNames: readonly string[]) => {
  const { kafka } = cluster;
  const { certificates, credentials } = kafka;
  if (certificates === undefined || credentials === undefined) throw new Error('a secured listener was asked for');
  return lookAtLocal(
    kafka,
    { expectedBrokerIds: [1], topicNames },
    {
      bootstrapServers: kafka.bootstrapServers('scram'),
      authentication: { kind: 'scram', ...credentials, certificateAuthority: certificates.authority },
    },
  );
};

test('what a user may not see is denied by name, however much of it is allowed', async () => {
  const { kafka } = cluster;
  const { CLUSTER, GROUP, TOPIC } = AclResourceTypes;
  const { DESCRIBE, DESCRIBE_CONFIGS } = AclOperationTypes;
  const [seen, hidden] = [
    await createTopic(kafka, freshName('seen'), { replicationFactor: 1 }),
    await createTopic(kafka, freshName('hidden'), { replicationFactor: 1 }),
  ];
  const never = freshName('never');
  const names = [seen, hidden, never];
  const told = (view: Awaited<ReturnType<typeof lookAsUser>>) => ({
    topics: view.topics.map(({ name }) => name).filter((name) => names.includes(name)),
    unlisted: view.unlistedTopics?.map(({ name, problem }) => [name, problem.kind, problem.code]),
    controller: view.controller.problem?.kind ?? 'told',
    logDirectories: view.brokers[0]?.logDirectoriesProblem?.kind ?? 'told',
  });

  const nothing = told(await lookAsUser(names));
  expect(nothing).toEqual({
    topics: [],
    unlisted: names.map((name) => [name, 'denied', 29]),
    controller: 'denied',
    logDirectories: 'denied',
  });

  await allow([[TOPIC, seen, DESCRIBE]]);
  await eventually(async () => {
    expect(told(await lookAsUser(names))).toEqual({
      topics: [seen],
      unlisted: [hidden, never].map((name) => [name, 'denied', 29]),
      controller: 'denied',
      logDirectories: 'denied',
    });
  });

  await allow([
    [TOPIC, '*', DESCRIBE],
    [TOPIC, '*', DESCRIBE_CONFIGS],
    [GROUP, '*', DESCRIBE],
    [CLUSTER, 'kafka-cluster', DESCRIBE],
  ]);
  await eventually(async () => {
    const view = await lookAsUser(names);
    expect(told(view)).toEqual({
      topics: [hidden, seen],
      unlisted: [[never, 'kafka-error', 3]],
      controller: 'told',
      logDirectories: 'told',
    });
    expect(view.topics.find(({ name }) => name === seen)).toMatchObject({ settings: { 'min.insync.replicas': '1' } });
  });
});
