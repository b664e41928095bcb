import process from 'node:process';
import { evaluateClusterHealth } from '../functions/health/cluster-health/core/evaluate.ts';
import type { HealthExpectation, HealthObservation } from '../functions/health/cluster-health/core/observation.ts';
import type { ClusterView, PartitionView } from '../shared/core/cluster-view.ts';
import { known, notKnown } from '../shared/core/known.ts';
import { decodeClusterView, encodeClusterView } from '../shared/kafka/view/payload.ts';

/**
 * How long the judgement of a very large and very sick cluster takes: 60 brokers of which ten are dead, 80,000 partitions
 * with three copies each. `npm run bench:judgement`.
 */
const brokerCount = 60;
const deadIds: ReadonlySet<number> = new Set([3, 9, 15, 21, 27, 33, 39, 45, 51, 57]);
const topicCount = 4_000;
const partitionsPerTopic = 20;
const rounds = 5;

const unreachable = { kind: 'unreachable', message: 'no connection: connect ECONNREFUSED' } as const;

const partitionOf = (topic: number, partition: number): PartitionView => {
  const at = topic * partitionsPerTopic + partition;
  const replicaIds = [0, 1, 2].map((step) => 1 + ((at + step * (1 + (topic % 19))) % brokerCount));
  const alive = replicaIds.filter((id) => !deadIds.has(id));
  const [leaderId] = alive;
  return {
    partition,
    ...(leaderId === undefined
      ? { problem: { kind: 'kafka-error', code: 5, message: 'LEADER_NOT_AVAILABLE (5)' } }
      : { leaderId }),
    leaderEpoch: topic % 50,
    replicaIds,
    inSyncReplicaIds: alive,
    offlineReplicaIds: replicaIds.filter((id) => deadIds.has(id)),
    ...(leaderId === undefined ? { offsetsProblem: unreachable } : { latestOffset: BigInt(at) * 977_777n }),
  };
};

const view: ClusterView = {
  version: 1,
  takenAtMs: 1_795_000_000_000,
  durationMs: 9_000,
  clusterId: 'bench',
  controller: { toldBy: 'quorum', brokerId: 3_000 },
  brokers: Array.from({ length: brokerCount }, (_, index) => index + 1)
    .filter((id) => !deadIds.has(id))
    .map((id) => ({
      id,
      host: `b-${id}.example`,
      port: 9098,
      answerMs: 5,
      capsMinIsrByReplicas: true,
      requestCount: 8,
    })),
  topics: Array.from({ length: topicCount }, (_, topic) => ({
    name: `orders.service-${topic}.events`,
    topicId: `00000000-0000-0000-0000-${topic.toString(16).padStart(12, '0')}`,
    isInternal: false,
    partitions: Array.from({ length: partitionsPerTopic }, (_each, partition) => partitionOf(topic, partition)),
    settings: { 'min.insync.replicas': '2' },
  })),
  witnesses: [],
  groups: [],
  absentBrokerIds: [...deadIds],
  problems: [],
  requestCountByApi: { Metadata: 2 },
};

const promisedIds = Array.from({ length: brokerCount }, (_, index) => index + 1);

const expected: HealthExpectation = {
  brokerCount,
  brokerIds: promisedIds,
  brokerKind: 'standard',
  metadataMode: 'kraft',
  monitoringLevel: 'PER_BROKER',
  brokerAnswerTimeoutMs: 5_000,
  criticalTopics: [{ name: 'orders.service-7.events', replicationFactor: 3 }],
  flowingTopics: [{ name: 'orders.service-8.events', minMessagesPerMinute: 1 }],
  isDeadLetterTopic: (name) => name.endsWith('.dlq'),
  hasDeadLetterPatterns: true,
  plainTopics: ['orders.service-7.events', 'orders.service-8.events'],
  isWatchedGroup: () => true,
};

const observationOf = (seen: ClusterView): HealthObservation => ({
  runId: 'bench',
  nowMs: seen.takenAtMs,
  depth: 'full',
  rules: [],
  wakes: [],
  mayWakesWait: false,
  msk: notKnown('not asked'),
  nodes: known(promisedIds),
  view: known(seen),
  secondView: notKnown('not asked'),
  metrics: notKnown('not asked'),
  alarms: notKnown('not asked'),
  endpoints: [],
  previous: known(undefined),
});

const limits = { underReplicatedPartitions: { critical: 0 }, underMinIsrPartitions: { critical: 0 } };

const timed = <Result>(work: () => Result): { readonly result: Result; readonly ms: number } => {
  const beganMs = performance.now();
  const result = work();
  return { result, ms: Math.round(performance.now() - beganMs) };
};

const text = (value: unknown): void => void process.stdout.write(`${String(value)}\n`);

const sent = JSON.stringify(encodeClusterView(view));
text(
  `${topicCount * partitionsPerTopic} partitions on ${brokerCount} brokers, ${deadIds.size} dead: ${sent.length} bytes packed`,
);
for (let round = 1; round <= rounds; round += 1) {
  const unpacked = timed(() => decodeClusterView(JSON.parse(sent)));
  const judged = timed(() => evaluateClusterHealth(observationOf(unpacked.result), expected, { limits, floors: {} }));
  const { findings } = judged.result;
  const peakMB = Math.round(process.resourceUsage().maxRSS / 1024);
  text(
    `round ${round}: unpacked in ${unpacked.ms} ms, judged in ${judged.ms} ms, ${findings.length} findings, at most ${peakMB} MB so far`,
  );
}
