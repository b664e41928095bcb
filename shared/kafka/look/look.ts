import type { ClusterView, LookRequest, WitnessView } from '../../core/cluster-view.ts';
import { type MetadataAnswer, metadata } from '../codecs/metadata.ts';
import { openConnection } from '../wire/transport.ts';
import type { BrokerLink } from './broker-link.ts';
import { fetchBroker, linkBrokers } from './brokers.ts';
import { fetchController } from './controller.ts';
import { fetchEnds } from './ends.ts';
import { fetchGroups } from './groups.ts';
import { type BrokerAddress, defaultConnectTimeoutMs, defaultRequestTimeoutMs, type LookOptions } from './options.ts';
import { newRequestCounter, type RequestCounter } from './request-counter.ts';
import { findSeed, type Seed } from './seed.ts';
import { fetchSettings } from './settings.ts';
import { absentBrokerIds, composeTopics, hiddenGroupsProblem } from './topics.ts';

const nothingSeen = (request: LookRequest, startedAtMs: number, seed: Seed): ClusterView => {
  const timedOut = { kind: 'timed-out', message: 'no broker described the cluster in time' } as const;
  const problems = seed.problems.length > 0 ? seed.problems : [{ what: 'metadata', problem: timedOut } as const];
  return {
    version: 1,
    takenAtMs: startedAtMs,
    durationMs: Date.now() - startedAtMs,
    controller: { toldBy: 'metadata', problem: problems[0]?.problem ?? timedOut },
    brokers: [],
    topics: [],
    witnesses: [],
    absentBrokerIds: request.expectedBrokerIds,
    problems,
    requestCountByApi: seed.requestCount === 0 ? {} : { [metadata.name]: seed.requestCount },
  };
};

const witnessOf = ({ brokers }: MetadataAnswer, { host, port }: BrokerAddress): WitnessView => {
  const brokerId = brokers.find((broker) => broker.host === host && broker.port === port)?.id;
  return {
    ...(brokerId === undefined ? {} : { brokerId }),
    address: `${host}:${port}`,
    depth: 'full',
    brokerIds: brokers.map(({ id }) => id),
  };
};

type DescribedCluster = Omit<ClusterView, 'version' | 'takenAtMs' | 'durationMs' | 'requestCountByApi'>;

const describeCluster = async (
  request: LookRequest,
  { answer, connection: seed }: NonNullable<Seed['winner']>,
  links: readonly BrokerLink[],
  counter: RequestCounter,
): Promise<DescribedCluster> => {
  const names = answer.topics.map(({ name }) => name);
  const brokerOf = async (link: BrokerLink, index: number) => {
    const broker = answer.brokers[index];
    return broker === undefined ? [] : [await fetchBroker(broker, link, request)];
  };
  const [controller, { groups, problems }, ends, settings, brokers] = await Promise.all([
    fetchController(links, answer.controllerId),
    request.groups ? fetchGroups(links, request) : { groups: undefined, problems: [] },
    fetchEnds(links, answer.topics, request.ends),
    fetchSettings(links, names, request.topicSettings),
    Promise.all(links.map(brokerOf)),
  ]);
  return {
    ...(answer.clusterId === undefined ? {} : { clusterId: answer.clusterId }),
    controller,
    brokers: brokers.flat().map((broker) => ({ ...broker, requestCount: counter.countOfBroker(broker.id) })),
    topics: composeTopics(answer.topics, ends, settings),
    witnesses: [witnessOf(answer, seed)],
    ...(groups === undefined ? {} : { groups }),
    absentBrokerIds: absentBrokerIds(answer, request.expectedBrokerIds),
    problems: [...problems, ...(request.groups ? hiddenGroupsProblem(answer.topics) : [])],
  };
};

/**
 * Looks at a whole cluster once, read only: 1 Metadata and 1 DescribeQuorum, then per broker at most ListGroups, two
 * descriptions, OffsetFetch, two ListOffsets and DescribeLogDirs, all brokers at the same time. DescribeConfigs goes to
 * one broker. Above 400 groups a broker, each further 400 cost one request more of each kind that concerns them.
 *
 * A sick cluster is still a view: a broker that does not answer costs its connect timeout and is told as a problem, and so
 * is a cluster where nobody answers (`problems` has `metadata`; `brokers` and `topics` are empty).
 */
export const lookAtCluster = async (request: LookRequest, options: LookOptions): Promise<ClusterView> => {
  const { answerTimeoutMs = defaultConnectTimeoutMs } = request;
  const { connectTimeoutMs = answerTimeoutMs, requestTimeoutMs = defaultRequestTimeoutMs } = options;
  const { authentication, bootstrapServers, deadlineAtMs, open = openConnection } = options;
  const startedAtMs = Date.now();
  const remainingMs = () => deadlineAtMs - Date.now();
  const openAddress = ({ host, port }: BrokerAddress, signal: AbortSignal) => {
    const timeoutMs = Math.max(0, Math.min(connectTimeoutMs, remainingMs()));
    return open({ host, port, authentication, connectTimeoutMs: timeoutMs, requestTimeoutMs, signal });
  };

  const seed = await findSeed(bootstrapServers, openAddress, remainingMs);
  if (seed.winner === undefined) return nothingSeen(request, startedAtMs, seed);
  const { connection, answer } = seed.winner;
  const counter = newRequestCounter();
  const { links, close } = linkBrokers(answer.brokers, connection, openAddress, counter, remainingMs);
  try {
    const cluster = await describeCluster(request, seed.winner, links, counter);
    return {
      version: 1,
      takenAtMs: startedAtMs,
      durationMs: Date.now() - startedAtMs,
      ...cluster,
      problems: [...seed.problems, ...cluster.problems],
      requestCountByApi: counter.countByApi(),
    };
  } finally {
    await close();
  }
};
