import { expect, test } from 'vitest';
import { evaluateOffline } from '../../../../../../functions/health/cluster-health/core/offline-partitions.ts';
import { evaluateReplication } from '../../../../../../functions/health/cluster-health/core/replication.ts';
import type { Limit } from '../../../../../../shared/core/policy.ts';
import {
  blindView,
  clusterView,
  factsOf,
  failed,
  fullView,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  metricSeries,
  minuteMs,
  noonMs,
  notAsked,
  offlinePartition,
  partitionView,
  problem,
  topicView,
} from '../../../../../support/health/builders.ts';

const kraft = healthExpectation();
const lambdaDown = failed('lambda:Invoke kafka-read', 'timed-out');
const metricsDown = failed('cloudwatch:GetMetricData', 'throttled');

test('H1 an offline partition is P0, counted and named', () => {
  const view = clusterView({ topics: [topicView('orders'), topicView('single', [offlinePartition(0)])] });
  expect(evaluateOffline(factsOf(healthObservation({ view: known(view) }))).findings).toMatchObject([
    {
      severity: 'emergency',
      reason: 'no-leader',
      sources: ['brokers'],
      evidence: { offlineCount: 1, partitions: 'single-0' },
    },
  ]);
});

test.each([
  [2, 'emergency'],
  [0, 'ok'],
])('%i offline partitions that only CloudWatch counts are its word', (count, severity) => {
  const metrics = known(metricSeries({ OfflinePartitionsCount: count }));
  expect(evaluateOffline(factsOf(healthObservation({ view: lambdaDown, metrics }))).findings).toMatchObject([
    { severity, sources: ['cloudwatch'], evidence: { offlineCount: count } },
  ]);
});

test('the brokers are believed before CloudWatch, whose news is minutes old', () => {
  const seen = healthObservation({ metrics: known(metricSeries({ OfflinePartitionsCount: 4 })) });
  expect(evaluateOffline(factsOf(seen)).findings).toMatchObject([{ severity: 'ok', sources: ['brokers'] }]);
});

test.each([
  ['CloudWatch counts some', lambdaDown, known(metricSeries({ OfflinePartitionsCount: 2 })), 'emergency', 'no-leader'],
  ['CloudWatch counts none', lambdaDown, known(metricSeries()), 'ok', 'none'],
  ['CloudWatch is silent too', lambdaDown, known([]), 'unknown', 'timed-out'],
  ['CloudWatch fails too', lambdaDown, metricsDown, 'unknown', 'timed-out'],
  ['not asked, CloudWatch fails', notAsked, metricsDown, 'unknown', 'throttled'],
  ['not asked, CloudWatch is silent', notAsked, known([]), 'unknown', 'no-data'],
  [
    'all silent, CloudWatch calls it healthy',
    known(blindView(problem('timed-out'))),
    known(metricSeries()),
    'unknown',
    'no-data',
  ],
  [
    'all silent, CloudWatch calls it bad',
    known(blindView(problem('timed-out'))),
    known(metricSeries({ OfflinePartitionsCount: 2 })),
    'emergency',
    'no-leader',
  ],
] as const)('offline partitions without the brokers: %s', (_name, view, metrics, severity, reason) => {
  expect(evaluateOffline(factsOf(healthObservation({ view, metrics }))).findings).toMatchObject([{ severity, reason }]);
});

const underReplicated = clusterView({
  topics: [topicView('orders', [partitionView(0, { inSyncReplicaIds: [1, 2] }), partitionView(1)])],
});
const replication = (limit: Limit | undefined, more = {}, expected = kraft) =>
  evaluateReplication(factsOf(healthObservation(more), expected), {
    ...(limit !== undefined && { underReplicatedPartitions: limit, underMinIsrPartitions: limit }),
  });
const under = (limit: Limit, more = {}) =>
  replication(limit, more).findings.find(({ check }) => check === 'under-replicated');

test('under-replicated above a limit without a time is P1 at once', () => {
  expect(under({ critical: 0 }, { view: known(underReplicated) })).toMatchObject({
    severity: 'critical',
    evidence: { partitionCount: 1, partitions: 'orders-0', onLastCopyCount: 0 },
  });
});

const cLimit = { warning: 0, warningForMinutes: 5, critical: 0, criticalForMinutes: 15 };
test.each([
  ['just now', undefined, 'notice', 'above-not-yet-lasting'],
  ['for 4 minutes', 4, 'notice', 'above-not-yet-lasting'],
  ['for 5 minutes', 5, 'warning', 'above-warning'],
  ['for two runs that were a moment less than 5 minutes apart', 4.98, 'warning', 'above-warning'],
  ['for 15 minutes', 15, 'critical', 'above-critical'],
] as const)('C: under-replicated %s', (_name, minutes, severity, reason) => {
  const openByKey =
    minutes === undefined
      ? {}
      : {
          'under-replicated|cluster': {
            severity: 'notice',
            reason: 'above-not-yet-lasting',
            sinceMs: noonMs - minutes * minuteMs,
          } as const,
        };
  const more = { view: known(underReplicated), previous: known(healthState({ openByKey })) };
  expect(under(cLimit, more)).toMatchObject({ severity, reason });
});

test('a partition on its last copy is counted beside those that only lost one', () => {
  const topics = [
    topicView('b', [partitionView(0, { inSyncReplicaIds: [1] })]),
    topicView('a', [partitionView(10, { inSyncReplicaIds: [1, 2] }), partitionView(9, { inSyncReplicaIds: [2, 3] })]),
  ];
  expect(under({ critical: 0 }, { view: known(clusterView({ topics })) })).toEqual({
    check: 'under-replicated',
    subject: 'cluster',
    severity: 'critical',
    reason: 'above-critical',
    message: '3 partitions with a copy that is not in sync: a-9, a-10, b-0.',
    sources: ['brokers'],
    evidence: { partitionCount: 3, onLastCopyCount: 1, partitions: 'a-9, a-10, b-0' },
  });
  expect(under({ critical: 0 })).toMatchObject({
    severity: 'ok',
    message: 'No partition with a copy that is not in sync.',
    evidence: { partitionCount: 0, onLastCopyCount: 0 },
  });
});

test.each([
  ['critical', 'CloudWatch counts 6 partitions (UnderReplicatedPartitions).', 2],
  ['ok', 'CloudWatch counts 0 partitions (UnderReplicatedPartitions).', 0],
])('without the brokers, CloudWatch’s count is told whole where it is %s', (severity, message, value) => {
  const metrics = known(metricSeries({ UnderReplicatedPartitions: value }));
  expect(under({ critical: 0 }, { view: lambdaDown, metrics })).toMatchObject({
    severity,
    message,
    sources: ['cloudwatch'],
    evidence: { partitionCount: 3 * value, metric: 'UnderReplicatedPartitions' },
  });
});

test('a healthy count of CloudWatch proves nothing where the brokers were asked and described nothing', () => {
  const more = { view: known(blindView(problem('timed-out'))) };
  expect(under({ critical: 0 }, more)).toMatchObject({
    severity: 'unknown',
    reason: 'incomplete',
    message: expect.stringContaining('but that proves nothing'),
  });
  const bad = { ...more, metrics: known(metricSeries({ UnderReplicatedPartitions: 2 })) };
  expect(under({ critical: 0 }, bad)).toMatchObject({ severity: 'critical' });
});

test('a topic of which the setting was not read makes the copies that it needs unknown, whatever the others say', () => {
  const topics = [
    topicView('orders', undefined, { settings: { 'min.insync.replicas': '2' } }),
    topicView('other', undefined, { settings: {} }),
  ];
  expect(
    belowMinIsr({ view: known(fullView({ topics })) }, healthExpectation({ brokerKind: 'express' })),
  ).toMatchObject({ severity: 'unknown', reason: 'settings-unread' });
});

test('an offline partition is not counted as under-replicated too, as in the metric', () => {
  const view = known(clusterView({ topics: [topicView('single', [offlinePartition(0)])] }));
  expect(under({ critical: 0 }, { view })).toMatchObject({ severity: 'ok' });
});

test.each([
  ['sums the brokers', metricSeries({ UnderReplicatedPartitions: 2 }), 'critical', { partitionCount: 6 }],
  ['is believed when every broker speaks', metricSeries(), 'ok', { partitionCount: 0 }],
] as const)('without the brokers, CloudWatch %s', (_name, metrics, severity, evidence) => {
  expect(under({ critical: 0 }, { view: lambdaDown, metrics: known(metrics) })).toMatchObject({
    severity,
    evidence,
  });
});

test('a broker that sends no datapoint makes a healthy sum unknown', () => {
  const metrics = metricSeries().map((one) =>
    one.metric === 'UnderReplicatedPartitions' && one.brokerId === 3 ? { ...one, points: [] } : one,
  );
  expect(under({ critical: 0 }, { view: lambdaDown, metrics: known(metrics) })).toMatchObject({
    severity: 'unknown',
    reason: 'incomplete',
  });
});

test('a metric older than ten minutes is absent', () => {
  const more = { view: lambdaDown, metrics: known(metricSeries()), nowMs: noonMs + 10 * minuteMs };
  expect(under({ critical: 0 }, more)).toMatchObject({
    severity: 'unknown',
    reason: 'timed-out',
    evidence: { call: 'lambda:Invoke kafka-read' },
  });
});

test('a rule without its threshold is not judged, and says so', () => {
  const { findings, notJudged } = replication(undefined);
  expect(findings).toEqual([]);
  expect(notJudged.map(({ check }) => check)).toEqual(['under-replicated', 'below-min-isr']);
});

const belowMinIsr = (more = {}, expected = kraft) => {
  const { findings, notJudged } = replication({ critical: 0 }, more, expected);
  return [...findings, ...notJudged].find(({ check }) => check === 'below-min-isr');
};

test.each([
  ['above', [1, 2, 3], 'ok'],
  ['at', [1, 2], 'ok'],
  ['below', [1], 'critical'],
] as const)('in-sync copies %s min.insync.replicas', (_name, inSyncReplicaIds, severity) => {
  const topics = [
    topicView('orders', [partitionView(0, { inSyncReplicaIds })], { settings: { 'min.insync.replicas': '2' } }),
  ];
  expect(belowMinIsr({ view: known(fullView({ topics })) })).toMatchObject({ severity, sources: ['brokers'] });
});

test.each([
  [
    'a light run on Standard asks the metric every half hour',
    {
      depth: 'light',
      view: known(clusterView()),
      halfHour: { fromMs: noonMs - 30 * 60_000 },
      metrics: known(metricSeries({ UnderMinIsrPartitionCount: 0 })),
    },
    kraft,
    { severity: 'ok', sources: ['cloudwatch'] },
  ],
  [
    'a light run in between leaves it to its alarm',
    { depth: 'light', view: known(clusterView()) },
    kraft,
    { reason: 'judged every half hour; topic settings are read daily' },
  ],
  [
    'a light run on Express has none, and says so',
    { depth: 'light', view: known(clusterView()) },
    healthExpectation({ brokerKind: 'express' }),
    { reason: 'UnderMinIsrPartitionCount is not emitted by express brokers; topic settings are read daily' },
  ],
  [
    'a daily run on Express whose settings were not read is unknown',
    { depth: 'full', view: known(clusterView()) },
    healthExpectation({ brokerKind: 'express' }),
    { severity: 'unknown', reason: 'settings-unread' },
  ],
] as const)('below min ISR: %s', (_name, more, expected, result) => {
  expect(belowMinIsr(more, expected)).toMatchObject(result);
});
