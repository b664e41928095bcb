import { describe, expect, test } from 'vitest';
import { evaluateClusterHealth } from '../../../../../../functions/health/cluster-health/core/evaluate.ts';
import type { HealthObservation } from '../../../../../../functions/health/cluster-health/core/observation.ts';
import type { ClusterView, ViewProblem } from '../../../../../../shared/core/cluster-view.ts';
import type { Finding } from '../../../../../../shared/core/finding.ts';
import {
  brokerView,
  clusterView,
  failed,
  fullView,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  metricSeries,
  minuteMs,
  noonMs,
  topicView,
  unknownFor,
} from '../../../../../support/health/builders.ts';

/** Kafka leaves out of its lists what the principal may not describe, without any error (RUNBOOK section 6, 22). */

const limits = { underReplicatedPartitions: { critical: 0 }, underMinIsrPartitions: { critical: 0 } };
const flowing = [{ name: 'orders', minMessagesPerMinute: 1 }];
const judge = (view: ClusterView, more: Partial<HealthObservation> = {}, expected = healthExpectation()) =>
  evaluateClusterHealth(healthObservation({ view: known(view), ...more }), expected, { limits, floors: {} });
const of = (findings: readonly Finding[], check: string, subject = 'cluster') =>
  findings.find((one) => one.check === check && one.subject === subject);

const clusterDenied: ViewProblem = { kind: 'denied', code: 31, message: 'CLUSTER_AUTHORIZATION_FAILED' };
const topicDenied: ViewProblem = { kind: 'denied', code: 29, message: 'TOPIC_AUTHORIZATION_FAILED' };
const noSuchTopic: ViewProblem = { kind: 'kafka-error', code: 3, message: 'UNKNOWN_TOPIC_OR_PARTITION' };
const ofEveryPartition = [
  'topic-count',
  'offline-partitions',
  'under-replicated',
  'below-min-isr',
  'leader-distribution',
];

const withoutAnyRight = fullView({
  topics: [],
  groups: [],
  brokers: [1, 2, 3].map((id) => brokerView(id, { logDirectoriesProblem: clusterDenied })),
  controller: { toldBy: 'quorum', problem: clusterDenied },
});

describe('F1 what may not be seen is neither healthy nor gone', () => {
  test.each([
    ['nothing was asked by name', undefined, 'nothing-listed', 'not-listed'],
    ['its name was denied', [{ name: 'orders', problem: topicDenied }], 'denied', 'denied'],
  ] as const)('a principal without any right, where %s', (_name, unlistedTopics, reason, ofTopic) => {
    const view = { ...withoutAnyRight, ...(unlistedTopics && { unlistedTopics }) };
    const { findings } = judge(view, {}, healthExpectation({ flowingTopics: flowing }));
    for (const check of ofEveryPartition.filter((one) => one !== 'below-min-isr')) {
      expect(of(findings, check)).toMatchObject({ check, severity: 'unknown', reason });
    }
    expect(of(findings, 'below-min-isr')).toMatchObject({ severity: 'unknown' });
    expect(of(findings, 'group-count')).toMatchObject({ severity: 'unknown', reason: 'denied' });
    expect(of(findings, 'look-complete')).toMatchObject({ severity: 'unknown', reason: 'denied' });
    expect(of(findings, 'critical-topic', 'topic orders')).toMatchObject({ severity: 'unknown', reason: ofTopic });
    expect(of(findings, 'topic-flow', 'topic orders')).toMatchObject({ severity: 'unknown', reason: ofTopic });
    const ofBrokers = findings.filter(({ check }) => check === 'broker-answers' || check === 'cluster-answers');
    expect(new Set(ofBrokers.map(({ severity }) => severity))).toEqual(new Set(['ok']));
  });

  test('a topic is missing only where a broker says so of its name', () => {
    const view = fullView({
      topics: [topicView('other')],
      unlistedTopics: [{ name: 'orders', problem: noSuchTopic }],
    });
    const { findings } = judge(view, {}, healthExpectation({ flowingTopics: flowing }));
    expect(of(findings, 'critical-topic', 'topic orders')).toMatchObject({ severity: 'critical', reason: 'missing' });
    expect(of(findings, 'topic-flow', 'topic orders')).toMatchObject({ severity: 'critical', reason: 'missing' });
    expect(of(findings, 'topic-count')).toMatchObject({ severity: 'ok' });
    expect(of(findings, 'look-complete')).toMatchObject({ severity: 'ok' });
  });

  test('a topic that is denied comes with the right to grant', () => {
    const view = fullView({ topics: [topicView('other')], unlistedTopics: [{ name: 'orders', problem: topicDenied }] });
    const critical = of(judge(view).findings, 'critical-topic', 'topic orders');
    expect(critical).toMatchObject({ severity: 'unknown', reason: 'denied' });
    expect(critical?.message).toContain('kafka-cluster:DescribeTopic');
    expect(of(judge(view).findings, 'offline-partitions')).toMatchObject({ severity: 'unknown', reason: 'denied' });
  });

  test('another error of a topic asked by name is told as it is', () => {
    const problem: ViewProblem = { kind: 'timed-out', message: 'no answer in 10 s' };
    const view = fullView({ topics: [topicView('other')], unlistedTopics: [{ name: 'orders', problem }] });
    expect(of(judge(view).findings, 'critical-topic', 'topic orders')).toMatchObject({
      severity: 'unknown',
      reason: 'timed-out',
      message: expect.stringContaining('no answer in 10 s'),
    });
  });

  test.each([
    ['topics', { GlobalTopicCount: 2, GlobalPartitionCount: 3 }],
    ['partitions', { GlobalTopicCount: 1, GlobalPartitionCount: 4 }],
    ['both', { GlobalTopicCount: 3, GlobalPartitionCount: 9 }],
  ])('of two topics one is hidden, and CloudWatch counts more %s than were listed', (_name, counts) => {
    const { findings } = judge(fullView(), { metrics: known(metricSeries(counts)) });
    for (const check of ofEveryPartition) {
      const one = of(findings, check);
      expect(one).toMatchObject({ check, severity: 'unknown', reason: 'not-all-listed' });
      expect(one?.message).toContain('The brokers listed 1 topic with 3 partitions to mskeeper, CloudWatch counts');
      expect(one?.evidence).toMatchObject({ listedTopicCount: 1, listedPartitionCount: 3 });
    }
    expect(findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });

  test('what is bad among the listed ones stays bad', () => {
    const view = fullView({
      topics: [topicView('orders', [{ partition: 0, replicaIds: [1], inSyncReplicaIds: [], offlineReplicaIds: [] }])],
    });
    const { findings } = judge(view, { metrics: known(metricSeries({ GlobalTopicCount: 9 })) });
    expect(of(findings, 'offline-partitions')).toMatchObject({ severity: 'emergency', reason: 'no-leader' });
  });

  test.each([
    ['fewer than are listed: topics that were just made', [1, 1, 1], 'ok'],
    ['more until a moment ago: topics that were just made are listed, too', [1, 1, 3], 'ok'],
    ['more for all of ten minutes', [3, 3, 3], 'unknown'],
    ['less now, and more before: a topic was deleted', [3, 3, 1], 'ok'],
    ['nothing at the controller of a moment, and more else', [3, 0, 3], 'unknown'],
  ])('CloudWatch counts %s', (_name, [first = 0, second = 0, third = 0], severity) => {
    const points = [
      { atMs: noonMs - 9 * minuteMs, value: first },
      { atMs: noonMs - 5 * minuteMs, value: second },
      { atMs: noonMs - minuteMs, value: third },
    ];
    const metrics = [
      ...metricSeries().filter(({ metric }) => metric !== 'GlobalTopicCount'),
      { metric: 'GlobalTopicCount', points } as const,
    ];
    expect(of(judge(fullView(), { metrics: known(metrics) }).findings, 'topic-count')).toMatchObject({ severity });
  });

  test('a count of an hour ago is none', () => {
    const old = metricSeries({ GlobalTopicCount: 9 }).map((one) => ({
      ...one,
      points: one.points.map((point) => ({ ...point, atMs: point.atMs - 60 * minuteMs })),
    }));
    expect(of(judge(fullView(), { metrics: known(old) }).findings, 'topic-count')).toMatchObject({ severity: 'ok' });
  });

  test.each([
    ['CloudWatch fails', failed('cloudwatch:GetMetricData', 'throttled'), 'unknown'],
    ['its counts are late', known(metricSeries().map((one) => ({ ...one, points: [] }))), 'unknown'],
    ['it counts as many as are listed', known(metricSeries()), 'ok'],
    ['such brokers have no counts', known([]), 'ok'],
  ] as const)('what was not whole in the run before stays so until it is counted: %s', (_name, metrics, severity) => {
    const before = known(healthState({ unknownStreaks: { 'topic-count|cluster': unknownFor(1) } }));
    const counted = of(judge(fullView(), { metrics, previous: before }).findings, 'topic-count');
    expect(counted).toMatchObject({ severity });
    const first = of(judge(fullView(), { metrics, previous: known(healthState()) }).findings, 'topic-count');
    expect(first).toMatchObject({ severity: 'ok' });
  });

  test('a topic without a partition, or with an error of its own, leaves open what holds of every partition', () => {
    for (const topic of [
      topicView('empty', []),
      topicView('odd', [], { problem: { kind: 'kafka-error', code: 17, message: 'INVALID_TOPIC' } }),
    ]) {
      const { findings } = judge(clusterView({ topics: [topicView('orders'), topic] }), { depth: 'light' });
      expect(of(findings, 'offline-partitions')).toMatchObject({ severity: 'unknown', reason: 'topics-unreadable' });
      expect(of(findings, 'offline-partitions')?.message).toContain(topic.name);
    }
  });
});

describe('F1 groups', () => {
  const group = (groupId: string) =>
    ({
      groupId,
      coordinatorId: 1,
      protocol: 'classic',
      protocolType: 'consumer',
      state: 'Stable',
      members: [],
    }) as const;
  const count = (more: Partial<ClusterView>) => of(judge(fullView(more)).findings, 'group-count');
  const unproven = [1, 2, 3].map((id) => brokerView(id));

  test.each([
    ['the quorum', { controller: { toldBy: 'quorum', problem: clusterDenied } as const }],
    ['log directories', { brokers: [1, 2, 3].map((id) => brokerView(id, { logDirectoriesProblem: clusterDenied })) }],
    [
      'the quorum, by its code alone',
      { controller: { toldBy: 'quorum', problem: { kind: 'kafka-error', code: 31, message: 'no' } } as const },
    ],
  ])('who is denied %s is shown a list of groups that is not whole', (_name, more) => {
    const one = count({ ...more, groups: [group('a')] });
    expect(one).toMatchObject({ severity: 'unknown', reason: 'denied', evidence: { listedGroupCount: 1 } });
    expect(one?.message).toContain('kafka-cluster:DescribeCluster');
  });

  test.each([
    [
      'the quorum answered',
      { controller: { toldBy: 'quorum', brokerId: 1 } as const, brokers: unproven },
      'ok',
      'none',
    ],
    ['log directories were told', { controller: { toldBy: 'metadata', brokerId: 1 } as const }, 'ok', 'none'],
    [
      'nothing proves the right',
      { controller: { toldBy: 'metadata', brokerId: 1 } as const, brokers: unproven },
      'unknown',
      'nothing-listed',
    ],
    [
      'log directories came empty',
      {
        controller: { toldBy: 'metadata', brokerId: 1 } as const,
        brokers: [1, 2, 3].map((id) => brokerView(id, { logDirectories: [] })),
      },
      'unknown',
      'nothing-listed',
    ],
  ])('an empty list of groups where %s', (_name, more, severity, reason) => {
    expect(count({ ...more, groups: [] })).toMatchObject({ severity, reason });
  });

  test('groups of which all are ignored are none that are watched, and were seen', () => {
    const expected = healthExpectation({ isWatchedGroup: () => false });
    const { findings } = judge(fullView({ groups: [group('a')] }), {}, expected);
    expect(of(findings, 'group-count')).toMatchObject({
      severity: 'ok',
      reason: 'counted',
      evidence: { groupCount: 0 },
    });
  });

  test('F11 states that nobody knows are counted together, whatever they are called', () => {
    const states = ['Stable', '__proto__', 'constructor', 'x'.repeat(5_000)];
    const groups = states.map((state, index) => ({ ...group(`g${index}`), state }));
    expect(count({ groups })?.evidence).toEqual({ groupCount: 4, groupCountStable: 1, groupCountOther: 3 });
  });
});

describe('F14 empty is not healthy', () => {
  test('leaders of nobody are spread over nobody', () => {
    const silent = fullView({ brokers: [], absentBrokerIds: [1, 2, 3] });
    expect(
      judge(silent).findings.filter(({ check, severity }) => check === 'leader-distribution' && severity === 'ok'),
    ).toEqual([]);
    const unheard = fullView({
      brokers: [1, 2, 3].map((id) => brokerView(id, { problem: { kind: 'denied', message: 'no' } })),
    });
    expect(of(judge(unheard).findings, 'leader-distribution')).toMatchObject({
      severity: 'unknown',
      reason: 'no-broker-heard',
    });
  });

  test('log directories that nobody named are not online', () => {
    const view = fullView({ brokers: [1, 2, 3].map((id) => brokerView(id, { logDirectories: [] })) });
    const ofDirectories = judge(view).findings.filter(({ check }) => check === 'log-directory');
    expect(ofDirectories.map(({ severity, reason }) => [severity, reason])).toEqual(
      Array(3).fill(['unknown', 'nothing-listed']),
    );
  });

  test('a broker without a copy is left out, and one whose copies may be hidden is unknown', () => {
    const topics = [
      topicView('orders', [
        { partition: 0, leaderId: 1, replicaIds: [1], inSyncReplicaIds: [1], offlineReplicaIds: [] },
      ]),
    ];
    const whole = judge(fullView({ topics }));
    expect(of(whole.findings, 'log-directories', 'broker 1')).toMatchObject({ severity: 'ok' });
    expect(of(whole.findings, 'log-directories', 'broker 2')).toBeUndefined();
    expect(whole.notJudged).toContainEqual({ check: 'log-directories', reason: 'broker 2 holds no copy' });
    const hidden = judge(fullView({ topics }), { metrics: known(metricSeries({ GlobalTopicCount: 2 })) });
    expect(of(hidden.findings, 'log-directories', 'broker 2')).toMatchObject({ severity: 'unknown' });
  });
});
