import { describe, expect, test } from 'vitest';
import { evaluateBrokers } from '../../../../../../functions/health/cluster-health/core/brokers.ts';
import { compareWithHistory } from '../../../../../../functions/health/cluster-health/core/changes.ts';
import { evaluateClusterState } from '../../../../../../functions/health/cluster-health/core/cluster-state.ts';
import { combine } from '../../../../../../functions/health/cluster-health/core/judgement.ts';
import type { OpenFinding } from '../../../../../../functions/health/cluster-health/core/memory.ts';
import { compareRoster, countUnreachable } from '../../../../../../functions/health/cluster-health/core/roster.ts';
import type { ClusterView } from '../../../../../../shared/core/cluster-view.ts';
import {
  blindView,
  brokerView,
  clusterView,
  factsOf,
  failed,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  mskObservation,
  noonMs,
  notAsked,
  offlinePartition,
  partitionView,
  problem,
  silentBroker,
  topicView,
} from '../../../../../support/health/builders.ts';

const expected = healthExpectation();
const judge = (view: ClusterView, more = {}) =>
  evaluateBrokers(factsOf(healthObservation({ view: known(view), ...more }), expected)).findings;
const of = (findings: ReturnType<typeof judge>, check: string, subject: string) =>
  findings.find((one) => one.check === check && one.subject === subject);
const count = (view: ClusterView, more = {}) =>
  countUnreachable(compareRoster(healthObservation({ view: known(view), ...more }), expected));

const withBroker3 = (broker3: ReturnType<typeof brokerView>) =>
  clusterView({ brokers: [brokerView(1), brokerView(2), broker3] });

test.each([
  ['answers within 5 s (H1)', brokerView(3, { answerMs: 5000 }), 'ok', 'answers', 0],
  ['answers after more than 5 s', brokerView(3, { answerMs: 5001 }), 'warning', 'late', 0],
  ['does not answer within the look', silentBroker(3, problem('timed-out')), 'critical', 'timed-out', 1],
  ['refuses the connection', silentBroker(3, problem('unreachable')), 'critical', 'unreachable', 1],
  ['fails the TLS handshake alone', silentBroker(3, problem('tls-failed')), 'critical', 'tls-failed', 1],
  ['speaks rubbish', silentBroker(3, problem('bad-answer')), 'critical', 'bad-answer', 1],
  ['turns mskeeper away', silentBroker(3, problem('authentication-failed')), 'unknown', 'authentication-failed', 0],
  ['denies mskeeper', silentBroker(3, problem('denied')), 'unknown', 'denied', 0],
  ['is of an unsupported version', silentBroker(3, problem('unsupported')), 'unknown', 'unsupported', 0],
  ['answers with an error', silentBroker(3, { ...problem('kafka-error'), code: 41 }), 'unknown', 'kafka-error', 0],
] as const)('a broker that %s', (_name, broker, severity, reason, unreachable) => {
  const view = withBroker3(broker);
  expect(of(judge(view), 'broker-answers', 'broker 3')).toMatchObject({ severity, reason });
  expect(of(judge(view), 'cluster-answers', 'cluster')).toMatchObject({ severity: 'ok' });
  expect(count(view)).toBe(unreachable);
});

test('a broker that neither answered nor failed is not taken for one that answers', () => {
  const { answerMs: _none, ...silent } = brokerView(3);
  expect(of(judge(withBroker3(silent)), 'broker-answers', 'broker 3')).toMatchObject({ severity: 'critical' });
});

test('a dead broker is in no Metadata, so the node list names it, with the partitions that suffer', () => {
  const view = clusterView({
    brokers: [brokerView(1), brokerView(2)],
    absentBrokerIds: [3],
    topics: [
      topicView('orders', [
        partitionView(0, { inSyncReplicaIds: [1, 2] }),
        partitionView(1, { replicaIds: [1, 2], inSyncReplicaIds: [1, 2] }),
      ]),
      topicView('single', [offlinePartition(0)]),
    ],
  });
  const dead = of(judge(view), 'broker-answers', 'broker 3');
  expect(dead).toMatchObject({
    severity: 'critical',
    reason: 'not-in-cluster',
    sources: ['brokers', 'msk'],
    evidence: { affectedPartitionCount: 2, offlinePartitionCount: 1, affectedPartitions: 'single-0, orders-0' },
  });
  expect(dead?.message).toContain('2 partitions affected');
  expect(count(view)).toBe(1);
});

test('partitions still led by a silent broker are counted before the controller has noticed', () => {
  const view = clusterView({
    brokers: [silentBroker(1), brokerView(2), brokerView(3)],
    topics: [topicView('orders', [partitionView(0)])],
  });
  expect(of(judge(view), 'broker-answers', 'broker 1')).toMatchObject({
    evidence: { affectedPartitionCount: 1, ledPartitionCount: 1, offlinePartitionCount: 0 },
  });
});

const identity = { host: 'b-3.example.test', isPromisedByMsk: true };
const told = { check: 'broker-answers', subject: 'broker 3', sources: ['brokers', 'msk'] };

test.each([
  [
    'that answers',
    brokerView(3, { answerMs: 12 }),
    {
      ...told,
      severity: 'ok',
      reason: 'answers',
      message: 'Broker 3 answers.',
      evidence: { answerMs: 12, ...identity },
    },
  ],
  [
    'that is late',
    brokerView(3, { answerMs: 5001 }),
    {
      ...told,
      severity: 'warning',
      reason: 'late',
      message: 'Broker 3 took 5001 ms to answer, more than 5000 ms.',
      evidence: { limitMs: 5000, answerMs: 5001, ...identity },
    },
  ],
  [
    'that says no, with its code',
    silentBroker(3, { kind: 'kafka-error', message: 'UNKNOWN', code: 41 }),
    {
      ...told,
      severity: 'unknown',
      reason: 'kafka-error',
      message: 'Broker 3 answered with a refusal (kafka-error): UNKNOWN',
      evidence: { code: 41, ...identity },
    },
  ],
  [
    'that says no',
    silentBroker(3, problem('denied')),
    {
      ...told,
      severity: 'unknown',
      reason: 'denied',
      message: 'Broker 3 answered with a refusal (denied): as the test has it',
      evidence: identity,
    },
  ],
  [
    'that is silent',
    silentBroker(3, problem('timed-out')),
    {
      ...told,
      severity: 'critical',
      reason: 'timed-out',
      message:
        'Broker 3 does not answer (as the test has it): 3 partitions affected (0 without a leader, 1 still led by it): orders-2, orders-0, orders-1. Confirm with DescribeClusterV2; if MSK is not HEALING, ask for a reboot.',
      evidence: {
        affectedPartitionCount: 3,
        offlinePartitionCount: 0,
        ledPartitionCount: 1,
        affectedPartitions: 'orders-2, orders-0, orders-1',
        ...identity,
      },
    },
  ],
])('a broker %s, whole', (_name, broker, whole) => {
  expect(of(judge(withBroker3(broker)), 'broker-answers', 'broker 3')).toEqual(whole);
});

test('a broker that MSK does not list is told by the brokers alone, and one without partitions costs nothing', () => {
  const view = clusterView({ brokers: [brokerView(1), brokerView(2), silentBroker(4)], topics: [] });
  expect(of(judge(view, { nodes: known([1, 2]) }), 'broker-answers', 'broker 4')).toMatchObject({
    sources: ['brokers'],
    message: expect.stringContaining('no partition is known to suffer.'),
    evidence: {
      affectedPartitionCount: 0,
      offlinePartitionCount: 0,
      ledPartitionCount: 0,
      host: 'b-4.example.test',
      isPromisedByMsk: false,
    },
  });
});

test.each([
  ['all answer', clusterView(), 'ok', 'answers', '3 of 3 brokers answer.', { expectedCount: 3, unreachableCount: 0 }],
  [
    'one is silent',
    withBroker3(silentBroker(3)),
    'ok',
    'answers',
    '2 of 3 brokers answer.',
    { expectedCount: 3, unreachableCount: 1 },
  ],
  [
    'none answers',
    blindView(problem('timed-out')),
    'emergency',
    'no-broker-answers',
    "None of 3 brokers answers: the cluster is offline, or its network is cut off from mskeeper's.",
    { expectedCount: 3, unreachableCount: 3 },
  ],
  [
    'all say no',
    clusterView({ brokers: [1, 2, 3].map((id) => silentBroker(id, problem('denied'))) }),
    'unknown',
    'refused',
    'Every broker refused mskeeper, so nothing is known of their health: check its secret and its role.',
    { expectedCount: 3 },
  ],
] as const)('the cluster where %s, whole', (_name, view, severity, reason, message, evidence) => {
  expect(of(judge(view), 'cluster-answers', 'cluster')).toEqual({
    check: 'cluster-answers',
    subject: 'cluster',
    severity,
    reason,
    message,
    sources: ['brokers'],
    evidence,
  });
});

test.each([
  [
    'groups of one broker',
    { what: 'groups', brokerId: 2, problem: { kind: 'kafka-error', message: 'no', code: 15 } },
    'groups of broker 2',
    'unknown',
    { code: 15 },
  ],
  ['an address', { what: 'bootstrap', problem: { kind: 'timed-out', message: 'no' } }, 'bootstrap 1', 'notice', {}],
] as const)('what is missing of a look is named whole: %s', (_name, lookProblem, subject, severity, evidence) => {
  const findings = judge(clusterView({ problems: [lookProblem] }));
  expect(findings.filter(({ check }) => check === 'look-complete')).toEqual([
    {
      check: 'look-complete',
      subject,
      severity,
      reason: lookProblem.problem.kind,
      message: `${subject} not read (${lookProblem.problem.kind}): no`,
      sources: ['brokers'],
      evidence,
    },
  ]);
});

test('many affected partitions are counted and the first five named', () => {
  const partitions = Array.from({ length: 40 }, (_, id) => partitionView(id, { inSyncReplicaIds: [1, 2] }));
  const view = clusterView({
    brokers: [brokerView(1), brokerView(2)],
    absentBrokerIds: [3],
    topics: [topicView('orders', partitions)],
  });
  expect(of(judge(view), 'broker-answers', 'broker 3')?.evidence).toMatchObject({
    affectedPartitionCount: 40,
    affectedPartitions: 'orders-0, orders-1, orders-2, orders-3, orders-4 and 35 more',
  });
});

test('without the node list, brokers that are missing are counted, though nobody can name them', () => {
  const view = clusterView({ brokers: [brokerView(1), brokerView(2)] });
  const findings = judge(view, { nodes: failed('kafka:ListNodes', 'throttled') });
  expect(of(findings, 'broker-answers', 'brokers unnamed')).toMatchObject({
    severity: 'critical',
    reason: 'fewer-than-configured',
    evidence: { missingCount: 1, expectedCount: 3 },
  });
  expect(count(view, { nodes: failed('kafka:ListNodes') })).toBe(1);
});

test('where MSK counts more brokers than it lists, those it lists are all there are, and the difference is told as one', () => {
  const msk = known(mskObservation({ brokerCount: 6, state: 'UPDATING' }));
  const six = healthExpectation({ brokerCount: 6, brokerIds: [1, 2, 3, 4, 5, 6] });
  const facts = factsOf(healthObservation({ msk }), six);
  const { findings } = combine(evaluateBrokers(facts), evaluateClusterState(facts));
  expect(of(findings, 'broker-answers', 'brokers unnamed')).toBeUndefined();
  expect(of(findings, 'cluster-answers', 'cluster')).toMatchObject({ severity: 'ok', evidence: { expectedCount: 3 } });
  expect(of(findings, 'broker-count', 'cluster')).toMatchObject({ severity: 'notice', reason: 'nodes-differ' });
  expect(facts.unreachableCount).toBe(0);
});

test.each([
  ['did not answer', failed('kafka:ListNodes')],
  ['is empty', known([])],
])('where the node list %s and nobody is heard, the cluster is P0 all the same', (_name, nodes) => {
  const view = blindView(problem('timed-out'), []);
  expect(of(judge(view, { nodes }), 'cluster-answers', 'cluster')).toMatchObject({ severity: 'emergency' });
  expect(of(judge(view, { nodes }), 'broker-answers', 'brokers unnamed')?.message).toBe(
    "3 brokers of 3 not in the cluster; which ones is not known, since MSK's node list names none.",
  );
  expect(count(view, { nodes })).toBe(3);
});

test.each(['unreachable', 'timed-out', 'bad-answer'] as const)(
  'a cluster of which nobody answers (%s) is P0',
  (kind) => {
    const view = blindView(problem(kind));
    expect(of(judge(view), 'cluster-answers', 'cluster')).toMatchObject({
      severity: 'emergency',
      reason: 'no-broker-answers',
    });
    expect(count(view)).toBe(3);
  },
);

test.each(['authentication-failed', 'denied', 'tls-failed', 'unsupported', 'kafka-error'] as const)(
  'a cluster that lets mskeeper not look at all (%s) is unknown, and no count is published',
  (kind) => {
    const view = blindView(problem(kind));
    expect(of(judge(view), 'cluster-answers', 'cluster')).toMatchObject({ severity: 'unknown', reason: kind });
    expect(of(judge(view), 'broker-answers', 'cluster')).toMatchObject({ severity: 'unknown', reason: kind });
    expect(count(view)).toBeUndefined();
  },
);

test('brokers that all turn mskeeper away one by one say nothing of their health', () => {
  const view = clusterView({ brokers: [1, 2, 3].map((id) => silentBroker(id, problem('denied'))) });
  expect(of(judge(view), 'cluster-answers', 'cluster')).toMatchObject({ severity: 'unknown', reason: 'refused' });
  expect(count(view)).toBeUndefined();
});

test('a look that failed is unknown and names the call; no count is published', () => {
  const seen = healthObservation({ view: failed('lambda:Invoke kafka-read', 'timed-out') });
  const { findings } = evaluateBrokers(factsOf(seen, expected));
  expect(of(findings, 'broker-answers', 'cluster')).toMatchObject({
    severity: 'unknown',
    reason: 'timed-out',
    evidence: { call: 'lambda:Invoke kafka-read' },
  });
  expect(findings.map(({ check, subject, sources }) => [check, subject, sources])).toEqual([
    ['cluster-answers', 'cluster', ['brokers']],
    ['broker-answers', 'cluster', ['brokers']],
  ]);
  expect(countUnreachable(compareRoster(seen, expected))).toBeUndefined();
});

test('a look that was not asked for is left out, and said so', () => {
  const { findings, notJudged } = evaluateBrokers(factsOf(healthObservation({ view: notAsked }), expected));
  expect(findings).toEqual([]);
  expect(notJudged).toMatchObject([{ check: 'broker-answers' }]);
});

test('a cluster whose brokers nobody names is unknown', () => {
  const seen = healthObservation({
    view: known(clusterView({ brokers: [], topics: [] })),
    nodes: known([]),
    msk: failed('kafka:DescribeClusterV2'),
  });
  const { findings } = evaluateBrokers(factsOf(seen, healthExpectation({ brokerCount: 0 })));
  expect(of(findings, 'cluster-answers', 'cluster')).toMatchObject({ severity: 'unknown', reason: 'no-brokers-known' });
});

test.each([
  ['groups of one broker not listed', { what: 'groups', brokerId: 2, problem: problem('timed-out') }, 'unknown'],
  [
    'an address that serves nobody though all brokers do',
    { what: 'bootstrap', problem: problem('unreachable') },
    'notice',
  ],
] as const)('a look that is incomplete: %s', (_name, lookProblem, severity) => {
  const findings = judge(clusterView({ problems: [lookProblem] }));
  expect(findings.find(({ check }) => check === 'look-complete')).toMatchObject({ severity });
});

test('an address that serves nobody is told where every broker says no', () => {
  const view = clusterView({
    brokers: [1, 2, 3].map((id) => silentBroker(id, problem('denied'))),
    problems: [{ what: 'bootstrap', problem: problem('timed-out') }],
  });
  expect(judge(view).find(({ check }) => check === 'look-complete')).toMatchObject({ severity: 'notice' });
});

test('an address of a dead broker is explained by the broker', () => {
  const view = clusterView({
    brokers: [brokerView(1), brokerView(2)],
    absentBrokerIds: [3],
    problems: [{ what: 'bootstrap', problem: problem('unreachable') }],
  });
  expect(judge(view).find(({ check }) => check === 'look-complete')).toMatchObject({ severity: 'ok' });
});

test('an address of a broker that is silent for once is explained by it, also beside a dead one', () => {
  const problems = [{ what: 'bootstrap', problem: problem('unreachable') }] as const;
  const secondView = failed('lambda:Invoke kafka/read', 'timed-out');
  const once = clusterView({ brokers: [brokerView(1), brokerView(2), silentBroker(3)], problems });
  const both = clusterView({ brokers: [brokerView(1), silentBroker(2)], absentBrokerIds: [3], problems });
  for (const view of [once, both]) {
    expect(judge(view, { secondView }).find(({ check }) => check === 'look-complete')).toMatchObject({
      severity: 'ok',
    });
  }
});

test('what was said of a broker is not over where nobody lists the nodes', () => {
  const nodes = failed('kafka:ListNodes', 'throttled');
  const { notJudged } = evaluateBrokers(factsOf(healthObservation({ nodes }), expected));
  expect(notJudged).toEqual([
    {
      check: 'broker-answers',
      reason: 'MSK did not list its nodes: a broker that the others do not name is not judged',
    },
  ]);
  const asked = evaluateBrokers(factsOf(healthObservation(), expected));
  expect(asked.notJudged).toEqual([]);
  const serverless = evaluateBrokers(factsOf(healthObservation({ nodes: notAsked }), expected));
  expect(serverless.notJudged).toEqual([]);
});

test('a broker that answers the second look is not called dead', () => {
  const first = clusterView({ brokers: [brokerView(1), silentBroker(2)], absentBrokerIds: [3] });
  const secondView = known(clusterView());
  const findings = judge(first, { secondView });
  for (const id of [2, 3]) {
    expect(of(findings, 'broker-answers', `broker ${id}`)).toMatchObject({
      severity: 'notice',
      reason: 'answers-second-time',
    });
  }
  expect(count(first, { secondView })).toBe(0);
});

test.each([
  ['silent in both looks', clusterView({ brokers: [brokerView(1), silentBroker(2)], absentBrokerIds: [3] })],
  ['refused in the second', clusterView({ brokers: [2, 3].map((id) => silentBroker(id, problem('denied'))) })],
])('a broker that is %s is dead', (_name, second) => {
  const first = clusterView({ brokers: [brokerView(1), silentBroker(2)], absentBrokerIds: [3] });
  expect(count(first, { secondView: known(second) })).toBe(2);
});

const silentThird = clusterView({ brokers: [brokerView(1), brokerView(2), silentBroker(3)] });
const refusedView = blindView(problem('denied'), []);
const open = (severity: OpenFinding['severity'], reason: string): OpenFinding => ({ severity, reason, sinceMs: 5 });
const lastFound = (subject: string, one: OpenFinding) =>
  known(healthState({ openByKey: { [`broker-answers|${subject}`]: one } }));

describe.each([
  ['failed', failed('lambda:Invoke kafka/read', 'timed-out'), 'lambda:Invoke kafka/read: timed-out'],
  ['was refused as a whole', known(refusedView), 'refused'],
])('where the second look %s, a broker that was silent in the first', (_name, secondView, why) => {
  test('is not called dead, nor counted, and the finding says so', () => {
    const findings = judge(silentThird, { secondView });
    expect(of(findings, 'broker-answers', 'broker 3')).toMatchObject({ severity: 'notice', reason: 'silent-once' });
    expect(of(findings, 'broker-answers', 'broker 3')?.message).toContain(why);
    expect(of(findings, 'cluster-answers', 'cluster')).toMatchObject({
      severity: 'ok',
      message: '2 of 3 brokers answer.',
      evidence: { unreachableCount: 0, silentOnceCount: 1 },
    });
    expect(count(silentThird, { secondView })).toBe(0);
  });

  test.each([
    ['silent in its only look', open('notice', 'silent-once')],
    ['dead', open('critical', 'timed-out')],
    ['dead, and then unknown', open('critical', 'denied')],
  ])('is dead where the run before found it %s', (_found, one) => {
    const more = { secondView, previous: lastFound('broker 3', one) };
    expect(of(judge(silentThird, more), 'broker-answers', 'broker 3')).toMatchObject({
      severity: 'critical',
      reason: 'timed-out',
    });
    expect(count(silentThird, more)).toBe(1);
  });

  test.each([
    ['late', open('warning', 'late')],
    ['refusing', open('unknown', 'denied')],
    ['answering the second look', open('notice', 'answers-second-time')],
  ])('is not dead where the run before found it %s', (_found, one) => {
    expect(count(silentThird, { secondView, previous: lastFound('broker 3', one) })).toBe(0);
  });

  test('is dead where nobody knows what the run before found', () => {
    expect(count(silentThird, { secondView, previous: failed('s3:GetObject') })).toBe(1);
  });

  test('is dead where the others describe a cluster without it: that is more than silence', () => {
    const gone = clusterView({ brokers: [brokerView(1), brokerView(2)], absentBrokerIds: [3] });
    expect(of(judge(gone, { secondView }), 'broker-answers', 'broker 3')).toMatchObject({ reason: 'not-in-cluster' });
    expect(count(gone, { secondView })).toBe(1);
  });
});

test('a whole cluster that was silent in the only look is a warning without a datapoint, and P0 at the next run', () => {
  const secondView = failed('lambda:Invoke kafka/read', 'timed-out');
  const nobody = blindView(problem('timed-out'));
  const once = judge(nobody, { secondView });
  expect(of(once, 'cluster-answers', 'cluster')).toMatchObject({ severity: 'warning', reason: 'silent-once' });
  expect(of(once, 'cluster-answers', 'cluster')?.message).toContain('lambda:Invoke kafka/read: timed-out');
  expect(count(nobody, { secondView })).toBeUndefined();
  const openByKey = compareWithHistory(once, [], undefined, { runId: 'before', atMs: noonMs }).openByKey;
  const again = { secondView, previous: known(healthState({ openByKey })) };
  expect(of(judge(nobody, again), 'cluster-answers', 'cluster')).toMatchObject({ severity: 'emergency' });
  expect(count(nobody, again)).toBe(3);
  expect(count(nobody, { secondView: known(nobody) })).toBe(3);
});

test('the same where nobody names the brokers', () => {
  const secondView = failed('lambda:Invoke kafka/read', 'timed-out');
  const more = { secondView, nodes: failed('kafka:ListNodes') };
  const nobody = blindView(problem('timed-out'), []);
  const once = judge(nobody, more);
  expect(of(once, 'broker-answers', 'brokers unnamed')).toMatchObject({ severity: 'notice', reason: 'silent-once' });
  expect(of(once, 'cluster-answers', 'cluster')).toMatchObject({ severity: 'warning', reason: 'silent-once' });
  const openByKey = compareWithHistory(once, [], undefined, { runId: 'before', atMs: noonMs }).openByKey;
  const again = { ...more, previous: known(healthState({ openByKey })) };
  expect(of(judge(nobody, again), 'cluster-answers', 'cluster')).toMatchObject({ severity: 'emergency' });
  expect(of(judge(nobody, again), 'broker-answers', 'brokers unnamed')).toMatchObject({ severity: 'critical' });
});
