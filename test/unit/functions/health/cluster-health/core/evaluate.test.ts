import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ClusterHealth,
  evaluateClusterHealth,
} from '../../../../../../functions/health/cluster-health/core/evaluate.ts';
import type { HealthState } from '../../../../../../functions/health/cluster-health/core/memory.ts';
import type {
  HealthExpectation,
  HealthObservation,
} from '../../../../../../functions/health/cluster-health/core/observation.ts';
import { compareSeverities, type Severity, worstSeverity } from '../../../../../../shared/core/finding.ts';
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
  notAsked,
  offlinePartition,
  partitionView,
  silentBroker,
  topicView,
  unknownFor,
} from '../../../../../support/health/builders.ts';

const expected = healthExpectation();
/** Preset A (RUNBOOK section 7). */
const limits = {
  diskUsedPercent: { notice: 70, warning: 80, warningForMinutes: 10, critical: 85, criticalForMinutes: 15 },
  cpuUsedPercent: { warning: 70, critical: 90 },
  heapAfterGcPercent: { warning: 60 },
  memoryUsedPercent: { warning: 80, critical: 90 },
  underReplicatedPartitions: { critical: 0 },
  underMinIsrPartitions: { critical: 0 },
};
const evaluate = (more: Partial<HealthObservation> = {}) =>
  evaluateClusterHealth(healthObservation(more), expected, { limits, floors: {} });
const worst = (more: Partial<HealthObservation>) => worstSeverity(evaluate(more).findings);
const withEnd = (name: string, latestOffset: bigint) => topicView(name, [partitionView(0, { latestOffset })]);
const isMilder = (left: Severity, right: Severity) => compareSeverities(left, right) < 0;

test('a healthy cluster is ok in every finding, and tells nobody anything', () => {
  const health = evaluate();
  expect(health.findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
  expect(health).toMatchObject({ brokersUnreachable: 0, changes: [], openByKey: {}, isBlind: false });
});

test('a light run over a healthy cluster is ok too, and says what it did not judge', () => {
  const health = evaluate({ depth: 'light', view: known(clusterView()), alarms: notAsked });
  expect(health.findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
  expect(health.notJudged.map(({ check }) => check)).toContain('cpu-used');
});

test('every finding has a key of its own', () => {
  const keys = evaluate().findings.map(({ check, subject }) => `${check}|${subject}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('worst comes first', () => {
  const view = known(
    fullView({
      brokers: [brokerView(1), brokerView(2)],
      absentBrokerIds: [3],
      topics: [topicView('single', [offlinePartition(0)])],
    }),
  );
  const { findings } = evaluate({ view });
  expect(findings[0]).toMatchObject({ check: 'offline-partitions', severity: 'emergency' });
  const order = findings.map(({ severity }) => severity);
  expect(order).toEqual(order.toSorted((left, right) => compareSeverities(right, left)));
});

test('of one severity and check the subjects come in the order of people: broker 2 before broker 10', () => {
  const view = known(fullView({ brokers: [], absentBrokerIds: [10, 2, 1] }));
  const { findings } = evaluate({ view, nodes: known([10, 2, 1]) });
  const dead = findings.filter(({ check }) => check === 'broker-answers').map(({ subject }) => subject);
  expect(dead).toEqual(['broker 1', 'broker 2', 'broker 10']);
});

test('a state that cannot be read is said, and everything is still judged', () => {
  const health = evaluate({ previous: failed('s3:GetObject', 'denied') });
  expect(health.findings.filter(({ severity }) => severity !== 'ok')).toMatchObject([
    { check: 'run-history', severity: 'warning', reason: 'unreadable' },
  ]);
});

test('the third run in a row without an answer is a warning that people hear of', () => {
  const msk = failed('kafka:DescribeClusterV2', 'throttled');
  const first = evaluate({ msk });
  expect(first.changes).toEqual([]);
  const state = healthState({ unknownStreaks: { 'cluster-state|cluster': unknownFor(2) } });
  const third = evaluate({ msk, previous: known(state) });
  expect(third.findings.find(({ check }) => check === 'cluster-state')).toMatchObject({ severity: 'warning' });
  expect(third.changes).toMatchObject([{ kind: 'opened', key: 'cluster-state|cluster', severity: 'warning' }]);
});

test.each<[string, string, Partial<HealthObservation>, Partial<HealthState>]>([
  [
    'flow whose mark is young, beside a topic that is missing',
    'topic-flow|topic clicks',
    { view: known(clusterView({ topics: [withEnd('clicks', 5n)] })) },
    { offsetsByTopic: { clicks: { atMs: noonMs - minuteMs, latestByPartition: { 0: '5' } } } },
  ],
  [
    'growth of a dead-letter topic whose mark is young, beside one that grows',
    'dead-letter|topic a.dlq',
    { view: known(clusterView({ topics: [withEnd('a.dlq', 5n), withEnd('b.dlq', 9n)] })) },
    {
      offsetsByTopic: {
        'a.dlq': { atMs: noonMs - minuteMs, latestByPartition: { 0: '5' } },
        'b.dlq': { atMs: noonMs - minuteMs, latestByPartition: { 0: '5' } },
      },
    },
  ],
  [
    "MSK's word against a silent broker, while MSK is throttled",
    'source-agreement|MSK and brokers',
    {
      msk: failed('kafka:DescribeClusterV2', 'throttled'),
      view: known(clusterView({ brokers: [brokerView(1), brokerView(2), silentBroker(3)] })),
    },
    {},
  ],
])('what a run leaves out is not told as over: %s', (_name, key, more, state) => {
  const open = { severity: 'critical', reason: 'x', sinceMs: 5, announced: 'critical' } as const;
  const watching = healthExpectation({
    criticalTopics: [],
    flowingTopics: [
      { name: 'clicks', minMessagesPerMinute: 1 },
      { name: 'gone', minMessagesPerMinute: 1 },
    ],
    hasDeadLetterPatterns: true,
    isDeadLetterTopic: (name) => name.endsWith('.dlq'),
  });
  const previous = known(healthState({ ...state, openByKey: { [key]: open } }));
  const seen = healthObservation({ depth: 'light', ...more, previous });
  const { changes, openByKey, notJudged } = evaluateClusterHealth(seen, watching, { limits, floors: {} });
  expect(notJudged.map(({ check }) => check)).toContain(key.split('|', 1)[0]);
  expect(changes.filter((change) => change.key === key)).toEqual([]);
  expect(openByKey[key]).toEqual(open);
});

/** What mskeeper.yml no longer asks for, by the change of it. */
const configuredAway: readonly (readonly [string, string, Partial<HealthExpectation>])[] = [
  ['the last endpoint', 'endpoint|endpoint registry', {}],
  ['every dead-letter pattern', 'dead-letter|topic a.dlq', {}],
  ['the last flowing topic', 'topic-flow|topic clicks', {}],
  ['the last critical topic', 'critical-topic|topic orders', { criticalTopics: [] }],
  ...[
    'disk-used',
    'app-log-disk-used',
    'root-disk-used',
    'cpu-used',
    'heap-after-gc',
    'memory-used',
    'partitions-per-broker',
    'slow-producers',
    'network-shaped',
    'request-handlers-busy',
    'under-replicated',
    'below-min-isr',
  ].map((check) => [`the limit of ${check}`, `${check}|broker 2`, {}] as const),
  ['the limit of throughput', 'high-throughput|cluster', {}],
  ['the floor of throughput', 'low-throughput|cluster', {}],
  ['storage of our own', 'log-directories|broker 2', { brokerKind: 'express' }],
  ['a directory of our own', 'log-directory|broker 2 /kafka', { brokerKind: 'express' }],
  ['a controller', 'controller|cluster', { brokerKind: 'serverless' }],
  ['alarms of brokers', 'alarm-coverage|broker 2', { brokerKind: 'serverless' }],
];

test.each(configuredAway)(
  'I2 what was found of it is over at the next look, where mskeeper.yml asks no more for %s',
  (_name, key, more) => {
    const open = { severity: 'critical', reason: 'x', sinceMs: 5, announced: 'critical' } as const;
    const seen = healthObservation({
      depth: 'light',
      alarms: notAsked,
      view: known(clusterView()),
      previous: known(healthState({ openByKey: { [key]: open } })),
    });
    const health = evaluateClusterHealth(seen, healthExpectation(more), { limits: {}, floors: {} });
    const check = key.slice(0, key.indexOf('|'));
    expect(health.changes.filter((change) => change.key === key)).toMatchObject([{ kind: 'closed' }]);
    expect(health.openByKey).not.toHaveProperty([key]);
    expect(health.judgedWholeAtMsByCheck[check]).toBe(noonMs);
  },
);

test('what brokers do not send at the level of mskeeper.yml is over, though the policy has a number for it', () => {
  const key = 'request-handlers-busy|broker 2';
  const open = { severity: 'critical', reason: 'x', sinceMs: 5, announced: 'critical' } as const;
  const seen = healthObservation({ previous: known(healthState({ openByKey: { [key]: open } })) });
  const at = (monitoringLevel: HealthExpectation['monitoringLevel']) =>
    evaluateClusterHealth(seen, healthExpectation({ monitoringLevel }), {
      limits: {},
      floors: { requestHandlerIdlePercent: { warning: 30 } },
    });
  expect(at('DEFAULT').changes.filter((one) => one.key === key)).toMatchObject([{ kind: 'closed' }]);
  expect(at('PER_BROKER').openByKey).toHaveProperty([key]);
});

test('which run looks just now is known again once the claim was asked, and that is said once', () => {
  const unclaimed = failed('s3:GetObject');
  const first = evaluate({ unclaimed });
  expect(first.changes).toMatchObject([{ kind: 'opened', key: 'look-claim|mskeeper' }]);
  const after = ({ openByKey }: ClusterHealth) => evaluate({ previous: known(healthState({ openByKey })) });
  const second = after(first);
  expect(second.changes).toMatchObject([{ kind: 'closed', key: 'look-claim|mskeeper' }]);
  expect(second.openByKey).toEqual({});
  expect(after(second).findings.filter(({ check }) => check === 'look-claim')).toEqual([]);
});

test('three looks of one run are one run of what they do not know, also with another run between them', () => {
  const msk = failed('kafka:DescribeClusterV2', 'throttled');
  let state = healthState();
  for (const runId of ['woken', 'woken', 'scheduled', 'woken']) {
    const { findings, unknownStreaks } = evaluate({ runId, msk, previous: known(state) });
    expect(findings.find(({ check }) => check === 'cluster-state')).toMatchObject({ severity: 'unknown' });
    state = healthState({ unknownStreaks });
  }
  expect(state.unknownStreaks['cluster-state|cluster']?.runs).toBe(2);
});

const sources = ['msk', 'nodes', 'view', 'metrics', 'alarms', 'previous'] as const;
const breakdown = (lost: readonly (typeof sources)[number][]): Partial<HealthObservation> =>
  Object.fromEntries(lost.map((source) => [source, failed(source, 'timed-out')]));

test('only a run that no source about the cluster answered is blind', () => {
  expect(evaluate(breakdown(['msk', 'nodes', 'view', 'metrics'])).isBlind).toBe(true);
  for (const kept of ['msk', 'nodes', 'view', 'metrics'] as const) {
    expect(evaluate(breakdown(sources.filter((source) => source !== kept))).isBlind).toBe(false);
  }
});

const anyBroker = fc.constantFrom('fine', 'late', 'silent', 'absent', 'refusing');
const anyPartition = fc.constantFrom('fine', 'under', 'offline');
const anyCluster = fc.record({
  brokers: fc.tuple(anyBroker, anyBroker, anyBroker),
  partitions: fc.array(anyPartition, { maxLength: 6 }),
  disk: fc.integer({ min: 0, max: 100 }),
  cpu: fc.integer({ min: 0, max: 100 }),
  offlineMetric: fc.integer({ min: 0, max: 2 }),
});
type Cluster = typeof anyCluster extends fc.Arbitrary<infer Value> ? Value : never;

function observe({ brokers, partitions, disk, cpu, offlineMetric }: Cluster): Partial<HealthObservation> {
  const views = brokers.flatMap((kind, index) => {
    const id = index + 1;
    if (kind === 'absent') return [];
    if (kind === 'silent') return [silentBroker(id)];
    if (kind === 'refusing') return [silentBroker(id, { kind: 'denied', message: 'no' })];
    return [brokerView(id, { answerMs: kind === 'late' ? 9000 : 5, logDirectories: [{ path: '/d', usedBytes: 1 }] })];
  });
  const list = partitions.map((kind, id) => {
    if (kind === 'offline') return offlinePartition(id);
    return partitionView(id, { leaderId: (id % 3) + 1, inSyncReplicaIds: kind === 'under' ? [1, 2] : [1, 2, 3] });
  });
  const absentBrokerIds = brokers.flatMap((kind, index) => (kind === 'absent' ? [index + 1] : []));
  const settings = { 'min.insync.replicas': '2' };
  return {
    view: known(fullView({ brokers: views, absentBrokerIds, topics: [topicView('orders', list, { settings })] })),
    metrics: known(
      metricSeries({ KafkaDataLogsDiskUsed: disk, CpuUser: cpu, CpuSystem: 0, OfflinePartitionsCount: offlineMetric }),
    ),
  };
}

test('never ok on missing data: a lost source leaves no finding that rests on it alone ok', () => {
  fc.assert(
    fc.property(anyCluster, fc.subarray([...sources]), (cluster, lost) => {
      const { findings } = evaluate({ ...observe(cluster), ...breakdown(lost) });
      const nameBySource = { msk: 'msk', view: 'brokers', metrics: 'cloudwatch', previous: 'mskeeper' } as const;
      for (const one of findings.filter(({ check, severity }) => severity === 'ok' && check !== 'alarm-coverage')) {
        for (const source of lost) {
          if (source === 'nodes' || source === 'alarms') continue;
          expect(one.sources).not.toEqual([nameBySource[source]]);
        }
      }
    }),
  );
});

test('removing evidence never turns a check that was not ok into one that is, unless a lesser source speaks', () => {
  fc.assert(
    fc.property(anyCluster, fc.subarray([...sources], { minLength: 1 }), (cluster, lost) => {
      const whole = evaluate(observe(cluster));
      const less = evaluate({ ...observe(cluster), ...breakdown(lost) });
      const lessByKey = new Map(less.findings.map((one) => [`${one.check}|${one.subject}`, one]));
      for (const one of whole.findings.filter(({ severity }) => !isMilder(severity, 'notice'))) {
        const now = lessByKey.get(`${one.check}|${one.subject}`);
        const isFromLesserSource = lost.includes('view') && now?.sources.join() === 'cloudwatch';
        if (now?.severity === 'ok' && !isFromLesserSource) {
          // Two sources that contradict each other agree again once one of them is gone: that is no health either.
          expect(one.check).toBe('source-agreement');
        }
      }
      expect(worstSeverity(less.findings)).not.toBe('ok');
    }),
  );
});

test('another dead broker never lowers the severity, and is counted', () => {
  fc.assert(
    fc.property(anyCluster, fc.nat({ max: 2 }), fc.constantFrom('silent', 'absent'), (cluster, index, how) => {
      fc.pre(cluster.brokers[index] === 'fine');
      const [first, second, third] = cluster.brokers;
      const brokers: Cluster['brokers'] = [
        index === 0 ? how : first,
        index === 1 ? how : second,
        index === 2 ? how : third,
      ];
      const before = evaluate(observe(cluster));
      const after = evaluate(observe({ ...cluster, brokers }));
      expect(isMilder(worstSeverity(after.findings), worstSeverity(before.findings))).toBe(false);
      expect(after.brokersUnreachable).toBe((before.brokersUnreachable ?? 0) + 1);
      expect(
        after.findings.find((one) => one.check === 'broker-answers' && one.subject === `broker ${index + 1}`),
      ).toMatchObject({
        severity: 'critical',
      });
    }),
  );
});

/** What a run leaves that judged the cluster so, from a memory without anything. */
const remembered = (health: ClusterHealth, nowMs: number): HealthState =>
  healthState({ ...health, runId: 'newer', atMs: nowMs });
/** Changes and memory by check. */
const ofChecks = (checks: ReadonlySet<string>, keys: readonly string[]) =>
  keys.filter((key) => checks.has(key.split('|', 1)[0] ?? key));

test('of two runs at once the newer look’s word stands: the older changes and tells nothing that it judged', () => {
  const depth = fc.constantFrom<HealthObservation['depth']>('light', 'full');
  fc.assert(
    fc.property(anyCluster, anyCluster, depth, fc.integer({ min: 1, max: 120_000 }), (older, newer, newerDepth, ms) => {
      const first = evaluate({ ...observe(newer), depth: newerDepth, nowMs: noonMs + ms });
      const memory = remembered(first, noonMs + ms);
      const judged = new Set(first.findings.flatMap((one) => (one.severity === 'unknown' ? [] : [one.check])));
      const late = evaluate({ ...observe(older), previous: known(memory) });
      const alone = evaluate(observe(older));
      expect(
        ofChecks(
          judged,
          late.changes.map(({ key }) => key),
        ),
      ).toEqual([]);
      const keysOf = ({ openByKey }: Pick<HealthState, 'openByKey'>) => ofChecks(judged, Object.keys(openByKey));
      expect(keysOf(late).toSorted()).toEqual(keysOf(memory).toSorted());
      for (const key of keysOf(memory)) expect(late.openByKey[key]).toEqual(memory.openByKey[key]);
      for (const check of judged) expect(late.judgedAtMsByCheck[check]).toBe(noonMs + ms);
      // What only the older look judged is told as it would have been.
      const others = (health: ClusterHealth) =>
        health.changes.filter(({ key }) => ofChecks(judged, [key]).length === 0);
      expect(others(late)).toEqual(others(alone));
      // Its report shows what it saw all the same.
      expect(late.findings.map(({ check, subject }) => `${check}|${subject}`)).toEqual(
        expect.arrayContaining(alone.findings.map(({ check, subject }) => `${check}|${subject}`)),
      );
    }),
  );
});

test('a memory from far ahead, of a clock that was wrong, silences nobody', () => {
  const dead = known(fullView({ brokers: [brokerView(1), brokerView(2)], absentBrokerIds: [3] }));
  const ahead = (ms: number) => known(healthState({ judgedAtMsByCheck: { 'broker-answers': noonMs + ms } }));
  const changesOf = (ms: number) => evaluate({ view: dead, previous: ahead(ms) }).changes.map(({ key }) => key);
  expect(changesOf(120_000)).not.toContain('broker-answers|broker 3');
  expect(changesOf(120_001)).toContain('broker-answers|broker 3');
});

const shuffled = <Item>(items: readonly Item[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

test('the verdict does not depend on the order of the answers', () => {
  fc.assert(
    fc.property(
      anyCluster.chain((cluster) => {
        const { view, metrics } = observe(cluster);
        if (view?.isKnown !== true || metrics?.isKnown !== true) throw new Error('observe always answers both');
        const [topic = topicView('none')] = view.value.topics;
        return fc.record({
          cluster: fc.constant(cluster),
          brokers: shuffled(view.value.brokers),
          partitions: shuffled(topic.partitions),
          metrics: shuffled(metrics.value),
          nodes: shuffled([1, 2, 3]),
        });
      }),
      ({ cluster, brokers, partitions, metrics, nodes }) => {
        const plain = observe(cluster);
        if (plain.view?.isKnown !== true) throw new Error('observe always answers');
        const topics = plain.view.value.topics.map((topic) => ({ ...topic, partitions }));
        const view = known({ ...plain.view.value, brokers, topics });
        expect(evaluate({ view, metrics: known(metrics), nodes: known(nodes) })).toEqual(evaluate(plain));
      },
    ),
  );
});

test.each([
  'KafkaDataLogsDiskUsed',
  'CpuUser',
  'HeapMemoryAfterGC',
  'UnderReplicatedPartitions',
  'OfflinePartitionsCount',
])('severity never falls as %s rises', (metric) => {
  const more = { view: failed('lambda:Invoke kafka-read') };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (left, right) => {
      const [low, high] = left < right ? [left, right] : [right, left];
      const at = (value: number) => worst({ ...more, metrics: known(metricSeries({ [metric]: value })) });
      expect(isMilder(at(high), at(low))).toBe(false);
    }),
  );
});

test('a fault that lasts is told once, and its end once', () => {
  const dead = known(fullView({ brokers: [brokerView(1), brokerView(2)], absentBrokerIds: [3] }));
  const first = evaluate({ view: dead, previous: known(healthState()) });
  expect(first.changes.filter(({ key }) => key === 'broker-answers|broker 3')).toMatchObject([{ kind: 'opened' }]);
  const state = healthState({ openByKey: first.openByKey, unknownStreaks: first.unknownStreaks });
  const later = { nowMs: noonMs + minuteMs, previous: known(state) };
  expect(evaluate({ ...later, view: dead }).changes).toEqual([]);
  expect(evaluate(later).changes).toMatchObject([
    { kind: 'closed', key: 'broker-answers|broker 3', severity: 'critical' },
    { kind: 'closed', key: 'source-agreement|CloudWatch and brokers', severity: 'notice' },
    { kind: 'closed', key: 'source-agreement|MSK and brokers', severity: 'notice' },
  ]);
});

test('where the look failed, what CloudWatch counts is told', () => {
  const seen = healthObservation({
    depth: 'light',
    view: failed('lambda:Invoke kafka-read', 'timed-out'),
    metrics: known(metricSeries({ UnderReplicatedPartitions: 400 }, 'light')),
    previous: known(healthState()),
  });
  const { changes } = evaluateClusterHealth(seen, expected, { limits, floors: {} });
  expect(changes).toMatchObject([{ kind: 'opened', key: 'under-replicated|cluster', severity: 'critical' }]);
});
