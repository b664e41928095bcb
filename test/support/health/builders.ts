import { compileFacts, type HealthFacts } from '../../../functions/health/cluster-health/core/facts.ts';
import type { HealthState } from '../../../functions/health/cluster-health/core/memory.ts';
import { type MetricRequest, planMetrics } from '../../../functions/health/cluster-health/core/metrics.ts';
import type {
  HealthExpectation,
  HealthObservation,
  MetricQuestions,
  MetricSeries,
  MskObservation,
} from '../../../functions/health/cluster-health/core/observation.ts';
import type {
  BrokerView,
  ClusterView,
  PartitionView,
  TopicView,
  ViewProblem,
  WitnessView,
} from '../../../shared/core/cluster-view.ts';
import type { DependencyFailure } from '../../../shared/core/errors.ts';
import { known, notKnown, type Unanswered } from '../../../shared/core/known.ts';
import type { UnknownStreak } from '../../../shared/core/unknown-streak.ts';

/** A moment outside of every default maintenance window: Wednesday 2026-01-14, 12:00 UTC. */
export const noonMs = Date.UTC(2026, 0, 14, 12);
export const minuteMs = 60_000;

export const problem = (kind: ViewProblem['kind'], message = 'as the test has it'): ViewProblem => ({ kind, message });

export const failed = (call: string, failure: DependencyFailure = 'denied'): Unanswered => ({
  isKnown: false,
  isAsked: true,
  call,
  failure,
  facts: {},
  why: 'as the test has it',
});

export const notAsked = notKnown('not asked');

export const brokerView = (id: number, more: Partial<BrokerView> = {}): BrokerView => ({
  id,
  host: `b-${id}.example.test`,
  port: 9098,
  answerMs: 12,
  requestCount: 1,
  ...more,
});

/** A broker that was in Metadata and did not serve us. */
export const silentBroker = (id: number, why: ViewProblem = problem('timed-out')): BrokerView => ({
  id,
  host: `b-${id}.example.test`,
  port: 9098,
  requestCount: 0,
  problem: why,
});

export const partitionView = (partition: number, more: Partial<PartitionView> = {}): PartitionView => ({
  partition,
  leaderId: 1,
  replicaIds: [1, 2, 3],
  inSyncReplicaIds: [1, 2, 3],
  offlineReplicaIds: [],
  ...more,
});

/** No leader, and no copy alive. */
export const offlinePartition = (partition: number): PartitionView => ({
  partition,
  replicaIds: [3],
  inSyncReplicaIds: [3],
  offlineReplicaIds: [3],
});

export const topicView = (
  name: string,
  partitions: readonly PartitionView[] = [0, 1, 2].map((id) => partitionView(id, { leaderId: id + 1 })),
  more: Partial<TopicView> = {},
): TopicView => ({ name, isInternal: false, partitions, ...more });

/** One that says what the view says. */
export const witnessView = (brokerId: number, more: Partial<WitnessView> = {}): WitnessView => ({
  brokerId,
  address: `b-${brokerId}:9098`,
  depth: 'full',
  brokerIds: [1, 2, 3],
  ...more,
});

export const clusterView = (more: Partial<ClusterView> = {}): ClusterView => ({
  version: 1,
  takenAtMs: noonMs,
  durationMs: 40,
  controller: { brokerId: 1, toldBy: 'quorum' },
  brokers: [brokerView(1), brokerView(2), brokerView(3)],
  topics: [topicView('orders')],
  witnesses: [1, 2].map((brokerId) => witnessView(brokerId)),
  absentBrokerIds: [],
  problems: [],
  requestCountByApi: { Metadata: 1 },
  ...more,
});

/** A look that found nobody to describe the cluster. */
export const blindView = (why: ViewProblem, absentBrokerIds: readonly number[] = [1, 2, 3]): ClusterView =>
  clusterView({
    brokers: [],
    topics: [],
    absentBrokerIds,
    controller: { toldBy: 'metadata', problem: why },
    problems: [{ what: 'metadata', problem: why }],
  });

export const mskObservation = (more: Partial<MskObservation> = {}): MskObservation => ({
  state: 'ACTIVE',
  kind: 'standard',
  brokerCount: 3,
  customerActionStatus: 'NONE',
  ...more,
});

/** Of a cluster that may be as small as there is: fewer topics than are listed are no contradiction. */
const healthyValues: Readonly<Record<string, number>> = {
  ActiveControllerCount: 1,
  OfflinePartitionsCount: 0,
  GlobalTopicCount: 1,
  GlobalPartitionCount: 1,
  UnderReplicatedPartitions: 0,
  UnderMinIsrPartitionCount: 0,
  MemoryUsed: 30,
  MemoryFree: 20,
  MemoryBuffered: 10,
  MemoryCached: 40,
  PartitionCount: 3,
  LeaderCount: 1,
};

/** `minutes` points of one value, one a minute, the newest a minute old. */
export const series = (request: MetricRequest, value: number, minutes = 20): MetricSeries => ({
  ...request,
  points: Array.from({ length: minutes }, (_, index) => ({ atMs: noonMs - (minutes - index) * minuteMs, value })),
});

/** What a run of that depth asks CloudWatch for while no alarm is open. */
export const questionsOf = (depth: HealthObservation['depth']): MetricQuestions =>
  depth === 'full' ? { depth, rules: [], halfHour: { fromMs: noonMs - 30 * minuteMs } } : { depth, rules: [] };

/** Every series that a run asks for, healthy, with `values` in place of some. */
export const metricSeries = (
  values: Readonly<Record<string, number>> = {},
  depth: HealthObservation['depth'] = 'full',
  brokerIds: readonly number[] = [1, 2, 3],
): readonly MetricSeries[] =>
  planMetrics(questionsOf(depth), healthExpectation(), brokerIds).map((request) =>
    series(request, values[request.metric] ?? healthyValues[request.metric] ?? 20),
  );

/** What CloudWatch counts of a cluster of which the brokers list everything. */
export const countsOf = (view: ClusterView): Readonly<Record<string, number>> => ({
  GlobalTopicCount: view.topics.length,
  GlobalPartitionCount: view.topics.reduce((sum, { partitions }) => sum + partitions.length, 0),
});

/** A daily run over a healthy Standard cluster of three brokers, of which CloudWatch counts what the brokers list. */
export const healthObservation = (more: Partial<HealthObservation> = {}): HealthObservation => ({
  runId: 'run-1',
  nowMs: noonMs,
  ...questionsOf(more.depth ?? 'full'),
  wakes: [],
  mayWakesWait: false,
  msk: known(mskObservation()),
  nodes: known([1, 2, 3]),
  view: known(fullView()),
  secondView: notAsked,
  metrics: known(metricSeries(more.view?.isKnown === true ? countsOf(more.view.value) : {}, more.depth ?? 'full')),
  alarms: known([1, 2, 3].map((id) => ({ name: `disk-used-${id}`, state: 'OK', brokerIds: [id], isMuted: false }))),
  endpoints: [],
  previous: known(undefined),
  ...more,
});

/** The look of a daily run: settings, log directories and groups read too. */
export const fullView = (more: Partial<ClusterView> = {}): ClusterView =>
  clusterView({
    brokers: [1, 2, 3].map((id) =>
      brokerView(id, { logDirectories: [{ path: '/kafka/datalogs', usedBytes: 1000, totalBytes: 9000 }] }),
    ),
    topics: [topicView('orders', undefined, { settings: { 'min.insync.replicas': '2' } })],
    groups: [],
    ...more,
  });

export const healthExpectation = (more: Partial<HealthExpectation> = {}): HealthExpectation => ({
  brokerCount: 3,
  brokerIds: [1, 2, 3],
  brokerKind: 'standard',
  metadataMode: 'kraft',
  monitoringLevel: 'DEFAULT',
  brokerAnswerTimeoutMs: 5000,
  criticalTopics: [{ name: 'orders', replicationFactor: 3 }],
  flowingTopics: [],
  isDeadLetterTopic: () => false,
  hasDeadLetterPatterns: false,
  plainTopics: [],
  isWatchedGroup: () => true,
  ...more,
});

export const healthState = (more: Partial<HealthState> = {}): HealthState => ({
  version: 1,
  runId: 'before',
  atMs: noonMs - 5 * minuteMs,
  openByKey: {},
  untoldByKey: {},
  judgedAtMsByCheck: {},
  judgedWholeAtMsByCheck: {},
  unknownStreaks: {},
  offsetsByTopic: {},
  openAlarms: {},
  mayWakesWait: false,
  ...more,
});

/** What has been unknown for so many runs. */
export const unknownFor = (runs: number): UnknownStreak => ({ runs, lastRunIds: ['before'] });

/** What the rules are given of it. */
export const factsOf = (
  seen: HealthObservation = healthObservation(),
  expected: HealthExpectation = healthExpectation(),
): HealthFacts => compileFacts(seen, expected);

export { known };
