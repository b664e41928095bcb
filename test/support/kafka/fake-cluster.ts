import { DependencyError } from '../../../shared/core/errors.ts';
import { consumerGroupDescribe } from '../../../shared/kafka/codecs/consumer-group-describe.ts';
import type { ListedGroup } from '../../../shared/kafka/codecs/list-groups.ts';
import { latestTimestamp } from '../../../shared/kafka/codecs/list-offsets.ts';
import type { MetadataAnswer, MetadataRequest } from '../../../shared/kafka/codecs/metadata.ts';
import type { Codec } from '../../../shared/kafka/wire/codec.ts';
import type { ConnectionOptions, KafkaConnection } from '../../../shared/kafka/wire/transport.ts';

/** Groups named group-0, group-1 …, classic, empty. */
export const listedGroups = (count: number): ListedGroup[] =>
  Array.from({ length: count }, (_, index) => ({
    groupId: `group-${index}`,
    protocolType: 'consumer',
    state: 'Empty',
    type: 'classic',
  }));

type Options = {
  readonly groups?: readonly ListedGroup[];
  readonly committedOffset?: bigint;
  /** Partitions of `orders` without a leader. */
  readonly offlinePartitions?: readonly number[];
  readonly offlineGroupPartitions?: readonly number[];
  readonly replicaIds?: readonly number[];
  readonly missingApis?: readonly string[];
  readonly hasNoQuorumLeader?: boolean;
  readonly isConsumerGroup?: (group: ListedGroup) => boolean;
};

export type FakeCluster = {
  readonly bootstrapServers: readonly string[];
  readonly open: (options: ConnectionOptions) => Promise<KafkaConnection>;
  readonly refuse: (api: string, groupId: string, code: number) => void;
  readonly fail: (api: string, brokerId: number, error: Error) => void;
  /** Its old coordinator says NOT_COORDINATOR from now on. */
  readonly moveGroup: (groupId: string, brokerId: number) => void;
  /** Metadata of all topics still names the old leader, which refuses; asked by name, it names the new one. */
  readonly moveLeader: (topic: string, partition: number, brokerId: number) => void;
  readonly kill: (brokerId: number) => void;
  readonly hang: (brokerId: number) => void;
  readonly openCount: () => number;
  readonly openedAddresses: () => readonly string[];
};

const brokerIds = [1, 2, 3];
const portOf = (brokerId: number) => 9_000 + brokerId;
const notCoordinator = 16;
const notLeader = 6;

/**
 * Three brokers as answers, without bytes: topic `orders` with three partitions (leaders 1, 2, 3), groups spread over the
 * brokers in turn, the quorum led by broker 2 and Metadata's controller 3.
 */
export const fakeCluster = (options: Options): FakeCluster => {
  const { groups = [], committedOffset = 40n, offlinePartitions = [], replicaIds = [1, 2], missingApis = [] } = options;
  const isConsumerGroup = options.isConsumerGroup ?? (({ type }: ListedGroup) => type === 'consumer');
  const refused = new Map<string, number>();
  const failures = new Map<string, Error>();
  const coordinatorByGroup = new Map(groups.map(({ groupId }, index) => [groupId, brokerIds[index % 3] ?? 1]));
  const listedBy = new Map(coordinatorByGroup);
  const leaderByPartition = new Map([0, 1, 2].map((partition) => [`orders ${partition}`, partition + 1]));
  const staleLeaders = new Map<string, number>();
  const dead = new Set<number>();
  const hanging = new Set<number>();
  const openedAddresses: string[] = [];
  let openCount = 0;

  const partitionOf = (partition: number, leaderId: number) => ({
    errorCode: leaderId < 0 ? 5 : 0,
    partition,
    leaderId,
    leaderEpoch: 0,
    replicaIds,
    inSyncReplicaIds: [1],
    offlineReplicaIds: [],
  });

  const metadataAnswer = ({ topics: asked }: MetadataRequest): MetadataAnswer => {
    const leaderOf = (partition: number) => {
      const key = `orders ${partition}`;
      if (offlinePartitions.includes(partition)) return -1;
      return (asked === undefined ? staleLeaders.get(key) : undefined) ?? leaderByPartition.get(key) ?? -1;
    };
    const topic = (name: string, isInternal: boolean, partitions: MetadataAnswer['topics'][number]['partitions']) => ({
      errorCode: 0,
      name,
      topicId: '00000000-0000-0000-0000-000000000001',
      isInternal,
      partitions,
    });
    const offline = options.offlineGroupPartitions ?? [];
    const known = [
      topic(
        'orders',
        false,
        [0, 1, 2].map((partition) => partitionOf(partition, leaderOf(partition))),
      ),
      topic(
        '__consumer_offsets',
        true,
        offline.map((partition) => partitionOf(partition, -1)),
      ),
    ];
    return {
      brokers: brokerIds.map((id) => ({ id, host: '127.0.0.1', port: portOf(id), rack: undefined })),
      clusterId: 'cluster',
      controllerId: 3,
      topics: known.filter(({ name }) => asked === undefined || asked.includes(name)),
    };
  };

  const codeFor = (api: string, groupId: string, brokerId: number): number =>
    refused.get(`${api} ${groupId}`) ?? (coordinatorByGroup.get(groupId) === brokerId ? 0 : notCoordinator);

  const groupOf = (groupId: string) => groups.find((group) => group.groupId === groupId);

  const answers: Readonly<Record<string, (request: never, brokerId: number) => object>> = {
    Metadata: metadataAnswer,
    DescribeQuorum: () => ({
      errorCode: 0,
      partitionErrorCode: 0,
      leaderId: options.hasNoQuorumLeader ? -1 : 2,
      voterIds: brokerIds,
    }),
    ListGroups: (_request, brokerId) => ({
      errorCode: 0,
      groups: groups.filter(({ groupId }) => listedBy.get(groupId) === brokerId),
    }),
    DescribeGroups: ({ groupIds }: { groupIds: string[] }, brokerId) =>
      groupIds.map((groupId) => {
        const group = groupOf(groupId);
        const isKnown = group !== undefined && !isConsumerGroup(group);
        const errorCode = codeFor('DescribeGroups', groupId, brokerId);
        return { errorCode, groupId, state: isKnown ? 'Empty' : 'Dead', protocolType: 'consumer', members: [] };
      }),
    [consumerGroupDescribe.name]: ({ groupIds }: { groupIds: string[] }) =>
      groupIds.map((groupId) => ({ errorCode: 0, errorMessage: undefined, groupId, state: 'Stable', members: [] })),
    OffsetFetch: ({ groupIds }: { groupIds: string[] }, brokerId) =>
      groupIds.map((groupId) => ({
        groupId,
        errorCode: codeFor('OffsetFetch', groupId, brokerId),
        topics: [
          {
            topic: 'orders',
            partitions: [0, 1].map((partition) => ({ partition, offset: committedOffset, errorCode: 0 })),
          },
        ],
      })),
    FindCoordinator: ({ groupIds }: { groupIds: string[] }) =>
      groupIds.map((groupId) => ({ groupId, brokerId: coordinatorByGroup.get(groupId) ?? -1, errorCode: 0 })),
    ListOffsets: (
      { timestamp, topics }: { timestamp: bigint; topics: { topic: string; partitions: number[] }[] },
      brokerId,
    ) =>
      topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((partition) => ({
          partition,
          errorCode: leaderByPartition.get(`${topic} ${partition}`) === brokerId ? 0 : notLeader,
          offset: timestamp === latestTimestamp ? 100n : 10n,
        })),
      })),
    ListPartitionReassignments: () => ({ errorCode: 0, errorMessage: undefined, reassignments: [] }),
    DescribeLogDirs: () => ({
      errorCode: 0,
      directories: [
        {
          errorCode: 0,
          path: '/data',
          topics: [{ topic: 'orders', replicas: [{ partition: 0, sizeBytes: 3n, isFuture: false }] }],
          totalBytes: 100n,
          usableBytes: -1n,
        },
      ],
    }),
    DescribeConfigs: ({ topics }: { topics: string[] }) =>
      topics.map((topic) => ({
        errorCode: 0,
        errorMessage: undefined,
        topic,
        settings: [{ name: 'min.insync.replicas', value: '2' }],
      })),
  };

  const pauseUntilAborted = ({ signal, connectTimeoutMs }: ConnectionOptions): Promise<never> =>
    new Promise((_resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        reject(new DependencyError('Kafka connect', 'timed-out', 'no answer in time'));
      };
      const timer = setTimeout(end, connectTimeoutMs);
      signal?.addEventListener('abort', end, { once: true });
    });

  const open = async (wanted: ConnectionOptions): Promise<KafkaConnection> => {
    const { host, port } = wanted;
    const brokerId = port - 9_000;
    openedAddresses.push(`${host}:${port}`);
    if (dead.has(brokerId)) throw new DependencyError(`Kafka connect broker ${host}:${port}`, 'unreachable', 'refused');
    if (hanging.has(brokerId)) await pauseUntilAborted(wanted);
    openCount += 1;
    return {
      host,
      port,
      answerMs: 1,
      newestVersionOf: () => 17,
      versionOf: ({ name, maxVersion }) => (missingApis.includes(name) ? undefined : maxVersion),
      ask: async <Request, Answer extends object>({ name }: Codec<Request, Answer>, request: Request) => {
        const failure = failures.get(`${name} ${brokerId}`);
        if (failure !== undefined) throw failure;
        const answer = answers[name];
        if (answer === undefined) throw new Error(`the fake cluster has no ${name}`);
        // The table above is by name; each entry takes and gives its codec's own types.
        return answer(request as never, brokerId) as Answer;
      },
      close: async () => {
        openCount -= 1;
      },
    };
  };

  return {
    bootstrapServers: brokerIds.map((id) => `127.0.0.1:${portOf(id)}`),
    open,
    refuse: (api, groupId, code) => refused.set(`${api} ${groupId}`, code),
    fail: (api, brokerId, error) => failures.set(`${api} ${brokerId}`, error),
    moveGroup: (groupId, brokerId) => coordinatorByGroup.set(groupId, brokerId),
    moveLeader: (topic, partition, brokerId) => {
      const key = `${topic} ${partition}`;
      staleLeaders.set(key, leaderByPartition.get(key) ?? -1);
      leaderByPartition.set(key, brokerId);
    },
    kill: (brokerId) => dead.add(brokerId),
    hang: (brokerId) => hanging.add(brokerId),
    openCount: () => openCount,
    openedAddresses: () => openedAddresses,
  };
};
