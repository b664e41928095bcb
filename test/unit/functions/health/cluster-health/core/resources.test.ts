import { expect, test } from 'vitest';
import { findLeftOut, planMetrics } from '../../../../../../functions/health/cluster-health/core/metrics.ts';
import { evaluateResources } from '../../../../../../functions/health/cluster-health/core/resources.ts';
import {
  factsOf,
  failed,
  healthExpectation,
  healthObservation,
  known,
  metricSeries,
  minuteMs,
  noonMs,
  notAsked,
  questionsOf,
} from '../../../../../support/health/builders.ts';

const expected = healthExpectation();
/** The numbers of systems A and B (RUNBOOK section 7). */
const limits = {
  diskUsedPercent: { notice: 70, warning: 80, critical: 85 },
  cpuUsedPercent: { warning: 70, critical: 90 },
  heapAfterGcPercent: { warning: 60 },
  memoryUsedPercent: { warning: 80, critical: 90 },
  partitionsPerBroker: { warning: 1000 },
};
const judge = (values: Record<string, number>, more = {}) =>
  evaluateResources(factsOf(healthObservation({ metrics: known(metricSeries(values)), ...more }), expected), {
    limits,
    floors: {},
  });
const find = (check: string, values: Record<string, number>, more = {}) =>
  judge(values, more).findings.find((one) => one.check === check && one.subject === 'broker 2');

test.each([
  ['disk-used', { KafkaDataLogsDiskUsed: 70 }, 'ok', 'within-policy'],
  ['disk-used', { KafkaDataLogsDiskUsed: 70.1 }, 'notice', 'above-notice'],
  ['disk-used', { KafkaDataLogsDiskUsed: 80.1 }, 'warning', 'above-warning'],
  ['disk-used', { KafkaDataLogsDiskUsed: 86 }, 'critical', 'above-critical'],
  ['app-log-disk-used', { KafkaAppLogsDiskUsed: 86 }, 'critical', 'above-critical'],
  ['root-disk-used', { RootDiskUsed: 81 }, 'warning', 'above-warning'],
  ['cpu-used', { CpuUser: 40, CpuSystem: 30 }, 'ok', 'within-policy'],
  ['cpu-used', { CpuUser: 50, CpuSystem: 21 }, 'warning', 'above-warning'],
  ['cpu-used', { CpuUser: 60, CpuSystem: 31 }, 'critical', 'above-critical'],
  ['heap-after-gc', { HeapMemoryAfterGC: 61 }, 'warning', 'above-warning'],
  ['memory-used', { MemoryUsed: 300, MemoryFree: 50, MemoryBuffered: 20, MemoryCached: 30 }, 'ok', 'within-policy'],
  [
    'memory-used',
    { MemoryUsed: 850, MemoryFree: 50, MemoryBuffered: 50, MemoryCached: 50 },
    'warning',
    'above-warning',
  ],
  ['partitions-per-broker', { PartitionCount: 1001 }, 'warning', 'above-warning'],
])('H1 %s with %j is %s', (check, values, severity, reason) => {
  expect(find(check, values)).toMatchObject({ severity, reason, sources: ['cloudwatch'] });
});

const every = {
  ...limits,
  producerRequestMs: { warning: 100 },
  networkUsedPercent: { warning: 80 },
};
const floors = { requestHandlerIdlePercent: { warning: 30, critical: 20 } };
const wholeOf = (check: string, values: Record<string, number>) =>
  evaluateResources(
    factsOf(
      healthObservation({ metrics: known(metricSeries(values)) }),
      healthExpectation({ monitoringLevel: 'PER_TOPIC_PER_BROKER' }),
    ),
    { limits: every, floors },
  ).findings.find((one) => one.check === check && one.subject === 'broker 2');

test.each([
  [
    'disk-used',
    { KafkaDataLogsDiskUsed: 20.04 },
    'ok',
    'data disk at 20 %.',
    { diskUsedPercent: 20.04, metrics: 'KafkaDataLogsDiskUsed' },
  ],
  [
    'app-log-disk-used',
    { KafkaAppLogsDiskUsed: 86.26 },
    'critical',
    'application-log disk at 86.3 %, above the policy. MSK owns this disk: open a support case.',
    { diskUsedPercent: 86.26, metrics: 'KafkaAppLogsDiskUsed' },
  ],
  [
    'cpu-used',
    { CpuUser: 50, CpuSystem: 21 },
    'warning',
    'CPU (user + system) at 71 %, above the policy. Look for a hot broker first, then choose a larger instance.',
    { cpuUsedPercent: 71, metrics: 'CpuUser + CpuSystem' },
  ],
  [
    'memory-used',
    { MemoryUsed: 75, MemoryFree: 5, MemoryBuffered: 5, MemoryCached: 15 },
    'ok',
    'memory (page cache not counted) at 75 %.',
    { memoryUsedPercent: 75, metrics: 'MemoryUsed + MemoryFree + MemoryBuffered + MemoryCached' },
  ],
  [
    'partitions-per-broker',
    { PartitionCount: 1000 },
    'ok',
    'replicas at 1000.',
    { partitionsPerBroker: 1000, metrics: 'PartitionCount' },
  ],
])('%s of a broker is told whole', (check, values, severity, words, evidence) => {
  expect(wholeOf(check, values)).toEqual({
    check,
    subject: 'broker 2',
    severity,
    reason: severity === 'ok' ? 'within-policy' : `above-${severity}`,
    message: `broker 2: ${words}`,
    sources: ['cloudwatch'],
    evidence,
  });
});

test('a minute that one series lacks is left out, and no fresh minute at all is unknown by name', () => {
  const metrics = metricSeries({ CpuUser: 65, CpuSystem: 30 }).map((one) =>
    one.metric === 'CpuSystem' ? { ...one, points: [] } : one,
  );
  expect(find('cpu-used', {}, { metrics: known(metrics) })).toEqual({
    check: 'cpu-used',
    subject: 'broker 2',
    severity: 'unknown',
    reason: 'no-data',
    message: 'broker 2: CloudWatch has no fresh CpuUser, CpuSystem, so its CPU (user + system) is not known.',
    sources: ['cloudwatch'],
    evidence: { metrics: 'CpuUser + CpuSystem' },
  });
});

test('CPU is user + system of the same minute (6.4)', () => {
  const metrics = metricSeries({ CpuUser: 65, CpuSystem: 30 }).map((one) =>
    one.metric === 'CpuSystem' ? { ...one, points: one.points.slice(0, -1) } : one,
  );
  expect(find('cpu-used', {}, { metrics: known(metrics) })).toMatchObject({ evidence: { cpuUsedPercent: 95 } });
});

test.each([
  ['no series at all', known([])],
  ['a series without points', known(metricSeries().map((one) => ({ ...one, points: [] })))],
])('%s is unknown, never healthy', (_name, metrics) => {
  const { findings } = judge({}, { metrics });
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.every(({ severity }) => severity === 'unknown')).toBe(true);
});

test('a memory of zero bytes is unknown', () => {
  const zero = { MemoryUsed: 0, MemoryFree: 0, MemoryBuffered: 0, MemoryCached: 0 };
  expect(find('memory-used', zero)).toMatchObject({
    severity: 'unknown',
    reason: 'no-data',
    message: expect.stringContaining('so its memory (page cache not counted) is not known.'),
  });
});

test('CloudWatch that failed leaves every resource unknown and names the call', () => {
  const { findings } = judge({}, { metrics: failed('cloudwatch:GetMetricData', 'throttled') });
  expect(findings).toHaveLength(7);
  for (const one of findings) {
    expect(one).toMatchObject({ severity: 'unknown', evidence: { call: 'cloudwatch:GetMetricData' } });
  }
});

test('a limit with a duration is a notice until it has lasted', () => {
  const lasting = { diskUsedPercent: { warning: 80, warningForMinutes: 10 } };
  const rising = metricSeries({ KafkaDataLogsDiskUsed: 85 }).map((one) => ({
    ...one,
    points: one.points.map((point) => (point.atMs < noonMs - 5 * minuteMs ? { ...point, value: 20 } : point)),
  }));
  const seen = healthObservation({ metrics: known(rising) });
  const disk = evaluateResources(factsOf(seen, expected), { limits: lasting, floors: {} }).findings.find(
    ({ check }) => check === 'disk-used',
  );
  expect(disk).toMatchObject({ severity: 'notice', reason: 'above-not-yet-lasting' });
});

test.each([
  ['no limit', {}, { depth: 'full' }, expected, 10],
  ['a light run', limits, { depth: 'light' }, expected, 10],
  [
    'Express, which emits no disk and no heap',
    limits,
    { depth: 'full' },
    healthExpectation({ brokerKind: 'express' }),
    7,
  ],
  [
    'Serverless, which emits nothing of a broker',
    limits,
    { depth: 'full' },
    healthExpectation({ brokerKind: 'serverless' }),
    10,
  ],
  ['no question to CloudWatch', limits, { metrics: notAsked }, expected, 10],
] as const)('what is not judged is said: %s', (_name, policy, more, expectation, count) => {
  expect(
    evaluateResources(factsOf(healthObservation(more), expectation), { limits: policy, floors: {} }).notJudged,
  ).toHaveLength(count);
});

test('a light run asks five metrics of Standard, a full one and one each half hour what is judged of each broker', () => {
  const requests = planMetrics(questionsOf('light'), expected, [1, 2, 3]);
  expect(requests).toHaveLength(4 + 3);
  expect(planMetrics(questionsOf('full'), expected, [1, 2, 3])).toHaveLength(4 + 15 * 3);
});

const notOfExpress = [
  'OfflinePartitionsCount',
  'UnderReplicatedPartitions',
  'UnderMinIsrPartitionCount',
  'KafkaDataLogsDiskUsed',
  'HeapMemoryAfterGC',
  'RootDiskUsed',
] as const;

test('Express is never asked for a metric that it does not emit (6.13)', () => {
  const traits = healthExpectation({ brokerKind: 'express' });
  const asked = new Set(planMetrics(questionsOf('full'), traits, [1]).map(({ metric }) => metric));
  expect(asked).toContain('CpuUser');
  for (const metric of notOfExpress) {
    expect(asked).not.toContain(metric);
    expect(findLeftOut(metric, questionsOf('full'), traits)).toContain('not emitted');
  }
});

test('Serverless is asked for nothing of a broker (6.13)', () => {
  expect(planMetrics(questionsOf('full'), healthExpectation({ brokerKind: 'serverless' }), [1])).toEqual([]);
});
