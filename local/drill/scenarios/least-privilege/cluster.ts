import kafkajs, { type AclOperationTypes, type AclResourceTypes, Kafka, logLevel } from 'kafkajs';
import { bareLook } from '../../../../shared/core/cluster-view.ts';
import { lookAtCluster } from '../../../../shared/kafka/look/look.ts';
import { type LocalKafka, startKafka } from '../../../kafka/start-kafka.ts';
import { quickSession } from '../../../world/brokers.ts';
import { untilSettled } from '../../../world/settling.ts';
import { deleteTopic, makeTopics } from '../../../world/topics.ts';

/** Who may see what: the first everything, the second one topic and one group, the third nothing. */
export const principals = ['mskeeper', 'some', 'nobody'] as const;
type Principal = (typeof principals)[number];

export const seenTopic = 'orders';
export const hiddenTopic = 'payments';
export const deletedTopic = 'refunds';
const seenGroup = 'billing';
const hiddenGroup = 'audit';

/** Brokers that let everybody in by SCRAM and show to each only what an ACL allows; by plaintext one may do all. */
export const startGuardedKafka = (signal: AbortSignal): Promise<LocalKafka> =>
  startKafka({
    brokerCount: 3,
    listeners: ['scram'],
    scramUsers: principals.filter((name) => name !== 'mskeeper'),
    settings: {
      ...quickSession,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
    signal,
  });

type Grant = {
  readonly resourceType: AclResourceTypes;
  readonly resourceName: string;
  readonly operation: AclOperationTypes;
};

// CommonJS: Node finds no names for these.
const { DESCRIBE, DESCRIBE_CONFIGS } = kafkajs.AclOperationTypes;
const { TOPIC, GROUP, CLUSTER } = kafkajs.AclResourceTypes;

const everything: readonly Grant[] = [
  { resourceType: TOPIC, resourceName: '*', operation: DESCRIBE },
  { resourceType: TOPIC, resourceName: '*', operation: DESCRIBE_CONFIGS },
  { resourceType: GROUP, resourceName: '*', operation: DESCRIBE },
  { resourceType: CLUSTER, resourceName: 'kafka-cluster', operation: DESCRIBE },
];

const aLittle: readonly Grant[] = [
  { resourceType: TOPIC, resourceName: seenTopic, operation: DESCRIBE },
  { resourceType: TOPIC, resourceName: seenTopic, operation: DESCRIBE_CONFIGS },
  { resourceType: GROUP, resourceName: seenGroup, operation: DESCRIBE },
];

const aclsOf = (principal: Principal, grants: readonly Grant[]) =>
  grants.map((grant) => ({
    ...grant,
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    principal: `User:${principal}`,
    host: '*',
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
  }));

/** Two topics and two groups of which one each is hidden from `some`, a topic that is gone, and the ACLs. */
export async function fillGuardedKafka(kafka: LocalKafka): Promise<void> {
  const servers = kafka.bootstrapServers();
  await makeTopics(
    servers,
    [seenTopic, hiddenTopic, deletedTopic].map((topic) => ({ topic, numPartitions: 3, replicationFactor: 3 })),
  );
  const admin = new Kafka({ clientId: 'mskeeper-drill', brokers: servers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    for (const groupId of [seenGroup, hiddenGroup])
      await untilSettled(() =>
        admin.setOffsets({ groupId, topic: seenTopic, partitions: [{ partition: 0, offset: '0' }] }),
      );
    await admin.createAcls({ acl: [...aclsOf('mskeeper', everything), ...aclsOf('some', aLittle)] });
  } finally {
    await admin.disconnect();
  }
  await deleteTopic(servers, deletedTopic);
}

/** What the arm reads from Secrets Manager to be this principal. */
export function secretOf({ scramUsers, certificates }: LocalKafka, principal: Principal): string {
  const user = scramUsers.find(({ username }) => username === principal);
  if (user === undefined || certificates === undefined) throw new Error(`the brokers know no user ${principal}`);
  return JSON.stringify({ ...user, ca: certificates.authority });
}

const lookMs = 20_000;

/** Names of the topics that this principal is shown, as every broker has the ACLs by then or not. */
export async function topicsShownTo(kafka: LocalKafka, principal: Principal): Promise<readonly string[]> {
  const { username, password, ca } = JSON.parse(secretOf(kafka, principal)) as Record<string, string>;
  if (username === undefined || password === undefined || ca === undefined) throw new Error('no such secret');
  const view = await lookAtCluster(bareLook, {
    bootstrapServers: kafka.bootstrapServers('scram'),
    authentication: { kind: 'scram', username, password, certificateAuthority: ca },
    deadlineAtMs: Date.now() + lookMs,
  });
  return view.topics.map(({ name }) => name);
}
