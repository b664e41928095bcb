import type { LocalKafka } from '../../../local/kafka/start-kafka.ts';
import type { ClusterView, LookRequest } from '../../../shared/core/cluster-view.ts';
import { lookAtCluster } from '../../../shared/kafka/look/look.ts';
import type { LookOptions } from '../../../shared/kafka/look/options.ts';

const everything: LookRequest = {
  groups: true,
  commits: true,
  ends: 'both',
  logDirectories: true,
  topicSettings: ['min.insync.replicas', 'retention.ms'],
  expectedBrokerIds: [1, 2, 3],
};

/** Everything there is to see of a local cluster. */
export const lookAtLocal = (
  kafka: LocalKafka,
  request: Partial<LookRequest> = {},
  options: Partial<LookOptions> = {},
): Promise<ClusterView> =>
  lookAtCluster(
    { ...everything, ...request },
    {
      bootstrapServers: kafka.bootstrapServers(),
      authentication: { kind: 'plaintext' },
      deadlineAtMs: Date.now() + 120_000,
      ...options,
    },
  );

const sortedIds = (ids: readonly number[]): string => [...ids].map(String).sort().join(',');

/** The same facts as in kafka-oracle.ts, from a view. */
export const topicRows = ({ topics }: ClusterView): readonly string[] =>
  topics
    .flatMap(({ name, partitions }) =>
      partitions.map(
        ({ partition, leaderId = -1, replicaIds, inSyncReplicaIds }) =>
          `${name} ${partition} leader=${leaderId} replicas=${replicaIds.join(',')} isr=${sortedIds(inSyncReplicaIds)}`,
      ),
    )
    .sort();

export const offsetRows = ({ topics }: ClusterView, end: 'earliest' | 'latest'): readonly string[] =>
  topics
    .flatMap(({ name, partitions }) =>
      partitions.map(
        (each) => `${name} ${each.partition} ${end === 'latest' ? each.latestOffset : each.earliestOffset}`,
      ),
    )
    .sort();

export const commitRows = ({ topics, groups = [] }: ClusterView): readonly string[] => {
  const endOf = (topic: string, partition: number) =>
    topics.find(({ name }) => name === topic)?.partitions.find((each) => each.partition === partition)?.latestOffset;
  return groups
    .flatMap(({ groupId, commits = [] }) =>
      commits.map(({ topic, partition, committedOffset }) =>
        [groupId, topic, partition, committedOffset, endOf(topic, partition)].join(' '),
      ),
    )
    .sort();
};

export const stateRows = ({ groups = [] }: ClusterView): readonly string[] =>
  groups.map(({ groupId, state }) => `${groupId} ${state}`).sort();

export const memberRows = ({ groups = [] }: ClusterView): readonly string[] =>
  groups
    .flatMap(({ groupId, members }) =>
      members.map(({ clientId, assignment }) => {
        const count = assignment.reduce((sum, { partitions }) => sum + partitions.length, 0);
        return `${groupId} ${clientId} ${count}`;
      }),
    )
    .sort();

export const logDirectoryRows = ({ brokers }: ClusterView): readonly string[] =>
  brokers
    .flatMap(({ id, logDirectories = [] }) => logDirectories.map(({ path, usedBytes }) => `${id} ${path} ${usedBytes}`))
    .sort();
