import { describe, expect, test } from 'vitest';
import {
  evaluateDeadLetters,
  evaluateFlow,
} from '../../../../../../functions/health/cluster-health/core/dead-letters-and-flow.ts';
import { evaluateLeaders } from '../../../../../../functions/health/cluster-health/core/leaders.ts';
import { evaluateLogDirectories } from '../../../../../../functions/health/cluster-health/core/log-directories.ts';
import { findNamedTopic } from '../../../../../../functions/health/cluster-health/core/named-topic.ts';
import { namesSeen } from '../../../../../../functions/health/cluster-health/core/names.ts';
import type { HealthExpectation } from '../../../../../../functions/health/cluster-health/core/observation.ts';
import { findTopicGap } from '../../../../../../functions/health/cluster-health/core/topic-list.ts';
import { evaluateTopics } from '../../../../../../functions/health/cluster-health/core/topics.ts';
import type { ClusterView, ViewProblem } from '../../../../../../shared/core/cluster-view.ts';
import {
  brokerView,
  clusterView,
  factsOf,
  fullView,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  metricSeries,
  minuteMs,
  noonMs,
  partitionView,
  problem,
  silentBroker,
  topicView,
} from '../../../../../support/health/builders.ts';

const factsWith = (view: ClusterView, more = {}, expected: Partial<HealthExpectation> = {}) =>
  factsOf(healthObservation({ view: known(view), ...more }), healthExpectation(expected));
const denied: ViewProblem = { kind: 'denied', code: 29, message: 'TOPIC_AUTHORIZATION_FAILED' };
const noSuchTopic: ViewProblem = { kind: 'kafka-error', code: 3, message: 'UNKNOWN_TOPIC_OR_PARTITION' };
const group = (groupId: string, state: string) =>
  ({ groupId, coordinatorId: 1, protocol: 'classic', protocolType: 'consumer', state, members: [] }) as const;

describe('why a list of topics may not be whole', () => {
  const gapOf = (view: ClusterView, values?: Readonly<Record<string, number>>) =>
    findTopicGap(
      view,
      healthObservation({ view: known(view), ...(values && { metrics: known(metricSeries(values)) }) }),
      3,
    );

  test('denied topics are counted and named, those that do not exist are not', () => {
    const unlistedTopics = [
      { name: 'b', problem: denied },
      { name: 'a', problem: denied },
      { name: 'c', problem: noSuchTopic },
    ];
    expect(gapOf(clusterView({ unlistedTopics }))).toEqual({
      reason: 'denied',
      why: expect.stringContaining('it was denied a, b, and what may not be described is left out'),
      evidence: { deniedTopicCount: 2 },
    });
  });

  test('an empty list says what may be behind it', () => {
    expect(gapOf(clusterView({ topics: [] }))).toEqual({
      reason: 'nothing-listed',
      why: expect.stringContaining('The brokers listed no topic: there is none, or mskeeper may describe none.'),
      evidence: {},
    });
  });

  test('both counts are told beside the list', () => {
    const gap = gapOf(clusterView(), { GlobalTopicCount: 3, GlobalPartitionCount: 9 });
    expect(gap).toMatchObject({
      reason: 'not-all-listed',
      evidence: { listedTopicCount: 1, listedPartitionCount: 3, globalTopicCount: 3, globalPartitionCount: 9 },
    });
    expect(gap?.why).toContain('CloudWatch counts 3 topics with 9 partitions');
  });

  test('one count alone is told alone', () => {
    const only = metricSeries({ GlobalPartitionCount: 9 }).filter(({ metric }) => metric !== 'GlobalTopicCount');
    const gap = findTopicGap(clusterView(), healthObservation({ metrics: known(only) }), 3);
    expect(gap?.evidence).toEqual({ listedTopicCount: 1, listedPartitionCount: 3, globalPartitionCount: 9 });
    expect(gap?.why).toContain('CloudWatch counts 9 partitions:');
  });

  test('topics that could not be read are named in their order', () => {
    const topics = [topicView('b', []), topicView('a', [], { problem: denied }), topicView('c')];
    expect(gapOf(clusterView({ topics }))).toEqual({
      reason: 'topics-unreadable',
      why: '2 topics of 3 could not be read: a, b.',
      evidence: { unreadableCount: 2 },
    });
  });

  test('nothing is said of a list that is whole', () => {
    expect(gapOf(clusterView())).toBeUndefined();
  });
});

test('a named topic is listed, missing, or not known, and why', () => {
  const view = clusterView({
    unlistedTopics: [
      { name: 'gone', problem: noSuchTopic },
      { name: 'hidden', problem: denied },
      { name: 'odd', problem: problem('timed-out', 'in 10 s') },
    ],
  });
  expect(findNamedTopic('orders', view)).toMatchObject({ kind: 'listed', topic: { name: 'orders' } });
  expect(findNamedTopic('gone', view)).toEqual({ kind: 'missing' });
  expect(findNamedTopic('hidden', view)).toMatchObject({ kind: 'not-known', reason: 'denied' });
  expect(findNamedTopic('odd', view)).toEqual({
    kind: 'not-known',
    reason: 'timed-out',
    why: "Topic odd is not in the brokers' list, and was not told by name (timed-out): in 10 s",
  });
  expect(findNamedTopic('other', view)).toMatchObject({ kind: 'not-known', reason: 'not-listed' });
});

describe('groups', () => {
  const count = (view: ClusterView, expected: Partial<HealthExpectation> = {}) =>
    evaluateTopics(factsWith(view, {}, expected)).findings.find(({ check }) => check === 'group-count');
  const frame = { check: 'group-count', subject: 'cluster', sources: ['brokers'] };

  test('are told whole, by every state that Kafka has', () => {
    const states = [
      'Stable',
      'Empty',
      'Dead',
      'PreparingRebalance',
      'CompletingRebalance',
      'Assigning',
      'Reconciling',
      'NotReady',
      'New',
    ];
    expect(count(fullView({ groups: states.map((state, index) => group(`g${index}`, state)) }))).toEqual({
      ...frame,
      severity: 'ok',
      reason: 'counted',
      message: '9 groups.',
      evidence: {
        groupCount: 9,
        groupCountStable: 1,
        groupCountEmpty: 1,
        groupCountDead: 1,
        groupCountPreparingRebalance: 1,
        groupCountCompletingRebalance: 1,
        groupCountAssigning: 1,
        groupCountReconciling: 1,
        groupCountNotReady: 1,
        groupCountOther: 1,
      },
    });
  });

  test('that are none are told with the reason to believe it', () => {
    expect(count(fullView({ groups: [] }))).toEqual({
      ...frame,
      severity: 'ok',
      reason: 'none',
      message: 'No group is listed, to mskeeper that may describe the cluster and so is shown all of them.',
      evidence: { groupCount: 0 },
    });
  });

  test.each<[string, Partial<ClusterView>, number]>([
    ['a broker is silent', { brokers: [brokerView(1), silentBroker(2)] }, 1],
    ['a broker is absent', { absentBrokerIds: [3] }, 1],
    ['a broker shares its address', { brokers: [brokerView(1, { sharesAddressWith: [2] })] }, 1],
    ['a broker did not list them', { problems: [{ what: 'groups', problem: problem('timed-out') }] }, 1],
    ['no broker is listed', { brokers: [] }, 1],
  ])('are incomplete where %s', (_name, more, listedGroupCount) => {
    const one = count(fullView({ groups: [group('a', 'Stable')], ...more }));
    expect(one).toEqual({
      ...frame,
      severity: 'unknown',
      reason: 'incomplete',
      message: 'Not every broker listed its groups.',
      evidence: { listedGroupCount },
    });
  });

  test.each(['bootstrap', 'settings', 'members', 'ends'] as const)('are whole where %s alone failed', (what) => {
    const view = fullView({ groups: [group('a', 'Stable')], problems: [{ what, problem: problem('too-large') }] });
    expect(count(view)).toMatchObject({ severity: 'ok', reason: 'counted' });
  });

  test('that nobody was asked for are not counted as none', () => {
    const { groups: _none, ...view } = fullView();
    expect(count(view)).toMatchObject({ severity: 'unknown', reason: 'incomplete', evidence: {} });
  });
});

describe('log directories', () => {
  const of = (brokers: ClusterView['brokers']) =>
    evaluateLogDirectories(factsWith(fullView({ brokers }), { secondView: known(fullView({ brokers })) }));
  const directory = { path: '/d', usedBytes: 5, totalBytes: 9, usableBytes: 3 };

  test('that were denied one by one are not called offline', () => {
    const { findings } = of([brokerView(1, { logDirectories: [{ ...directory, problem: problem('denied', 'no') }] })]);
    expect(findings.filter(({ check }) => check === 'log-directory')).toEqual([
      {
        check: 'log-directory',
        subject: 'broker 1 /d',
        severity: 'unknown',
        reason: 'denied',
        message: 'Log directory /d of broker 1 was not described: no',
        sources: ['brokers'],
        evidence: { path: '/d', usedBytes: 5, totalBytes: 9, usableBytes: 3 },
      },
    ]);
  });

  test('of brokers that were not heard are left out, by their names, so that nothing of them is over', () => {
    const { findings, notJudged } = of([brokerView(2, { logDirectories: [directory] }), silentBroker(1)]);
    expect(findings.map(({ subject, severity }) => [subject, severity])).toEqual([
      ['broker 2', 'ok'],
      ['broker 2 /d', 'ok'],
    ]);
    expect(notJudged).toEqual([
      { check: 'log-directories', reason: 'not of broker 1, broker 3' },
      { check: 'log-directory', reason: 'not of broker 1, broker 3' },
    ]);
  });

  test('that came empty are told as what an old broker says for no', () => {
    expect(of([brokerView(1, { logDirectories: [] })]).findings).toContainEqual({
      check: 'log-directory',
      subject: 'broker 1',
      severity: 'unknown',
      reason: 'nothing-listed',
      message: 'Broker 1 described no log directory: before Kafka 3.2 that is also how it refuses.',
      sources: ['brokers'],
      evidence: {},
    });
  });
});

describe('leaders', () => {
  const of = (view: ClusterView) => evaluateLeaders(factsWith(view)).findings;
  const frame = { check: 'leader-distribution', subject: 'cluster', sources: ['brokers'], severity: 'unknown' };

  test('of brokers that nobody heard are spread over nobody', () => {
    expect(of(clusterView({ brokers: [silentBroker(1)] }))).toEqual([
      {
        ...frame,
        reason: 'no-broker-heard',
        message: 'No broker was heard, so nothing is spread over any.',
        evidence: {},
      },
    ]);
  });

  test('that no partition has are none', () => {
    const { leaderId: _none, ...leaderless } = partitionView(0);
    expect(of(clusterView({ topics: [topicView('orders', [leaderless])] }))).toEqual([
      {
        ...frame,
        reason: 'no-leaders',
        message: 'None of the brokers that were heard leads a listed partition.',
        evidence: { leaderCountBroker1: 0, leaderCountBroker2: 0, leaderCountBroker3: 0, notOnPreferredCount: 0 },
      },
    ]);
  });
});

describe('dead-letter topics', () => {
  const watched: Partial<HealthExpectation> = {
    isDeadLetterTopic: (name) => name.endsWith('.dlq'),
    hasDeadLetterPatterns: true,
    plainTopics: ['a.dlq', 'orders'],
  };
  const judge = (view: ClusterView, more = {}) => evaluateDeadLetters(factsWith(view, more, watched));
  const frame = { check: 'dead-letter', subject: 'topic a.dlq', sources: ['brokers', 'configuration'], evidence: {} };

  test('that do not exist by their name do not grow', () => {
    expect(judge(clusterView({ unlistedTopics: [{ name: 'a.dlq', problem: noSuchTopic }] })).findings).toEqual([
      { ...frame, severity: 'ok', reason: 'none', message: 'Dead-letter topic a.dlq does not exist.' },
    ]);
  });

  test('that may not be described are unknown by name', () => {
    expect(judge(clusterView({ unlistedTopics: [{ name: 'a.dlq', problem: denied }] })).findings).toMatchObject([
      { ...frame, severity: 'unknown', reason: 'denied' },
    ]);
  });

  test('that are listed are judged once, beside a hint at what the list may hide', () => {
    const view = clusterView({ topics: [topicView('a.dlq', [partitionView(0, { latestOffset: 5n })])] });
    const whole = judge(view);
    expect(whole.findings).toMatchObject([{ subject: 'topic a.dlq', reason: 'baseline' }]);
    expect(whole.notJudged).toEqual([]);
    const hidden = judge(view, { metrics: known(metricSeries({ GlobalTopicCount: 7 })) });
    expect(hidden.findings).toHaveLength(1);
    expect(hidden.notJudged).toMatchObject([{ check: 'dead-letter' }]);
    expect(hidden.notJudged[0]?.reason).toMatch(/^topics that are not listed: The brokers listed 1 topic/);
  });

  test('of which none is listed are none only where the list is whole', () => {
    const noPlain = { ...watched, plainTopics: [] };
    const all = { check: 'dead-letter', subject: 'dead-letter topics', sources: ['brokers', 'configuration'] };
    expect(evaluateDeadLetters(factsWith(clusterView(), {}, noPlain)).findings).toEqual([
      {
        ...all,
        severity: 'ok',
        reason: 'none',
        message: 'No listed topic matches the dead-letter patterns.',
        evidence: {},
      },
    ]);
    expect(evaluateDeadLetters(factsWith(clusterView({ topics: [] }), {}, noPlain)).findings).toMatchObject([
      { ...all, severity: 'unknown', reason: 'nothing-listed' },
    ]);
  });

  test.each([
    [1n, true],
    [3n, true],
    [4n, false],
  ])('F10 that went on by %d offsets are growing, and so few may be no records: %s', (moved, isDoubted) => {
    const view = clusterView({ topics: [topicView('a.dlq', [partitionView(0, { latestOffset: 5n + moved })])] });
    const mark = { atMs: noonMs - 5 * minuteMs, latestByPartition: { 0: '5' } };
    const previous = known(healthState({ offsetsByTopic: { 'a.dlq': mark } }));
    const [one] = judge(view, { previous }).findings;
    expect(one).toMatchObject({ severity: 'warning', reason: 'growing', evidence: { offsets: Number(moved) } });
    expect(one?.message).toContain(`went on by ${moved} offset${moved === 1n ? '' : 's'}:`);
    expect(one?.message.includes('markers of transactions')).toBe(isDoubted);
    expect(one?.message).not.toContain('message');
  });
});

describe('a topic that should flow', () => {
  const flowing: Partial<HealthExpectation> = { flowingTopics: [{ name: 'clicks', minMessagesPerMinute: 1 }] };
  const frame = { check: 'topic-flow', subject: 'topic clicks', sources: ['brokers', 'configuration'], evidence: {} };
  const judge = (unlistedTopics: ClusterView['unlistedTopics'] = []) =>
    evaluateFlow(factsWith(clusterView({ unlistedTopics }), {}, flowing));

  test('is missing where a broker says so of its name', () => {
    expect(judge([{ name: 'clicks', problem: noSuchTopic }])).toEqual({
      findings: [
        { ...frame, severity: 'critical', reason: 'missing', message: 'Topic clicks should flow and does not exist.' },
      ],
      notJudged: [],
    });
  });

  test.each([
    ['was denied', [{ name: 'clicks', problem: denied }], 'denied', 'mskeeper may not describe topic clicks'],
    ['was not asked for', [], 'not-listed', "Topic clicks is not in the brokers' list, and none was asked"],
  ] as const)('is unknown where it %s', (_name, unlisted, reason, words) => {
    expect(judge(unlisted).findings).toEqual([
      { ...frame, severity: 'unknown', reason, message: expect.stringContaining(words) },
    ]);
  });
});

test('names of topics that are asked for by name may stand in a report, too', () => {
  const names = namesSeen(healthObservation(), healthExpectation({ plainTopics: ['pwd.dlq'] }));
  expect(names).toEqual(expect.arrayContaining(['orders', 'pwd.dlq']));
});
