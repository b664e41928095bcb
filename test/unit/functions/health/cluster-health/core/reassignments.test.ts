import { describe, expect, test } from 'vitest';
import { evaluateReplication } from '../../../../../../functions/health/cluster-health/core/replication.ts';
import { evaluateTopics } from '../../../../../../functions/health/cluster-health/core/topics.ts';
import type { ClusterView, PartitionView } from '../../../../../../shared/core/cluster-view.ts';
import type { Limit } from '../../../../../../shared/core/policy.ts';
import {
  brokerView,
  factsOf,
  fullView,
  healthExpectation,
  healthObservation,
  known,
  metricSeries,
  partitionView,
  problem,
  topicView,
} from '../../../../../support/health/builders.ts';

/** Copies that a reassignment adds are neither late nor too many until it ends (RUNBOOK section 6, 20). */

const viewOf = (partition: Partial<PartitionView>, more: Partial<ClusterView> = {}) =>
  fullView({ topics: [topicView('orders', [partitionView(0, partition)])], ...more });
const under = (view: ClusterView, more = {}, limit: Limit = { critical: 0 }) =>
  evaluateReplication(factsOf(healthObservation({ view: known(view), ...more })), { underReplicatedPartitions: limit })
    .findings[0];
const critical = (view: ClusterView, replicationFactor: number) => {
  const expected = healthExpectation({ criticalTopics: [{ name: 'orders', replicationFactor }] });
  return evaluateTopics(factsOf(healthObservation({ view: known(view) }), expected)).findings.find(
    ({ check }) => check === 'critical-topic',
  );
};

describe('F5 a reassignment under way', () => {
  test.each([
    [
      'adds a copy that is not in sync yet',
      { replicaIds: [1, 2, 3], inSyncReplicaIds: [1, 2], addingReplicaIds: [3] },
      'ok',
      2,
    ],
    [
      'adds one, and an old copy is lost',
      { replicaIds: [1, 2, 3], inSyncReplicaIds: [1], addingReplicaIds: [3] },
      'critical',
      2,
    ],
    [
      'moves all copies, none of which has arrived',
      { replicaIds: [3, 4, 1, 2], inSyncReplicaIds: [1, 2], addingReplicaIds: [3, 4], removingReplicaIds: [1, 2] },
      'ok',
      2,
    ],
    [
      'moves all copies, and one of the old is lost',
      { replicaIds: [3, 4, 1, 2], inSyncReplicaIds: [1], addingReplicaIds: [3, 4], removingReplicaIds: [1, 2] },
      'critical',
      2,
    ],
    [
      'takes a copy away that is still there',
      { replicaIds: [1, 2, 3], inSyncReplicaIds: [1, 2, 3], removingReplicaIds: [3] },
      'ok',
      3,
    ],
    [
      'takes a copy away that is out of sync',
      { replicaIds: [1, 2, 3], inSyncReplicaIds: [1, 2], removingReplicaIds: [3] },
      'critical',
      3,
    ],
    ['is none', { replicaIds: [1, 2, 3], inSyncReplicaIds: [1, 2] }, 'critical', 3],
  ] as const)('that %s', (_name, partition, severity, replicationFactor) => {
    const view = viewOf(partition);
    expect(under(view)).toMatchObject({ severity });
    expect(critical(view, replicationFactor)).toMatchObject({ severity: 'ok', evidence: { replicationFactor } });
  });

  test('is said beside the copies that a topic has now', () => {
    const view = viewOf({ replicaIds: [1, 2, 3], inSyncReplicaIds: [1, 2], addingReplicaIds: [3] });
    expect(critical(view, 2)).toEqual({
      check: 'critical-topic',
      subject: 'topic orders',
      severity: 'ok',
      reason: 'as-configured',
      message: 'Topic orders has 2 copies. A reassignment of 1 of its partitions is under way, after which it has 3.',
      sources: ['brokers', 'configuration'],
      evidence: {
        configuredReplicationFactor: 2,
        replicationFactor: 2,
        partitionCount: 1,
        reassignedPartitionCount: 1,
        targetReplicationFactor: 3,
      },
    });
    expect(critical(view, 3)).toMatchObject({ severity: 'warning', reason: 'too-few-replicas' });
    const fewer = viewOf({ removingReplicaIds: [3] });
    expect(critical(fewer, 2)).toMatchObject({
      reason: 'more-replicas',
      message: expect.stringContaining('after which it has 2.'),
      evidence: { replicationFactor: 3, targetReplicationFactor: 2 },
    });
  });
});

describe('where nobody told which copies are being added', () => {
  const view = viewOf({ inSyncReplicaIds: [1, 2] }, { reassignmentsProblem: problem('denied') });

  test.each([
    ['counts none', 0, 'notice', 'may-be-reassignment', 'counts none.'],
    ['counts some', 1, 'critical', 'above-critical', 'counts 3.'],
  ])('the brokers’ own metric decides: it %s', (_name, value, severity, reason, words) => {
    expect(under(view, { metrics: known(metricSeries({ UnderReplicatedPartitions: value })) })).toEqual({
      check: 'under-replicated',
      subject: 'cluster',
      severity,
      reason,
      message: `1 partition with a copy that is not in sync: orders-0. Whether a reassignment is adding those copies is not known (as the test has it); CloudWatch, which leaves such copies out, ${words}`,
      sources: ['brokers', 'cloudwatch'],
      evidence: { partitionCount: 1, onLastCopyCount: 0, partitions: 'orders-0', underReplicatedPartitions: 3 * value },
    });
  });

  test.each([
    ['of one broker is missing', metricSeries().filter(({ brokerId }) => brokerId !== 2)],
    ['is silent', metricSeries().map((one) => ({ ...one, points: [] }))],
    ['was not there', []],
  ])('it is unknown where the metric %s', (_name, metrics) => {
    expect(under(view, { metrics: known(metrics) })).toMatchObject({
      severity: 'unknown',
      reason: 'reassignments-unread',
      message: expect.stringContaining('CloudWatch has no fresh count of every broker.'),
    });
  });

  const some = (value: number, limit?: Limit) => {
    const of = metricSeries({ UnderReplicatedPartitions: value }).filter(({ brokerId }) => brokerId !== 2);
    return under(view, { metrics: known(of) }, limit);
  };

  test('the metric of some brokers is the least that there are: it calls it bad, and never good', () => {
    expect(some(4)).toMatchObject({
      severity: 'critical',
      message: expect.stringContaining('counts at least 8.'),
      evidence: { underReplicatedPartitions: 8 },
    });
    expect(some(0)).toMatchObject({ severity: 'unknown' });
    const two = fullView({
      reassignmentsProblem: problem('denied'),
      topics: [
        topicView(
          'orders',
          [0, 1].map((id) => partitionView(id, { inSyncReplicaIds: [1] })),
        ),
      ],
    });
    const few = metricSeries({ UnderReplicatedPartitions: 1 }).filter(({ brokerId }) => brokerId === 1);
    expect(under(two, { metrics: known(few) }, { critical: 1 })).toMatchObject({ severity: 'unknown' });
  });

  describe('and a broker is dead', () => {
    const dead = { brokers: [1, 2].map((id) => brokerView(id)), absentBrokerIds: [3] };
    const of = (inSyncReplicaIds: readonly number[], id = 0) => partitionView(id, { inSyncReplicaIds });
    const look = (...partitions: readonly PartitionView[]) =>
      fullView({ ...dead, topics: [topicView('orders', partitions)], reassignmentsProblem: problem('denied') });
    const calm = known(metricSeries({ UnderReplicatedPartitions: 0 }));

    test.each([
      ['counts none yet', calm],
      ['is silent', known([])],
    ])('its copies are lost, whatever is being added, while CloudWatch %s', (_name, metrics) => {
      expect(under(look(of([1, 2]), of([1], 1)), { metrics })).toMatchObject({
        severity: 'critical',
        message: '2 partitions with a copy on a broker that is dead: orders-0, orders-1.',
        sources: ['brokers'],
        evidence: { partitionCount: 2, onLastCopyCount: 1 },
      });
    });

    test('those of others are as doubtful as before', () => {
      const partition = of([1, 3]);
      expect(under(look(partition), { metrics: calm })).toMatchObject({ reason: 'may-be-reassignment' });
      const few = look(of([1, 2]), of([1, 3], 1));
      expect(under(few, { metrics: known([]) }, { critical: 1 })).toMatchObject({ reason: 'reassignments-unread' });
    });
  });

  test('nothing is in doubt where every copy is in sync, or the policy bears that many', () => {
    const calm = viewOf({}, { reassignmentsProblem: problem('denied') });
    expect(under(calm)).toMatchObject({ severity: 'ok', sources: ['brokers'] });
    expect(under(view, {}, { critical: 1 })).toMatchObject({ severity: 'ok', sources: ['brokers'] });
  });
});
