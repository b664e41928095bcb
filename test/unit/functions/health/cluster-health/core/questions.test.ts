import { describe, expect, test } from 'vitest';
import {
  compareLooks,
  mayLookAgain,
  planBrokerIds,
  planLook,
  planLookTime,
  planNextLook,
} from '../../../../../../functions/health/cluster-health/core/questions.ts';
import { functionDefinitions } from '../../../../../../infra/functions.ts';
import { policyParts } from '../../../../../../shared/configuration/policy-schema.ts';
import { judge, smallFile } from '../../../../../support/configuration.ts';
import {
  blindView,
  brokerView,
  clusterView,
  failed,
  healthExpectation,
  known,
  notAsked,
  offlinePartition,
  problem,
  silentBroker,
  topicView,
} from '../../../../../support/health/builders.ts';

const nodes = known([1, 2, 3]);

test('a broker gets the time of the policy, and twice as much in the second look, which tells late from dead', () => {
  const first = planLook('light', nodes, healthExpectation({ brokerAnswerTimeoutMs: 3_000 }));
  expect(first.answerTimeoutMs).toBe(3_000);
  const view = known(clusterView({ absentBrokerIds: [3] }));
  expect(planNextLook(view, [], first)?.answerTimeoutMs).toBe(6_000);
});

const light = {
  groups: false,
  commits: false,
  members: 'none',
  ends: 'none',
  logDirectories: false,
  topicSettings: [],
  topicNames: ['orders'],
  expectedBrokerIds: [1, 2, 3],
  answerTimeoutMs: 5000,
};
const full = { ...light, groups: true, logDirectories: true, topicSettings: ['min.insync.replicas'] };

test.each([
  ['light', {}, light],
  ['full', {}, full],
  ['full', { brokerKind: 'express' }, { ...full, logDirectories: false }],
  ['light', { hasDeadLetterPatterns: true }, { ...light, ends: 'latest' }],
  ['light', { flowingTopics: [{ name: 'orders', minMessagesPerMinute: 1 }] }, { ...light, ends: 'latest' }],
] as const)('a %s look with %j asks what is judged of it, and nothing else', (depth, more, request) => {
  expect(planLook(depth, nodes, healthExpectation(more))).toEqual(request);
});

test('brokers that MSK does not list are expected of nobody, and their metrics are those of mskeeper.yml', () => {
  const lost = failed('kafka:ListNodes');
  expect(planLook('light', lost, healthExpectation()).expectedBrokerIds).toEqual([]);
  expect(planBrokerIds(lost, healthExpectation({ brokerIds: [4, 5] }))).toEqual([4, 5]);
  expect(planBrokerIds(nodes, healthExpectation({ brokerIds: [4, 5] }))).toEqual([1, 2, 3]);
});

test.each([
  ['everybody answers', known(clusterView()), false],
  ['one is silent', known(clusterView({ brokers: [brokerView(1), silentBroker(2)] })), true],
  ['one says no', known(clusterView({ brokers: [brokerView(1), silentBroker(2, problem('denied'))] })), false],
  ['one is absent', known(clusterView({ absentBrokerIds: [3] })), true],
  ['nobody is heard', known(blindView(problem('timed-out'), [])), true],
  ['everybody says no', known(blindView(problem('denied'), [])), false],
  [
    'another answer failed',
    known(clusterView({ problems: [{ what: 'groups', problem: problem('timed-out') }] })),
    false,
  ],
  ['it could not be done', failed('lambda:Invoke kafka-read'), false],
] as const)('a look is followed by a second one where %s: %#', (_name, view, isFollowed) => {
  const request = planLook('full', nodes, healthExpectation({ hasDeadLetterPatterns: true }));
  // Only who answers is asked, and with twice the time.
  const { topicNames: _names, ...rest } = light;
  const second = { ...rest, answerTimeoutMs: 10_000 };
  expect(planNextLook(view, [], request)).toEqual(isFollowed ? second : undefined);
});

test('one that told who it is and then answered nothing is asked the same again, since who it is it would tell', () => {
  const view = (requestCount: number) =>
    known(clusterView({ brokers: [brokerView(1), { ...silentBroker(2), requestCount }] }));
  for (const [depth, groups, ends] of [
    ['full', true, 'latest'],
    ['light', false, 'latest'],
  ] as const) {
    const request = planLook(depth, nodes, healthExpectation({ hasDeadLetterPatterns: true }));
    expect(planNextLook(view(2), [], request)).toMatchObject({
      groups,
      ends,
      logDirectories: false,
      topicSettings: [],
    });
    expect(planNextLook(view(1), [], request)).toMatchObject({ groups: false, ends: 'none' });
  }
});

test('a partition without a leader is looked at once more, since an election takes a moment', () => {
  const request = planLook('light', nodes, healthExpectation());
  const first = known(clusterView({ topics: [topicView('orders', [offlinePartition(0)])] }));
  expect(planNextLook(first, [], request)).toMatchObject({ ends: 'none' });
  expect(planNextLook(first, [first], request)).toBeUndefined();
});

test('a second look keeps the usual time where the first named none', () => {
  const { answerTimeoutMs: _time, ...request } = planLook('light', nodes, healthExpectation());
  expect(planNextLook(known(clusterView({ absentBrokerIds: [3] })), [], request)).not.toHaveProperty('answerTimeoutMs');
});

test('the first look is judged, unless it heard nobody and the second somebody', () => {
  const [seeing, blind] = [known(clusterView()), known(blindView(problem('timed-out')))];
  const lost = failed('lambda:Invoke kafka-read');
  expect(compareLooks(blind, seeing)).toEqual({ view: seeing, secondView: seeing });
  for (const [view, secondView] of [
    [blind, blind],
    [blind, lost],
    [blind, notAsked],
    [seeing, blind],
    [lost, seeing],
  ] as const) {
    expect(compareLooks(view, secondView)).toEqual({ view, secondView });
  }
});

test('a later look is asked for until every broker that the first missed was heard', () => {
  const request = planLook('light', nodes, healthExpectation());
  const first = known(clusterView({ brokers: [brokerView(1), silentBroker(2)], absentBrokerIds: [3] }));
  const found = (...ids: readonly number[]) => known(clusterView({ brokers: ids.map((id) => brokerView(id)) }));
  expect(planNextLook(first, [found(1, 2)], request)).toBeDefined();
  expect(planNextLook(first, [found(1, 2), found(3)], request)).toBeDefined();
  expect(planNextLook(first, [found(2, 3)], request)).toBeUndefined();
  expect(planNextLook(first, [failed('lambda:Invoke kafka-read'), found(1, 2, 3)], request)).toBeUndefined();
  expect(planNextLook(first, [known(blindView(problem('timed-out')))], request)).toBeDefined();
});

test('where nobody says who should be there, a later look is asked for until somebody describes the cluster', () => {
  const request = planLook('light', notAsked, healthExpectation());
  const blind = known(blindView(problem('timed-out'), []));
  const halfSeen = known(clusterView({ brokers: [brokerView(1), silentBroker(2)] }));
  expect(planNextLook(blind, [blind], request)).toBeDefined();
  expect(planNextLook(blind, [halfSeen], request)).toBeDefined();
  expect(planNextLook(blind, [known(clusterView())], request)).toBeUndefined();
});

test('an answer that lists no broker is asked again, and gives way to one that does', () => {
  const request = planLook('light', notAsked, healthExpectation());
  const [empty, seeing] = [known(clusterView({ brokers: [], topics: [] })), known(clusterView())];
  expect(planNextLook(empty, [], request)).toBeDefined();
  expect(compareLooks(empty, seeing)).toEqual({ view: seeing, secondView: seeing });
  expect(compareLooks(empty, empty, seeing)).toEqual({ view: seeing, secondView: empty, thirdView: seeing });
});

test('topics that matter are asked for by name, once each, and no more than the function that looks takes', () => {
  const named = healthExpectation({
    criticalTopics: [{ name: 'orders', replicationFactor: 3 }],
    flowingTopics: [
      { name: 'clicks', minMessagesPerMinute: 1 },
      { name: 'orders', minMessagesPerMinute: 1 },
    ],
    plainTopics: ['orders.dlq', 'clicks'],
  });
  expect(planLook('light', nodes, named).topicNames).toEqual(['orders', 'clicks', 'orders.dlq']);
  const plainTopics = Array.from({ length: 1_200 }, (_, index) => `t${index}`);
  const many = planLook('light', nodes, healthExpectation({ plainTopics })).topicNames ?? [];
  expect([many.length, many[0], many.at(-1)]).toEqual([1_000, 'orders', 't998']);
  expect(planLook('light', nodes, healthExpectation({ criticalTopics: [] }))).not.toHaveProperty('topicNames');
});

test.each([
  [42_999, 10_000, false],
  [43_000, 10_000, true],
  [46_999, 12_000, false],
  [47_000, 12_000, true],
  [43_000, undefined, true],
  [20_000, undefined, false],
])('with %d ms left, a third look that gives brokers %s ms fits: %s', (remainingMs, answerTimeoutMs, isFit) => {
  const { answerTimeoutMs: _usual, ...request } = planLook('light', nodes, healthExpectation());
  const asked = { ...request, ...(answerTimeoutMs !== undefined && { answerTimeoutMs }) };
  expect(mayLookAgain(remainingMs, 3_000, asked)).toBe(isFit);
});

test.each([
  [20_000 + 2 * 45_000, 45_000],
  [20_000 + 2 * 44_999.5, 44_999],
  [20_000 + 2, 1],
  [0, 1],
])('of %d ms that are left a look takes %i, and its answer is waited for 15 s longer', (remainingMs, withinMs) => {
  expect(planLookTime(remainingMs)).toEqual({ withinMs, patienceMs: withinMs + 15_000 });
});

test('two looks that hang until they are given up leave 15 s to tell, also after a slow API', () => {
  const { timeoutSeconds = 0 } = functionDefinitions.find(({ slug }) => slug === 'cluster-health') ?? {};
  const atStartMs = timeoutSeconds * 1000 - 1_000;
  for (const slowApiMs of [0, 15_000]) {
    const first = planLookTime(atStartMs - slowApiMs);
    const afterFirstMs = atStartMs - slowApiMs - first.patienceMs;
    const second = planLookTime(afterFirstMs);
    expect(afterFirstMs - second.patienceMs).toBeGreaterThanOrEqual(15_000);
    expect(second.withinMs).toBeGreaterThanOrEqual(10_000);
  }
});

describe('the longest time that the policy may grant a broker', () => {
  const timeoutMsOf = (slug: string) =>
    1000 * (functionDefinitions.find((definition) => definition.slug === slug)?.timeoutSeconds ?? 0);
  const longestMs = Array.from({ length: 120 }, (_, index) => 1000 * (index + 1)).findLast(
    (ms) => policyParts.brokerAnswerTimeoutMs.safeParse(ms).success,
  );
  const expected = healthExpectation({ brokerAnswerTimeoutMs: longestMs ?? 0 });
  const first = planLook('full', nodes, expected);
  const second = planNextLook(known(clusterView({ absentBrokerIds: [3] })), [], first);

  test('is ten seconds, and more is refused when the file is checked', () => {
    expect(longestMs).toBe(10_000);
    const file = smallFile({}, 'policy: { brokerAnswerTimeoutMs: 10001 }\n');
    expect(judge(file).mistakes).toMatchObject([
      { path: ['policy', 'brokerAnswerTimeoutMs'], message: 'must be at most 10000' },
    ]);
  });

  test.each([0, 15_000])(
    'fits into both looks, also where the first takes all of its time after %i ms of a slow API',
    (slowApiMs) => {
      const atStartMs = timeoutMsOf('cluster-health') - 1_000 - slowApiMs;
      const ofFirst = planLookTime(atStartMs);
      expect(ofFirst.withinMs).toBeGreaterThanOrEqual(first.answerTimeoutMs ?? Number.NaN);
      const ofSecond = planLookTime(atStartMs - ofFirst.withinMs);
      expect(ofSecond.withinMs).toBeGreaterThanOrEqual(second?.answerTimeoutMs ?? Number.NaN);
    },
  );

  test('fits into the function that looks, after its cold start', () => {
    expect(timeoutMsOf('kafka-read') - 15_000).toBeGreaterThanOrEqual(second?.answerTimeoutMs ?? Number.NaN);
  });
});

test('a look always ends within the time of the function that takes it', () => {
  const { timeoutSeconds = 0 } = functionDefinitions.find(({ slug }) => slug === 'kafka-read') ?? {};
  expect(planLookTime(900_000).patienceMs).toBeLessThanOrEqual(timeoutSeconds * 1000);
});
