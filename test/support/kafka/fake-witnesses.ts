import { DependencyError } from '../../../shared/core/errors.ts';
import { latestTimestamp } from '../../../shared/kafka/codecs/list-offsets.ts';
import type { ReassignmentsAnswer } from '../../../shared/kafka/codecs/list-partition-reassignments.ts';
import type {
  MetadataAnswer,
  MetadataBroker,
  MetadataPartition,
  MetadataTopic,
} from '../../../shared/kafka/codecs/metadata.ts';
import type { Codec } from '../../../shared/kafka/wire/codec.ts';
import type { ConnectionOptions, KafkaConnection } from '../../../shared/kafka/wire/transport.ts';

/** Where a fake broker listens. */
const portOfFake = (id: number): number => 9_000 + id;

export const listedBroker = (id: number, more: Partial<MetadataBroker> = {}): MetadataBroker => ({
  id,
  host: `b-${id}`,
  port: portOfFake(id),
  rack: undefined,
  ...more,
});

export const serverOf = (id: number): string => `b-${id}:${portOfFake(id)}`;

/** Three copies, all in sync, led by the first, unless told otherwise. */
export const partitionOf = (partition: number, more: Partial<MetadataPartition> = {}): MetadataPartition => {
  const { replicaIds = [1, 2, 3] } = more;
  return {
    errorCode: 0,
    partition,
    leaderId: replicaIds[0] ?? -1,
    leaderEpoch: 5,
    replicaIds,
    inSyncReplicaIds: replicaIds,
    offlineReplicaIds: [],
    ...more,
  };
};

export const topicOf = (name: string, partitions: readonly MetadataPartition[] = [partitionOf(0)]): MetadataTopic => ({
  errorCode: 0,
  name,
  topicId: `00000000-0000-0000-0000-${name.length.toString().padStart(12, '0')}`,
  isInternal: false,
  partitions,
});

export const metadataOf = (more: Partial<MetadataAnswer> = {}): MetadataAnswer => ({
  brokers: [1, 2, 3].map((id) => listedBroker(id)),
  clusterId: 'ours',
  controllerId: 1,
  topics: [topicOf('orders')],
  ...more,
});

/** What an address knows, and how it answers. */
export type FakeMind = {
  readonly metadata?: Partial<MetadataAnswer>;
  /** Names that are left out of a list, and refused by name (29), as where we may not describe them. */
  readonly hiddenTopics?: readonly string[];
  /** The active controller, as it is told; −1: there is none. `none`: the broker has no quorum (ZooKeeper). */
  readonly quorumLeaderId?: number | 'none';
  readonly groupIds?: readonly string[];
  readonly reassignments?: Partial<ReassignmentsAnswer>;
  /** Before it lets anybody in. */
  readonly connectMs?: number;
  /** Before each answer. */
  readonly answerMs?: number;
  /** APIs that it never answers; `all`: none at all. */
  readonly unanswered?: readonly string[] | 'all';
  readonly isRefusing?: boolean;
  readonly fetchVersion?: number;
};

type FakeRequest = { readonly address: string; readonly api: string; readonly request: object };

const denied = 29;
const unknownTopic = 3;
const notLeader = 6;
const notController = 41;

const describe = (mind: FakeMind, names: readonly string[] | undefined): MetadataAnswer => {
  const { topics, ...rest } = metadataOf(mind.metadata);
  const { hiddenTopics = [] } = mind;
  const seen = topics.filter(({ name }) => !hiddenTopics.includes(name));
  if (names === undefined) return { ...rest, topics: seen };
  return {
    ...rest,
    topics: names.map((name) => {
      const nothing = { ...topicOf(name, []), topicId: undefined };
      if (hiddenTopics.includes(name)) return { ...nothing, errorCode: denied };
      return seen.find((topic) => topic.name === name) ?? { ...nothing, errorCode: unknownTopic };
    }),
  };
};

/** What it answers, by API. The names are the codecs'; each takes and gives its codec's own types. */
const answersOf = (mind: FakeMind, port: number): Readonly<Record<string, (request: never) => object>> => {
  const id = port - portOfFake(0);
  const { quorumLeaderId = 100, groupIds = [] } = mind;
  const { topics, controllerId } = metadataOf(mind.metadata);
  const leads = (name: string, partition: number) =>
    topics.find((topic) => topic.name === name)?.partitions.find((each) => each.partition === partition)?.leaderId ===
    id;
  const isAnsweringReassignments = quorumLeaderId !== 'none' || controllerId === id;
  return {
    Metadata: ({ topics: names }: { topics?: readonly string[] }) => describe(mind, names),
    DescribeQuorum: () => ({
      errorCode: 0,
      partitionErrorCode: 0,
      leaderId: quorumLeaderId === 'none' ? -1 : quorumLeaderId,
      voterIds: [100],
    }),
    ListPartitionReassignments: () => ({
      errorCode: isAnsweringReassignments ? 0 : notController,
      errorMessage: undefined,
      reassignments: [],
      ...(isAnsweringReassignments ? mind.reassignments : {}),
    }),
    ListGroups: () => ({
      errorCode: 0,
      groups: groupIds.map((groupId) => ({ groupId, protocolType: 'consumer', state: 'Empty', type: undefined })),
    }),
    DescribeGroups: (request: { groupIds: string[] }) =>
      request.groupIds.map((groupId) => ({
        errorCode: 0,
        groupId,
        state: 'Dead',
        protocolType: 'consumer',
        members: [],
      })),
    ConsumerGroupDescribe: (request: { groupIds: string[] }) =>
      request.groupIds.map((groupId) => ({
        errorCode: 0,
        errorMessage: undefined,
        groupId,
        state: 'Empty',
        members: [],
      })),
    OffsetFetch: (request: { groupIds: string[] }) =>
      request.groupIds.map((groupId) => ({ groupId, errorCode: 0, topics: [] })),
    ListOffsets: (request: { timestamp: bigint; topics: { topic: string; partitions: number[] }[] }) =>
      request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((partition) => ({
          partition,
          errorCode: leads(topic, partition) ? 0 : notLeader,
          offset: request.timestamp === latestTimestamp ? 100n : 10n,
        })),
      })),
    DescribeLogDirs: () => ({
      errorCode: 0,
      directories: [{ errorCode: 0, path: '/data', topics: [], totalBytes: 100n, usableBytes: 50n }],
    }),
    DescribeConfigs: (request: { topics: string[] }) =>
      request.topics.map((topic) => ({
        errorCode: 0,
        errorMessage: undefined,
        topic,
        settings: [{ name: 'min.insync.replicas', value: '2' }],
      })),
  };
};

const pauseUnlessAborted = (pauseMs: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(new DependencyError('Kafka connect', 'unreachable', 'given up'));
    };
    const timer = setTimeout(resolve, pauseMs);
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
  });

const timedOut = (what: string, address: string) =>
  new DependencyError(`Kafka ${what} broker ${address}`, 'timed-out', 'no answer in time');

/** Brokers as answers, without bytes, each with a mind of its own: what it knows may be old, filtered or another cluster's. */
export const fakeWitnesses = (minds: Readonly<Record<string, FakeMind>>) => {
  const requests: FakeRequest[] = [];
  const opened: string[] = [];
  let openCount = 0;

  const open = async (wanted: ConnectionOptions): Promise<KafkaConnection> => {
    const { host, port, connectTimeoutMs, requestTimeoutMs, signal } = wanted;
    const address = `${host}:${port}`;
    opened.push(address);
    const mind = minds[address];
    if (mind === undefined || mind.isRefusing) {
      throw new DependencyError(`Kafka connect broker ${address}`, 'unreachable', 'no connection: ECONNREFUSED');
    }
    const connectMs = mind.connectMs ?? 0;
    await pauseUnlessAborted(Math.min(connectMs, connectTimeoutMs), signal);
    if (connectMs >= connectTimeoutMs && connectMs > 0) throw timedOut('connect', address);
    openCount += 1;
    let isClosed = false;
    return {
      host,
      port,
      answerMs: connectMs,
      newestVersionOf: (apiKey) => (apiKey === 1 ? (mind.fetchVersion ?? 17) : 1),
      versionOf: ({ name, maxVersion }) =>
        name === 'DescribeQuorum' && mind.quorumLeaderId === 'none' ? undefined : maxVersion,
      ask: async <Request, Answer extends object>(
        { name }: Codec<Request, Answer>,
        request: Request,
        timeoutMs: number,
      ) => {
        requests.push({ address, api: name, request: request as object });
        const limitMs = Math.min(timeoutMs, requestTimeoutMs);
        const isUnanswered = mind.unanswered === 'all' || mind.unanswered?.includes(name);
        const answerMs = isUnanswered ? Number.POSITIVE_INFINITY : (mind.answerMs ?? 0);
        await pauseUnlessAborted(Math.min(answerMs, limitMs), undefined);
        if (answerMs >= limitMs) throw timedOut(name, address);
        const answer = answersOf(mind, port)[name];
        if (answer === undefined) throw new Error(`the fake brokers have no ${name}`);
        return answer(request as never) as Answer;
      },
      close: async () => {
        if (isClosed) throw new Error(`${address} was closed twice`);
        isClosed = true;
        openCount -= 1;
      },
    };
  };

  return { open, requests, opened, openCount: () => openCount };
};

/** The same mind for brokers 1, 2 and 3, but for what is said of each. */
export const threeMinds = (
  common: FakeMind,
  own: Readonly<Record<number, FakeMind>> = {},
): Readonly<Record<string, FakeMind>> =>
  Object.fromEntries([1, 2, 3].map((id) => [serverOf(id), { ...common, ...own[id] }]));
