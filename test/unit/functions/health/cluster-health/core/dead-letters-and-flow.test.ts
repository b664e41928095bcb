import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareWithOwn,
  evaluateAlarms,
} from '../../../../../../functions/health/cluster-health/core/alarm-coverage.ts';
import {
  evaluateDeadLetters,
  evaluateFlow,
} from '../../../../../../functions/health/cluster-health/core/dead-letters-and-flow.ts';
import { evaluateEndpoints } from '../../../../../../functions/health/cluster-health/core/endpoints.ts';
import type { OffsetMark } from '../../../../../../functions/health/cluster-health/core/memory.ts';
import type {
  AlarmObservation,
  EndpointObservation,
  PresentAlarm,
} from '../../../../../../functions/health/cluster-health/core/observation.ts';
import { planOffsetMarks } from '../../../../../../functions/health/cluster-health/core/offset-marks.ts';
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
  minuteMs,
  mskObservation,
  noonMs,
  notAsked,
  partitionView,
  problem,
  topicView,
} from '../../../../../support/health/builders.ts';
import { namesOfEveryObject } from '../../../../../support/names.ts';

const expected = healthExpectation({
  isDeadLetterTopic: (topic) => topic.endsWith('.dlq'),
  hasDeadLetterPatterns: true,
  flowingTopics: [{ name: 'orders', minMessagesPerMinute: 10 }],
});
const ends = (name: string, offsets: readonly (bigint | undefined)[], more = {}) =>
  topicView(
    name,
    offsets.map((latestOffset, id) => partitionView(id, latestOffset === undefined ? {} : { latestOffset })),
    more,
  );
const mark = (offsets: readonly number[], more: Partial<OffsetMark> = {}): OffsetMark => ({
  atMs: noonMs - 5 * minuteMs,
  latestByPartition: Object.fromEntries(offsets.map((offset, id) => [String(id), String(offset)])),
  ...more,
});
const seen = (topic: ReturnType<typeof ends>, before: OffsetMark | undefined, more = {}) =>
  healthObservation({
    view: known(clusterView({ topics: [topic] })),
    previous: known(healthState({ offsetsByTopic: before === undefined ? {} : { [topic.name]: before } })),
    ...more,
  });

test.each([
  ['does not grow', ends('a.dlq', [7n, 9n]), mark([7, 9]), 'ok', 'quiet'],
  ['grows', ends('a.dlq', [7n, 12n]), mark([7, 9]), 'warning', 'growing'],
  ['grows in a partition that is new', ends('a.dlq', [7n, 9n, 1n]), mark([7, 9]), 'warning', 'growing'],
  ['is seen for the first time', ends('a.dlq', [7n]), undefined, 'unknown', 'baseline'],
  ['went back', ends('a.dlq', [1n]), mark([7]), 'notice', 'recreated'],
  ['has another id', ends('a.dlq', [9n], { topicId: 'new' }), mark([7], { topicId: 'old' }), 'notice', 'recreated'],
  [
    'has a partition whose end was not read',
    ends('a.dlq', [7n, undefined]),
    mark([7, 9]),
    'unknown',
    'ends-unreadable',
  ],
  ['could not be read', ends('a.dlq', [7n], { problem: problem('denied') }), mark([7]), 'unknown', 'ends-unreadable'],
  ['lists no partition', ends('a.dlq', []), mark([7]), 'unknown', 'ends-unreadable'],
  [
    'grows although its mark is young',
    ends('a.dlq', [9n]),
    mark([7], { atMs: noonMs - minuteMs }),
    'warning',
    'growing',
  ],
] as const)('H10 a dead-letter topic that %s', (_name, topic, before, severity, reason) => {
  expect(evaluateDeadLetters(factsOf(seen(topic, before), expected)).findings).toMatchObject([
    { subject: 'topic a.dlq', severity, reason },
  ]);
});

test.each([
  ['quiet dead-letter topic', evaluateDeadLetters, ends('a.dlq', [7n])],
  ['silent business topic', evaluateFlow, ends('orders', [7n])],
] as const)('a %s is judged by no run that an alarm woke a moment after another', (_name, evaluate, topic) => {
  const young = mark([7], { atMs: noonMs - 3 * minuteMs });
  const { findings, notJudged } = evaluate(factsOf(seen(topic, young), expected));
  expect(findings).toEqual([]);
  expect(notJudged).toHaveLength(1);
  const old = mark([7], { atMs: noonMs - 4 * minuteMs });
  expect(evaluate(factsOf(seen(topic, old), expected)).findings).toHaveLength(1);
});

test('a young mark is kept, an old one replaced', () => {
  const marksOf = (atMs: number) => planOffsetMarks(factsOf(seen(ends('orders', [9n]), mark([7], { atMs })), expected));
  expect(marksOf(noonMs - 3 * minuteMs).orders).toMatchObject({ latestByPartition: { 0: '7' } });
  expect(marksOf(noonMs - 4 * minuteMs).orders).toEqual({ atMs: noonMs, latestByPartition: { 0: '9' } });
});

test.each([
  ['dead-letter topic', evaluateDeadLetters, 'a.dlq'],
  ['business topic', evaluateFlow, 'orders'],
] as const)(
  'a mark that a later look made stays, and nothing is said of the %s by the older',
  (_name, evaluate, name) => {
    for (const topicId of ['same', 'other']) {
      const later = mark([500], { atMs: noonMs + 8_000, topicId: 'same' });
      const facts = factsOf(seen(ends(name, [480n], { topicId }), later), expected);
      expect(evaluate(facts)).toMatchObject({
        findings: [],
        notJudged: [{ reason: expect.stringContaining('later') }],
      });
      expect(planOffsetMarks(facts)).toEqual({ [name]: later });
    }
  },
);

test.each(namesOfEveryObject)('a topic called %s has a first look, and is measured from it', (name) => {
  const called = healthExpectation({
    flowingTopics: [{ name, minMessagesPerMinute: 1 }],
    isDeadLetterTopic: (topic) => topic === name,
    hasDeadLetterPatterns: true,
  });
  for (const topicId of [{}, { topicId: 'an-id' }]) {
    const first = factsOf(seen(ends(name, [7n], topicId), undefined), called);
    expect(evaluateFlow(first).findings).toMatchObject([{ reason: 'baseline' }]);
    expect(evaluateDeadLetters(first).findings).toMatchObject([{ reason: 'baseline' }]);
    const marks = planOffsetMarks(first);
    expect(Object.entries(marks)).toEqual([[name, { atMs: noonMs, latestByPartition: { 0: '7' }, ...topicId }]]);
    const state = healthState({ offsetsByTopic: marks });
    const view = known(clusterView({ topics: [ends(name, [47n], topicId)] }));
    const later = healthObservation({ nowMs: noonMs + 5 * minuteMs, view, previous: known(state) });
    expect(evaluateFlow(factsOf(later, called)).findings).toMatchObject([{ reason: 'flowing' }]);
    expect(evaluateDeadLetters(factsOf(later, called)).findings).toMatchObject([{ reason: 'growing' }]);
  }
});

test('a mark from far ahead, of a clock that was wrong, is made anew', () => {
  const facts = factsOf(seen(ends('orders', [9n]), mark([7], { atMs: noonMs + 3 * minuteMs })), expected);
  expect(evaluateFlow(facts).findings).toMatchObject([{ severity: 'unknown', reason: 'baseline' }]);
  expect(planOffsetMarks(facts).orders).toEqual({ atMs: noonMs, latestByPartition: { 0: '9' } });
});

test('a mark keeps the topic’s id, by which one that was made anew is known', () => {
  const topic = ends('orders', [9n], { topicId: 'first' });
  expect(planOffsetMarks(factsOf(seen(topic, undefined), expected))).toEqual({
    orders: { atMs: noonMs, latestByPartition: { 0: '9' }, topicId: 'first' },
  });
});

test('growth beyond 2^53 is counted exactly', () => {
  const far = 2n ** 60n;
  const before = { atMs: noonMs - minuteMs, latestByPartition: { 0: String(far) } };
  expect(evaluateDeadLetters(factsOf(seen(ends('a.dlq', [far + 1n]), before), expected)).findings).toMatchObject([
    { reason: 'growing', evidence: { offsets: 1 } },
  ]);
});

test.each([
  ['the run before cannot be read', { previous: failed('s3:GetObject') }, 'state-unreadable'],
  ['the look failed', { view: failed('lambda:Invoke kafka-read', 'timed-out') }, 'timed-out'],
  ['no broker listed topics', { view: known(blindView(problem('timed-out'))) }, 'not-listed'],
])('a dead-letter topic is unknown when %s', (_name, more, reason) => {
  const { findings } = evaluateDeadLetters(factsOf(seen(ends('a.dlq', [7n]), mark([7]), more), expected));
  expect(findings).toMatchObject([{ severity: 'unknown', reason }]);
});

test('patterns that match nothing, and no patterns at all', () => {
  expect(evaluateDeadLetters(factsOf(seen(ends('orders', [7n]), undefined), expected)).findings).toMatchObject([
    { severity: 'ok', reason: 'none' },
  ]);
  expect(evaluateDeadLetters(factsOf(healthObservation(), healthExpectation())).notJudged).toHaveLength(1);
});

test.each([
  ['flows', ends('orders', [1050n]), mark([1000]), 'ok', 'flowing'],
  ['flows too slowly', ends('orders', [1049n]), mark([1000]), 'warning', 'too-slow'],
  ['stopped', ends('orders', [1000n]), mark([1000]), 'critical', 'stopped'],
  ['is seen for the first time', ends('orders', [1000n]), undefined, 'unknown', 'baseline'],
] as const)('H10 a business topic that %s', (_name, topic, before, severity, reason) => {
  expect(evaluateFlow(factsOf(seen(topic, before), expected)).findings).toMatchObject([
    { subject: 'topic orders', severity, reason },
  ]);
});

test('a business topic is unknown when the look failed, and left out when none is named', () => {
  const down = { view: failed('lambda:Invoke kafka-read', 'timed-out') };
  expect(evaluateFlow(factsOf(seen(ends('orders', [1n]), mark([1]), down), expected)).findings).toMatchObject([
    { severity: 'unknown', reason: 'timed-out' },
  ]);
  expect(evaluateFlow(factsOf(healthObservation(), healthExpectation())).notJudged).toHaveLength(1);
});

test('the next run starts from ends that were read, and keeps the old mark where they were not', () => {
  const view = clusterView({ topics: [ends('orders', [5n]), ends('a.dlq', [undefined]), ends('other', [1n])] });
  const previous = healthState({ offsetsByTopic: { 'a.dlq': mark([3]), 'no-longer-watched': mark([3]) } });
  expect(
    planOffsetMarks(factsOf(healthObservation({ view: known(view), previous: known(previous) }), expected)),
  ).toEqual({
    orders: { atMs: noonMs, latestByPartition: { 0: '5' } },
    'a.dlq': mark([3]),
  });
});

test.each([
  ['answers 200', known({ status: 200, answerMs: 9 }), 'ok', 'answers'],
  ['answers 503', known({ status: 503, answerMs: 9 }), 'warning', 'bad-status'],
  ['answers 304, which is no health', known({ status: 304, answerMs: 9 }), 'warning', 'bad-status'],
  ['redirects to another host', known({ status: 302, answerMs: 9, redirectHost: 'x.test' }), 'warning', 'redirected'],
  ['times out', failed('GET registry', 'timed-out'), 'warning', 'timed-out'],
  ['fails its TLS handshake', failed('GET registry', 'tls-failed'), 'warning', 'tls-failed'],
  ['was not asked', notAsked, 'unknown', 'not-asked'],
] as const)('H10 H15 an endpoint that %s', (_name, answer, severity, reason) => {
  for (const kind of ['schema-registry', 'application'] as const) {
    const endpoints = [{ name: 'registry', kind, answer }];
    expect(evaluateEndpoints(factsOf(healthObservation({ endpoints }))).findings).toMatchObject([
      { subject: 'endpoint registry', severity, reason, sources: ['endpoint'] },
    ]);
  }
});

test('an endpoint is told whole: what it is, what it answered and how fast', () => {
  const of = (kind: 'application' | 'schema-registry', answer: EndpointObservation['answer']) =>
    evaluateEndpoints(factsOf(healthObservation({ endpoints: [{ name: 'x', kind, answer }] }))).findings;
  expect(of('application', known({ status: 299, answerMs: 9 }))).toEqual([
    {
      check: 'endpoint',
      subject: 'endpoint x',
      severity: 'ok',
      reason: 'answers',
      message: 'Application x answers 299.',
      sources: ['endpoint'],
      evidence: { kind: 'application', status: 299, answerMs: 9 },
    },
  ]);
  expect(of('schema-registry', known({ status: 302, answerMs: 9, redirectHost: 'y.test' }))).toMatchObject([
    {
      message: expect.stringContaining('Schema Registry x redirects to y.test'),
      evidence: { kind: 'schema-registry', status: 302, answerMs: 9, redirectHost: 'y.test' },
    },
  ]);
  for (const status of [199, 300]) {
    expect(of('application', known({ status, answerMs: 9 }))).toMatchObject([{ severity: 'warning' }]);
  }
  expect(of('application', failed('GET x', 'timed-out'))).toMatchObject([
    { message: 'Application x does not answer (timed-out): as the test has it' },
  ]);
});

test.each([
  ['stops', 0n, 'critical', 'stopped', 'stopped: 0 offsets a minute, at least 10 expected.', 0],
  ['flows too slowly', 49n, 'warning', 'too-slow', 'flows too slowly: 9.8 offsets a minute, at least 10 expected.', 49],
  ['flows as it must', 50n, 'ok', 'flowing', 'flows: 10 offsets a minute, at least 10 expected.', 50],
])('a topic that %s is told whole', (_name, moved, severity, reason, words, offsets) => {
  const topic = ends('orders', [100n + moved, 7n]);
  expect(evaluateFlow(factsOf(seen(topic, mark([100, 7])), expected))).toEqual({
    findings: [
      {
        check: 'topic-flow',
        subject: 'topic orders',
        severity,
        reason,
        message: `Topic orders ${words}`,
        sources: ['brokers', 'mskeeper'],
        evidence: { offsets, minutes: 5 },
      },
    ],
    notJudged: [],
  });
});

test('topics that nobody was asked about are unknown, without a call to blame', () => {
  for (const evaluate of [evaluateDeadLetters, evaluateFlow]) {
    const { findings } = evaluate(factsOf(seen(ends('orders', [7n]), mark([7]), { view: notAsked }), expected));
    expect(findings).toMatchObject([{ severity: 'unknown', reason: 'not-listed', evidence: {} }]);
  }
});

test('ends that were not read are named, and what is growing is counted in words', () => {
  const { findings } = evaluateDeadLetters(
    factsOf(seen(ends('a.dlq', [7n, undefined, undefined]), mark([7])), expected),
  );
  expect(findings).toMatchObject([{ message: 'topic a.dlq: ends of 2 partitions not read: 1, 2.' }]);
  const growing = evaluateDeadLetters(factsOf(seen(ends('a.dlq', [9n, 4n]), mark([7, 3])), expected)).findings;
  expect(growing).toMatchObject([
    {
      message: expect.stringContaining('Dead-letter topic a.dlq went on by 3 offsets'),
      evidence: { offsets: 3, minutes: 5 },
    },
  ]);
});

test('no endpoint configured is left out', () => {
  expect(evaluateEndpoints(factsOf(healthObservation())).notJudged).toHaveLength(1);
});

const paging = { limits: { cpuUsedPercent: { warning: 70, critical: 90 } }, floors: {} };

test('a policy that pages for nothing of a broker leaves no broker without an alarm', () => {
  const seen = factsOf(healthObservation({ alarms: known([]) }), healthExpectation());
  const warningsAlone = {
    limits: { cpuUsedPercent: { warning: 70 }, memoryUsedPercent: { critical: 90 } },
    floors: {},
  };
  expect(evaluateAlarms(seen, warningsAlone)).toMatchObject({
    findings: [],
    notJudged: [{ reason: 'the policy pages for nothing that these brokers send' }],
  });
});

test.each([
  ['of mskeeper.yml', [1, 2, 3], 'package and deploy again'],
  ['that MSK alone names', [1, 2, 4], 'set brokerCount: 3 and no brokerIds in mskeeper.yml, package and deploy'],
])('the advice for a broker without an alarm %s', (_name, brokerIds, advice) => {
  const facts = factsOf(healthObservation({ alarms: known([alarm('a', [1, 2])]) }), healthExpectation({ brokerIds }));
  const { findings } = evaluateAlarms(facts, paging);
  expect(findings.find(({ subject }) => subject === 'broker 3')?.message).toBe(`No alarm watches broker 3: ${advice}.`);
});

const alarm = (name: string, brokerIds: readonly number[], isMuted = false): PresentAlarm => ({
  name,
  state: 'OK',
  brokerIds,
  isMuted,
});
const alarms = (list: readonly AlarmObservation[], more = {}) =>
  evaluateAlarms(factsOf(healthObservation({ alarms: known(list), ...more }), expected), paging).findings;
const bad = (findings: ReturnType<typeof alarms>) => findings.filter(({ severity }) => severity !== 'ok');

test.each([
  ['covered', [alarm('a', [1]), alarm('b', [2, 3])], []],
  ['without an alarm (I9)', [alarm('a', [1, 2])], [{ subject: 'broker 3', severity: 'warning', reason: 'uncovered' }]],
  ['without any alarm', [], [{ subject: 'broker 1' }, { subject: 'broker 2' }, { subject: 'broker 3' }]],
  [
    'that is gone',
    [alarm('a', [1, 2, 3, 4])],
    [{ subject: 'orphan alarms', severity: 'notice', evidence: { brokers: '4' } }],
  ],
  ['with muted alarms', [alarm('a', [1, 2, 3], true)], [{ subject: 'muted alarms', severity: 'warning' }]],
  // The alarms of one quantity were deleted, and another's watches the same brokers.
  [
    'whose other alarms were deleted',
    compareWithOwn(['a', 'b', 'c'], [alarm('b', [1, 2, 3])]),
    [
      {
        subject: 'missing alarms',
        severity: 'warning',
        reason: 'missing',
        evidence: { missingCount: 2, alarms: 'a, c' },
      },
    ],
  ],
])('a broker %s', (_name, list, findings) => {
  expect(bad(alarms(list))).toMatchObject(findings);
});

test('what alarms watch is told whole, by broker', () => {
  const list = compareWithOwn(['a', 'b', 'c'], [alarm('a', [1, 2]), alarm('b', [2, 9], true)]);
  const frame = { check: 'alarm-coverage', sources: ['cloudwatch'] };
  expect(alarms(list, { nodes: known([1, 2, 3]) })).toEqual([
    {
      ...frame,
      subject: 'missing alarms',
      severity: 'warning',
      reason: 'missing',
      message:
        "1 alarm of this stack not in CloudWatch, so that nobody is paged for what they watch: c. CloudTrail's DeleteAlarms says who deleted them; a deploy of the same template does not put them back.",
      evidence: { missingCount: 1, alarms: 'c' },
    },
    {
      ...frame,
      subject: 'broker 1',
      severity: 'ok',
      reason: 'covered',
      message: 'Alarms watch broker 1.',
      evidence: { alarmCount: 1 },
    },
    expect.objectContaining({ subject: 'broker 2', severity: 'ok', evidence: { alarmCount: 2 } }),
    {
      ...frame,
      sources: ['cloudwatch', 'msk'],
      subject: 'broker 3',
      severity: 'warning',
      reason: 'uncovered',
      message: 'No alarm watches broker 3: package and deploy again.',
      evidence: { alarmCount: 0 },
    },
    {
      ...frame,
      subject: 'muted alarms',
      severity: 'warning',
      reason: 'actions-off',
      message: '1 alarm with actions switched off, so that nobody is told: b.',
      evidence: { mutedCount: 1, alarms: 'b' },
    },
    {
      ...frame,
      subject: 'orphan alarms',
      severity: 'notice',
      reason: 'no-such-broker',
      message: expect.stringMatching(/^Alarms watch brokers that are not in the cluster: 9: /),
      evidence: { brokers: '9' },
    },
  ]);
});

test.each([
  ['MSK did not list its nodes', { nodes: failed('kafka:ListNodes') }],
  ['its list is empty', { nodes: known([]) }],
  ['its list is shorter than its own count', { nodes: known([1, 2]), msk: known(mskObservation({ brokerCount: 3 })) }],
])('F13 a broker that is dead is not called gone where %s', (_name, more) => {
  const view = known(clusterView({ brokers: [brokerView(1), brokerView(2)] }));
  const facts = factsOf(healthObservation({ alarms: known([alarm('a', [3, 1, 2])]), view, ...more }), expected);
  const { findings, notJudged } = evaluateAlarms(facts, paging);
  expect(bad(findings)).toEqual([]);
  expect(notJudged).toEqual([
    { check: 'alarm-coverage', reason: 'MSK did not list all of its nodes: whether broker 3 is gone is not known' },
  ]);
});

test('F13 after a removal the advice names the ids that are left, with their gaps', () => {
  const more = {
    nodes: known([1, 3, 4]),
    view: known(clusterView({ brokers: [1, 3, 4].map((id) => brokerView(id)) })),
  };
  const findings = bad(alarms([alarm('a', [1, 2, 3])], more));
  expect(findings.map(({ subject }) => subject)).toEqual(['broker 4', 'orphan alarms']);
  for (const { message } of findings) {
    expect(message).toContain('set brokerCount: 3 and brokerIds: [1, 3, 4] in mskeeper.yml, package and deploy');
  }
});

test('a whole list is said to be whole, also where the policy pages for nothing of a broker, and a deleted one is told there, too', () => {
  const whole = compareWithOwn(['a'], [alarm('a', [1, 2, 3])]);
  const complete = { subject: 'missing alarms', severity: 'ok', reason: 'complete' };
  expect(alarms(whole)).toContainEqual(expect.objectContaining(complete));
  const judge = (list: readonly AlarmObservation[], more = {}) =>
    evaluateAlarms(factsOf(healthObservation({ alarms: known(list), ...more }), expected), { limits: {}, floors: {} });
  expect(judge(whole)).toMatchObject({ findings: [complete], notJudged: [{ check: 'alarm-coverage' }] });
  expect(judge(compareWithOwn(['a'], [])).findings).toMatchObject([{ reason: 'missing' }]);
  const nobody = { nodes: failed('kafka:ListNodes'), view: failed('lambda:Invoke kafka-read') };
  expect(alarms(compareWithOwn(['a'], []), nobody)).toMatchObject([
    { reason: 'missing' },
    { reason: 'no-brokers-known' },
  ]);
});

test('of any alarms that exist and any list, those are missing that the list alone names', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(names, names, (own, there) => {
      const seen = compareWithOwn(
        own,
        there.map((name) => alarm(name, [1, 2, 3])),
      );
      expect(seen.filter(({ state }) => state === 'missing').map(({ name }) => name)).toEqual(
        own.filter((name) => !there.includes(name)),
      );
      expect(seen.some(({ state }) => state === 'missing')).toBe(
        alarms(seen).some(({ reason }) => reason === 'missing'),
      );
    }),
  );
});

test('alarms that could not be read are unknown; brokers that nobody names too', () => {
  expect(
    evaluateAlarms(factsOf(healthObservation({ alarms: failed('cloudwatch:DescribeAlarms') }), expected), paging)
      .findings,
  ).toMatchObject([{ severity: 'unknown', reason: 'denied' }]);
  const nobody = { nodes: failed('kafka:ListNodes'), view: failed('lambda:Invoke kafka-read') };
  expect(alarms([], nobody)).toMatchObject([{ severity: 'unknown', reason: 'no-brokers-known' }]);
});

test('alarms are judged daily, and not at all for Serverless', () => {
  expect(evaluateAlarms(factsOf(healthObservation({ alarms: notAsked }), expected), paging).notJudged).toHaveLength(1);
  expect(
    evaluateAlarms(factsOf(healthObservation(), healthExpectation({ brokerKind: 'serverless' })), paging).notJudged,
  ).toHaveLength(1);
});
