import { expect, test } from 'vitest';
import { evaluateLeaders } from '../../../../../../functions/health/cluster-health/core/leaders.ts';
import { evaluateLogDirectories } from '../../../../../../functions/health/cluster-health/core/log-directories.ts';
import { evaluateTopics } from '../../../../../../functions/health/cluster-health/core/topics.ts';
import type { GroupView } from '../../../../../../shared/core/cluster-view.ts';
import {
  blindView,
  brokerView,
  clusterView,
  factsOf,
  failed,
  fullView,
  healthExpectation,
  healthObservation,
  known,
  notAsked,
  partitionView,
  problem,
  silentBroker,
  topicView,
} from '../../../../../support/health/builders.ts';

const expected = healthExpectation();
const lambdaDown = failed('lambda:Invoke kafka-read', 'bad-answer');
const topics = (more = {}) => evaluateTopics(factsOf(healthObservation(more), expected)).findings;
const find = (check: string, more = {}) => topics(more).find((one) => one.check === check);
const group = (groupId: string, state: string): GroupView => ({
  groupId,
  coordinatorId: 1,
  protocol: 'classic',
  protocolType: 'consumer',
  state,
  members: [],
});

test.each([
  ['present with its replication factor', [topicView('orders')], 'ok', 'as-configured'],
  [
    'with too few replicas in one partition',
    [topicView('orders', [partitionView(0), partitionView(1, { replicaIds: [1, 2] })])],
    'warning',
    'too-few-replicas',
  ],
  [
    'with more replicas',
    [topicView('orders', [partitionView(0, { replicaIds: [1, 2, 3, 4] })])],
    'notice',
    'more-replicas',
  ],
  ['that could not be read', [topicView('orders', [], { problem: problem('denied') })], 'unknown', 'denied'],
  ['that lists no partition', [topicView('orders', [])], 'unknown', 'no-partitions'],
] as const)('H1 a critical topic %s', (_name, list, severity, reason) => {
  expect(find('critical-topic', { view: known(clusterView({ topics: list })) })).toMatchObject({
    subject: 'topic orders',
    severity,
    reason,
  });
});

test.each([
  ['the look failed', lambdaDown, 'bad-answer'],
  ['no broker listed topics', known(blindView(problem('timed-out'))), 'not-listed'],
] as const)('when %s, a critical topic is unknown and not missing', (_name, view, reason) => {
  expect(find('critical-topic', { view })).toMatchObject({ severity: 'unknown', reason, sources: ['brokers'] });
  expect(find('topic-count', { view })).toMatchObject({ severity: 'unknown', reason });
  expect(find('group-count', { view })).toMatchObject({ severity: 'unknown' });
});

test('H1 topics are counted', () => {
  const view = known(clusterView({ topics: [topicView('orders'), topicView('__x', undefined, { isInternal: true })] }));
  expect(find('topic-count', { view })).toMatchObject({
    severity: 'ok',
    evidence: { topicCount: 2, internalTopicCount: 1, partitionCount: 6 },
  });
});

test('topics that could not be read make the count unknown and are named', () => {
  const view = known(
    clusterView({ topics: [topicView('orders'), topicView('hidden', [], { problem: problem('denied') })] }),
  );
  expect(find('topic-count', { view })).toMatchObject({ severity: 'unknown', evidence: { unreadableCount: 1 } });
  expect(find('topic-count', { view })?.message).toContain('hidden');
});

test('H1 groups are counted by state, daily', () => {
  const view = known(fullView({ groups: [group('a', 'Stable'), group('b', 'Empty'), group('c', 'Stable')] }));
  expect(find('group-count', { view })).toMatchObject({
    severity: 'ok',
    reason: 'counted',
    evidence: { groupCount: 3, groupCountStable: 2, groupCountEmpty: 1 },
  });
  expect(evaluateTopics(factsOf(healthObservation({ depth: 'light', view }), expected)).notJudged).toMatchObject([
    { check: 'group-count' },
  ]);
});

test('groups that mskeeper.yml ignores are not counted', () => {
  const view = known(fullView({ groups: [group('a', 'Stable'), group('console-consumer-7', 'Empty')] }));
  const isWatchedGroup = (groupId: string) => groupId === 'a';
  const { findings } = evaluateTopics(
    factsOf(healthObservation({ depth: 'full', view }), healthExpectation({ isWatchedGroup })),
  );
  expect(findings.find(({ check }) => check === 'group-count')?.evidence).toEqual({
    groupCount: 1,
    groupCountStable: 1,
  });
});

test.each([
  ['were not listed at all', clusterView()],
  ['of a silent broker', fullView({ brokers: [brokerView(1), silentBroker(2)] })],
  ['of an absent broker', fullView({ absentBrokerIds: [3] })],
  [
    'of a broker that failed to list',
    fullView({ problems: [{ what: 'groups', brokerId: 1, problem: problem('timed-out') }] }),
  ],
])('groups that %s make the count unknown, never smaller', (_name, view) => {
  expect(find('group-count', { view: known(view) })).toMatchObject({ severity: 'unknown', reason: 'incomplete' });
});

const directories = (more = {}, kind: 'standard' | 'express' = 'standard') =>
  evaluateLogDirectories(factsOf(healthObservation(more), healthExpectation({ brokerKind: kind })));

test('H3 a copy that is offline on a broker that answers means a failed log directory, at any depth', () => {
  const view = known(clusterView({ topics: [topicView('orders', [partitionView(0, { offlineReplicaIds: [2] })])] }));
  expect(directories({ depth: 'light', view }).findings.find(({ subject }) => subject === 'broker 2')).toMatchObject({
    severity: 'critical',
    reason: 'copies-offline',
    evidence: { offlineCopyCount: 1, partitions: 'orders-0' },
  });
});

test('a copy that is offline because its broker is dead is the broker finding', () => {
  const view = known(
    clusterView({
      brokers: [brokerView(1), brokerView(2), silentBroker(3)],
      topics: [topicView('orders', [partitionView(0, { offlineReplicaIds: [3] })])],
    }),
  );
  expect(directories({ depth: 'light', view }).findings.every(({ severity }) => severity === 'ok')).toBe(true);
});

test.each([
  ['online', { logDirectories: [{ path: '/d', usedBytes: 1 }] }, 'ok', 'online'],
  ['offline (H3)', { logDirectories: [{ path: '/d', problem: problem('kafka-error') }] }, 'critical', 'offline'],
  ['not described', { logDirectoriesProblem: problem('denied') }, 'unknown', 'denied'],
  ['not told at all', {}, 'unknown', 'not-told'],
] as const)('a log directory %s', (_name, more, severity, reason) => {
  const view = known(fullView({ brokers: [brokerView(1, more)] }));
  expect(directories({ view }).findings.find(({ check }) => check === 'log-directory')).toMatchObject({
    severity,
    reason,
  });
});

test.each([
  ['the look failed', lambdaDown, 'bad-answer'],
  ['no broker told its copies', known(blindView(problem('timed-out'))), 'not-listed'],
] as const)('log directories are unknown when %s', (_name, view, reason) => {
  expect(directories({ view }).findings).toMatchObject([
    { subject: 'brokers', severity: 'unknown', reason, sources: ['brokers'] },
  ]);
});

test('log directories of Express belong to AWS', () => {
  expect(directories({}, 'express').notJudged.map(({ check, isUnwanted }) => [check, isUnwanted])).toEqual([
    ['log-directories', true],
    ['log-directory', true],
  ]);
  expect(directories({ view: notAsked }).notJudged).toHaveLength(1);
});

test('a directory and a copy are told whole, by broker and path', () => {
  const view = known(
    fullView({
      brokers: [
        brokerView(1, { logDirectories: [{ path: '/d', usedBytes: 1, totalBytes: 9, usableBytes: 7 }] }),
        brokerView(2, { logDirectories: [{ path: '/e', problem: problem('kafka-error', 'disk gone') }] }),
        brokerView(3, { logDirectoriesProblem: problem('denied') }),
      ],
      topics: [topicView('orders', [partitionView(0, { offlineReplicaIds: [2] })])],
    }),
  );
  const frame = (check: string, subject: string) => ({ check, subject, sources: ['brokers'] });
  expect(directories({ view }).findings).toEqual([
    {
      ...frame('log-directories', 'broker 1'),
      severity: 'ok',
      reason: 'online',
      message: 'Every listed copy on broker 1 is online.',
      evidence: {},
    },
    {
      ...frame('log-directories', 'broker 2'),
      severity: 'critical',
      reason: 'copies-offline',
      message: expect.stringContaining('Broker 2 answers, but 1 partition offline there: orders-0.'),
      evidence: { offlineCopyCount: 1, partitions: 'orders-0' },
    },
    expect.objectContaining({ ...frame('log-directories', 'broker 3'), severity: 'ok' }),
    {
      ...frame('log-directory', 'broker 1 /d'),
      severity: 'ok',
      reason: 'online',
      message: 'Log directory /d is online.',
      evidence: { path: '/d', usedBytes: 1, totalBytes: 9, usableBytes: 7 },
    },
    {
      ...frame('log-directory', 'broker 2 /e'),
      severity: 'critical',
      reason: 'offline',
      message: 'Log directory /e of broker 2 is offline: disk gone',
      evidence: { path: '/e' },
    },
    {
      ...frame('log-directory', 'broker 3'),
      severity: 'unknown',
      reason: 'denied',
      message: 'Broker 3 did not describe its log directories: as the test has it',
      evidence: {},
    },
  ]);
});

test('critical topics are told with what is configured and what is there', () => {
  const lists: readonly (readonly [ReturnType<typeof topicView>[], object])[] = [
    [[], { configuredReplicationFactor: 3 }],
    [
      [topicView('orders', [partitionView(0), partitionView(1, { replicaIds: [1, 2] })])],
      { configuredReplicationFactor: 3, replicationFactor: 2, partitionCount: 2 },
    ],
    [
      [topicView('orders', [partitionView(0), partitionView(1, { replicaIds: [1, 2, 3, 4] })])],
      { configuredReplicationFactor: 3, replicationFactor: 4, partitionCount: 2 },
    ],
    [[topicView('orders')], { configuredReplicationFactor: 3, replicationFactor: 3, partitionCount: 3 }],
  ];
  for (const [list, evidence] of lists) {
    const found = find('critical-topic', { view: known(clusterView({ topics: list })) });
    expect(found).toMatchObject({ sources: ['brokers', 'configuration'], subject: 'topic orders' });
    expect(found?.evidence).toEqual(evidence);
  }
});

test('counts are said in words, and an incomplete one with what was listed', () => {
  expect(find('topic-count')).toMatchObject({
    message: '1 topic with 3 partitions.',
    reason: 'counted',
    sources: ['brokers'],
  });
  const groups = [group('a', 'Stable'), group('b', 'Stable')];
  expect(find('group-count', { view: known(fullView({ groups })) })).toMatchObject({
    message: '2 groups.',
    sources: ['brokers'],
  });
  expect(find('group-count', { view: known(fullView({ groups, absentBrokerIds: [3] })) })?.evidence).toEqual({
    listedGroupCount: 2,
  });
  expect(find('group-count', { view: known(clusterView()) })?.evidence).toEqual({});
});

test('an address that serves nobody hides no group', () => {
  const problems = [{ what: 'bootstrap', problem: problem('timed-out') }] as const;
  expect(find('group-count', { view: known(fullView({ problems })) })).toMatchObject({ severity: 'ok' });
});

const led = (leaders: readonly number[]) =>
  known(
    clusterView({
      topics: [
        topicView(
          'orders',
          leaders.map((leaderId, id) => partitionView(id, { leaderId })),
        ),
      ],
    }),
  );

test.each([
  ['even', [1, 2, 3, 1, 2, 3], 'ok', 'spread'],
  ['skewed but few', [1, 1, 1, 1, 2, 3], 'ok', 'spread'],
  ['skewed', [...Array<number>(40).fill(1), 2, 3], 'notice', 'skewed'],
] as const)('H3 a leader distribution that is %s', (_name, leaders, severity, reason) => {
  expect(evaluateLeaders(factsOf(healthObservation({ view: led(leaders) }))).findings).toMatchObject([
    { severity, reason },
  ]);
});

test.each([
  [
    'half more than the mean, and no more',
    [...Array<number>(60).fill(1), ...Array<number>(30).fill(2), ...Array<number>(30).fill(3)],
    'ok',
  ],
  [
    'more than that',
    [...Array<number>(31).fill(1), ...Array<number>(15).fill(2), ...Array<number>(14).fill(3)],
    'notice',
  ],
  [
    'ten more than the mean',
    [...Array<number>(20).fill(1), ...Array<number>(5).fill(2), ...Array<number>(5).fill(3)],
    'ok',
  ],
  ['eleven more', [...Array<number>(21).fill(3), ...Array<number>(5).fill(2), ...Array<number>(4).fill(1)], 'notice'],
])('the worst broker leads %s', (_name, leaders, severity) => {
  expect(evaluateLeaders(factsOf(healthObservation({ view: led(leaders) }))).findings).toMatchObject([{ severity }]);
});

test('a skew names the broker and how much it leads', () => {
  const [skewed] = evaluateLeaders(
    factsOf(healthObservation({ view: led([...Array<number>(40).fill(2), 1, 3]) })),
  ).findings;
  expect(skewed).toMatchObject({
    check: 'leader-distribution',
    subject: 'cluster',
    message: 'Broker 2 leads 40 of 42 partitions; a preferred-leader election would spread them.',
    sources: ['brokers'],
  });
});

test('silent brokers have no share, and while one leads nobody calls the others well spread', () => {
  const brokers = [brokerView(1), brokerView(2), silentBroker(3)];
  const [unheard] = evaluateLeaders(factsOf(healthObservation({ view: known(clusterView({ brokers })) }))).findings;
  expect(unheard).toMatchObject({
    severity: 'unknown',
    reason: 'leader-unheard',
    message: '1 partition led by a broker that was not heard, so nobody knows how leaders are spread.',
    evidence: { leaderCountBroker1: 1, leaderCountBroker2: 1 },
  });
  const topics = [
    topicView(
      'orders',
      [1, 2, 2].map((leaderId, id) => partitionView(id, { leaderId })),
    ),
  ];
  const [spread] = evaluateLeaders(
    factsOf(healthObservation({ view: known(clusterView({ brokers, topics })) })),
  ).findings;
  expect(spread).toMatchObject({ severity: 'ok', message: 'Leaders are spread over 2 brokers.' });
  expect(spread?.evidence).toEqual({ leaderCountBroker1: 1, leaderCountBroker2: 2, notOnPreferredCount: 2 });
});

test('leaders are counted by broker, with those away from their preferred one', () => {
  expect(evaluateLeaders(factsOf(healthObservation({ view: led([1, 2, 2]) }))).findings).toMatchObject([
    { evidence: { leaderCountBroker1: 1, leaderCountBroker2: 2, leaderCountBroker3: 0, notOnPreferredCount: 2 } },
  ]);
});

test('leaders are unknown when the look failed', () => {
  expect(evaluateLeaders(factsOf(healthObservation({ view: lambdaDown }))).findings).toMatchObject([
    { severity: 'unknown' },
  ]);
  expect(evaluateLeaders(factsOf(healthObservation({ view: notAsked }))).findings).toEqual([]);
});
