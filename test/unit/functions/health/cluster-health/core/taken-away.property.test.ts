import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ClusterHealth,
  evaluateClusterHealth,
} from '../../../../../../functions/health/cluster-health/core/evaluate.ts';
import type { HealthObservation } from '../../../../../../functions/health/cluster-health/core/observation.ts';
import type {
  BrokerView,
  ClusterView,
  PartitionView,
  TopicView,
  ViewProblem,
} from '../../../../../../shared/core/cluster-view.ts';
import { findingKey } from '../../../../../../shared/core/finding.ts';
import { cases } from '../../../../../support/depth.ts';
import {
  brokerView,
  countsOf,
  fullView,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  metricSeries,
  minuteMs,
  noonMs,
  problem,
  silentBroker,
} from '../../../../../support/health/builders.ts';

/**
 * What may be filtered, denied or lost on its way is taken away from a whole cluster: then nothing that was not well is well,
 * nothing that was open is over, and nothing is called gone.
 */

const limits = {
  diskUsedPercent: { warning: 80 },
  underReplicatedPartitions: { critical: 0 },
  underMinIsrPartitions: { critical: 0 },
};
const expected = healthExpectation({
  criticalTopics: [
    { name: 'orders', replicationFactor: 3 },
    { name: 'clicks', replicationFactor: 2 },
  ],
  flowingTopics: [{ name: 'clicks', minMessagesPerMinute: 1 }],
  isDeadLetterTopic: (name) => name.endsWith('.dlq'),
  hasDeadLetterPatterns: true,
  plainTopics: ['orders.dlq'],
});
const names = ['orders', 'clicks', 'orders.dlq', 'other.dlq', '__proto__', 'constructor'];
const offsetsByTopic = Object.fromEntries(
  names.map((name) => [name, { atMs: noonMs - 10 * minuteMs, latestByPartition: { 0: '5', 1: '5' } }]),
);

const ids = [1, 2, 3];
const partition = (number: number): fc.Arbitrary<PartitionView> =>
  fc
    .record({
      leaderId: fc.constantFrom(1, 1, 2, 3, undefined),
      problem: fc.constantFrom<(ViewProblem | undefined)[]>(undefined, undefined, undefined, {
        kind: 'kafka-error',
        code: 72,
        message: 'LISTENER_NOT_FOUND',
      }),
      replicaIds: fc.subarray(ids, { minLength: 1 }),
      inSync: fc.nat({ max: 3 }),
      offlineReplicaIds: fc.subarray(ids, { maxLength: 1 }),
      latestOffset: fc.constantFrom(5n, 9n),
    })
    .map(({ leaderId, problem: own, inSync, ...rest }) => ({
      partition: number,
      ...(leaderId !== undefined && { leaderId }),
      ...(own !== undefined && { problem: own }),
      ...rest,
      inSyncReplicaIds: rest.replicaIds.slice(0, inSync),
    }));
const topic = (name: string): fc.Arbitrary<TopicView> =>
  fc
    .record({ partitions: fc.tuple(partition(0), partition(1)), minimum: fc.constantFrom('1', '2', 'two') })
    .map(({ partitions, minimum }) => ({
      name,
      isInternal: false,
      partitions,
      settings: { 'min.insync.replicas': minimum },
    }));
const broker = (id: number): fc.Arbitrary<BrokerView> =>
  fc.constantFrom(
    ...['kafka-error', undefined].map((kind) =>
      brokerView(id, {
        capsMinIsrByReplicas: true,
        logDirectories: [
          { path: '/d', ...(kind === undefined ? { usedBytes: 1 } : { problem: problem('kafka-error', 'gone') }) },
        ],
      }),
    ),
    silentBroker(id),
    brokerView(id, { answerMs: 9_000 }),
  );
const group = (groupId: string) =>
  ({ groupId, coordinatorId: 1, protocol: 'classic', protocolType: 'consumer', state: 'Empty', members: [] }) as const;

const anyCluster: fc.Arbitrary<ClusterView> = fc
  .record({
    topics: fc.tuple(...names.map(topic)),
    brokers: fc.tuple(...ids.map(broker)),
    groups: fc.subarray(['a', 'b', '__proto__']),
  })
  .map(({ topics, brokers, groups }) => fullView({ topics, brokers, groups: groups.map(group) }));

/** What CloudWatch says of such a cluster, and it says the truth. */
const truthOf = (view: ClusterView) =>
  metricSeries({
    ...countsOf(view),
    OfflinePartitionsCount: view.topics
      .flatMap(({ partitions }) => partitions)
      .filter(({ leaderId, problem: own }) => leaderId === undefined && own === undefined).length,
    UnderReplicatedPartitions: 1,
    UnderMinIsrPartitionCount: 1,
    KafkaDataLogsDiskUsed: 90,
  });

const denied: ViewProblem = { kind: 'denied', code: 29, message: 'TOPIC_AUTHORIZATION_FAILED' };
const clusterDenied: ViewProblem = { kind: 'denied', code: 31, message: 'CLUSTER_AUTHORIZATION_FAILED' };

type Loss = {
  readonly topics: readonly string[];
  readonly isAskedByName: boolean;
  readonly groups: readonly string[];
  readonly brokers: readonly number[];
  readonly directories: 'kept' | 'denied' | 'empty';
  readonly settings: readonly string[];
  readonly series: readonly number[];
  readonly isQuorumDenied: boolean;
};
const anyLoss: fc.Arbitrary<Loss> = fc.record({
  topics: fc.subarray(names),
  isAskedByName: fc.boolean(),
  groups: fc.subarray(['a', 'b', '__proto__']),
  brokers: fc.subarray(ids),
  directories: fc.constantFrom('kept', 'denied', 'empty'),
  settings: fc.subarray(names),
  series: fc.subarray([...truthOf(fullView()).keys()]),
  isQuorumDenied: fc.boolean(),
});

function takeAway(view: ClusterView, loss: Loss): ClusterView {
  const withoutDirectories = ({ logDirectories: _taken, ...rest }: BrokerView): BrokerView => ({
    ...rest,
    ...(loss.directories === 'empty' ? { logDirectories: [] } : { logDirectoriesProblem: clusterDenied }),
  });
  return {
    ...view,
    topics: view.topics
      .filter(({ name }) => !loss.topics.includes(name))
      .map((one) => (loss.settings.includes(one.name) ? { ...one, settings: {} } : one)),
    ...(loss.isAskedByName && {
      unlistedTopics: loss.topics
        .filter((name) => ['orders', 'clicks', 'orders.dlq'].includes(name))
        .map((name) => ({ name, problem: denied })),
    }),
    groups: (view.groups ?? []).filter(({ groupId }) => !loss.groups.includes(groupId)),
    brokers: view.brokers
      .filter(({ id }) => !loss.brokers.includes(id))
      .map((one) => (loss.directories === 'kept' ? one : withoutDirectories(one))),
    absentBrokerIds: loss.brokers,
    ...(loss.isQuorumDenied && { controller: { toldBy: 'quorum', problem: clusterDenied } as const }),
  };
}

const evaluate = (more: Partial<HealthObservation>): ClusterHealth =>
  evaluateClusterHealth(healthObservation({ alarms: known([]), ...more }), expected, { limits, floors: {} });
const previousOf = (state: object) => known(healthState({ offsetsByTopic, ...state }));

test('F1, F14 whatever is taken away, nothing turns well, nothing is over, and nothing is called gone', () => {
  fc.assert(
    fc.property(anyCluster, anyLoss, (view, loss) => {
      const metrics = truthOf(view);
      const whole = evaluate({ view: known(view), metrics: known(metrics), previous: previousOf({}) });
      const { openByKey } = whole;
      const fewer = metrics.map((one, index) => (loss.series.includes(index) ? { ...one, points: [] } : one));
      const isCountLost = fewer.some(({ metric, points }) => metric.startsWith('Global') && points.length === 0);
      fc.pre(!isCountLost || loss.topics.length === 0);
      const less = evaluate({
        view: known(takeAway(view, loss)),
        metrics: known(fewer),
        previous: previousOf({ openByKey }),
      });
      const okKeys = new Set(less.findings.filter(({ severity }) => severity === 'ok').map(findingKey));
      const turned = whole.findings.filter((one) => one.severity !== 'ok' && okKeys.has(findingKey(one)));
      expect(turned).toEqual([]);
      expect(less.changes.filter(({ kind }) => kind === 'closed')).toEqual([]);
      expect(less.findings.filter(({ reason }) => reason === 'missing' || reason === 'no-such-broker')).toEqual([]);
    }),
    cases(100, 5_000),
  );
});

test('F14 of nothing at all nothing is well that only brokers could tell', () => {
  const nothing = fullView({ brokers: [], topics: [], groups: [], witnesses: [], controller: { toldBy: 'metadata' } });
  for (const depth of ['light', 'full'] as const) {
    for (const nodes of [known([]), known([1, 2, 3])]) {
      const { findings } = evaluate({ depth, view: known(nothing), metrics: known([]), nodes });
      const ok = findings.filter(({ severity, sources }) => severity === 'ok' && sources.includes('brokers'));
      expect(ok).toEqual([]);
    }
  }
});
