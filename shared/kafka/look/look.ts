import type { ClusterView, LookRequest, ViewProblem } from '../../core/cluster-view.ts';
import { openConnection } from '../wire/transport.ts';
import { linkAddresses } from './address-link.ts';
import { problemOfListing } from './advertised.ts';
import { type Agreement, agree } from './agreement.ts';
import { problemsOfServers } from './bootstrap-problems.ts';
import { askableOf, composeBroker, fetchLogDirectoriesOf, type LinkedBroker, linkBrokers } from './brokers.ts';
import { fetchController } from './controller.ts';
import { fetchEnds } from './ends.ts';
import { fetchGroups } from './groups.ts';
import { fetchNamedTopics } from './named-topics.ts';
import {
  type BrokerAddress,
  defaultConnectTimeoutMs,
  defaultRequestTimeoutMs,
  type LookOptions,
  parseBrokerAddress,
} from './options.ts';
import { fetchReassignments } from './reassignments.ts';
import { newRequestCounter, type RequestCounter } from './request-counter.ts';
import { fetchSettings } from './settings.ts';
import { absentBrokerIds, composeTopics, hiddenGroupsProblem } from './topics.ts';
import { hearWitnesses } from './witnesses.ts';

/** What is seen of a cluster, without when it was looked at and what that cost. */
type Sight = Omit<ClusterView, 'version' | 'takenAtMs' | 'durationMs' | 'requestCountByApi'>;

const timedOut: ViewProblem = { kind: 'timed-out', message: 'no broker described the cluster in time' };

const nothingSeen = (request: LookRequest, told: ClusterView['problems']): Sight => {
  const problems = told.length > 0 ? told : [{ what: 'metadata', problem: timedOut } as const];
  return {
    controller: { toldBy: 'metadata', problem: problems[0]?.problem ?? timedOut },
    brokers: [],
    topics: [],
    witnesses: [],
    absentBrokerIds: request.expectedBrokerIds,
    problems,
  };
};

const describeCluster = async (
  request: LookRequest,
  agreement: Agreement,
  linked: readonly LinkedBroker[],
  counter: RequestCounter,
): Promise<Sight> => {
  const { clusterId, brokers: listed, topics: agreed, witnesses, testimonies } = agreement;
  const askable = askableOf(linked, witnesses);
  const links = linked.map(({ link }) => link);
  const listedNames = new Set(agreed.map(({ name }) => name));
  const unlistedNames = [...new Set(request.topicNames)].filter((name) => !listedNames.has(name));
  const { topics: named, unlisted } = await fetchNamedTopics(askable, unlistedNames, agreement);
  const topics = [...agreed, ...named];
  const learnController = async () => {
    const controller = await fetchController(askable, testimonies);
    return { controller, reassignments: await fetchReassignments(askable, links, topics, controller) };
  };
  const [{ controller, reassignments }, { groups, problems }, ends, settingsByTopic, directories] = await Promise.all([
    learnController(),
    request.groups ? fetchGroups(askable, links, request) : { groups: undefined, problems: [] },
    fetchEnds(askable, links, topics, request.ends),
    fetchSettings(
      askable,
      topics.map(({ name }) => name),
      request.topicSettings,
    ),
    fetchLogDirectoriesOf(linked, request),
  ]);
  const brokers = await Promise.all(
    linked.map(async (each) => ({
      ...(await composeBroker(each)),
      ...directories.get(each.broker.id),
      requestCount: each.isAsked ? counter.countOfAddress(each.broker) : 0,
    })),
  );
  return {
    ...(clusterId === undefined ? {} : { clusterId }),
    controller,
    brokers,
    topics: composeTopics(topics, { ends, settingsByTopic, movingByTopic: reassignments.movingByTopic }),
    ...(unlisted.length === 0 ? {} : { unlistedTopics: unlisted }),
    ...(reassignments.problem === undefined ? {} : { reassignmentsProblem: reassignments.problem }),
    witnesses,
    ...(groups === undefined ? {} : { groups }),
    absentBrokerIds: absentBrokerIds(listed, topics, request.expectedBrokerIds),
    problems: [...problems, ...(request.groups ? hiddenGroupsProblem(topics, listed) : [])],
  };
};

/**
 * Looks at a whole cluster once, read only. Metadata goes to every broker: two are asked for everything, the others for the
 * list of brokers, a third for everything where they disagree, and what they say together stands (`witnesses`). Then per
 * broker at most ListGroups, two descriptions, OffsetFetch, two ListOffsets and DescribeLogDirs, all brokers at the same
 * time. What any broker can answer is asked of one, and of up to two more where it does not answer within a second:
 * DescribeQuorum, DescribeConfigs, and ListPartitionReassignments where copies are late or uneven. Topics that are asked for
 * by name and in no list cost two Metadata. Above 400 groups a broker, each further 400 cost one request more of each kind
 * that concerns them.
 *
 * A sick cluster is still a view: a broker that does not answer costs its connect timeout and is told as a problem, and so
 * is a cluster where nobody answers (`problems` has `metadata`; `brokers` and `topics` are empty). An address that must not
 * be connected to is not, and its broker has the reason as its problem.
 */
export const lookAtCluster = async (request: LookRequest, options: LookOptions): Promise<ClusterView> => {
  const { answerTimeoutMs = defaultConnectTimeoutMs } = request;
  const { connectTimeoutMs = answerTimeoutMs, requestTimeoutMs = defaultRequestTimeoutMs } = options;
  const { authentication, bootstrapServers, deadlineAtMs, open = openConnection } = options;
  const { refusalOf = () => undefined } = options;
  const startedAtMs = Date.now();
  const remainingMs = () => deadlineAtMs - Date.now();
  const openAddress = ({ host, port }: BrokerAddress, signal: AbortSignal) => {
    const timeoutMs = Math.max(0, Math.min(connectTimeoutMs, remainingMs()));
    return open({ host, port, authentication, connectTimeoutMs: timeoutMs, requestTimeoutMs, signal });
  };
  const counter = newRequestCounter();
  const links = linkAddresses(openAddress, counter, remainingMs);
  const see = async (): Promise<Sight> => {
    const servers = bootstrapServers.flatMap((server) => parseBrokerAddress(server) ?? []);
    const isAllowed = (broker: Parameters<typeof problemOfListing>[0]) =>
      problemOfListing(broker, refusalOf) === undefined;
    // Half of the time is left for questions, however long the second witness takes.
    const patienceMs = Math.min(connectTimeoutMs, remainingMs() / 2);
    const hearing = await hearWitnesses({ servers, links, isAllowed, patienceMs });
    const agreement = agree(hearing);
    const problemsAs = (what: 'bootstrap' | 'metadata') => problemsOfServers(bootstrapServers, links, hearing, what);
    if (agreement === undefined) return nothingSeen(request, await problemsAs('metadata'));
    const linked = linkBrokers(agreement, links, refusalOf);
    const sight = await describeCluster(request, agreement, linked, counter);
    return { ...sight, problems: [...(await problemsAs('bootstrap')), ...sight.problems] };
  };
  try {
    const sight = await see();
    return {
      version: 1,
      takenAtMs: startedAtMs,
      durationMs: Date.now() - startedAtMs,
      ...sight,
      requestCountByApi: counter.countByApi(),
    };
  } finally {
    await links.close();
  }
};
