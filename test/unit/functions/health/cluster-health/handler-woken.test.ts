import { expect, test, vi } from 'vitest';
import { freeClaim, noWakes } from '../../../../../functions/health/cluster-health/core/claim.ts';
import type { MetricRequest } from '../../../../../functions/health/cluster-health/core/metrics.ts';
import { runClusterHealth, summaryOf } from '../../../../../functions/health/cluster-health/handler.ts';
import type { Ports } from '../../../../../functions/health/cluster-health/ports.ts';
import type { AlarmWake } from '../../../../../shared/events/alarm.ts';
import { fullView, healthState, minuteMs, noonMs, series } from '../../../../support/health/builders.ts';
import { newsOf } from '../../../../support/health/bus.ts';
import {
  bundledConfiguration,
  checkClusterHealth,
  healthPorts,
  type Outside,
  outside,
} from '../../../../support/health/health-ports.ts';
import { found } from '../../../../support/health/verdict.ts';
import { alarmWake, fails, light } from './handler-under-test.ts';

const alarmName = 'mskeeper-orders-cluster-health-cpu-used-brokers-1-to-3-warning';
const woken = (rule: string, more: Partial<AlarmWake> = {}): AlarmWake =>
  alarmWake({ eventId: `event of ${rule}`, alarmName, rule, ...more });

const configuration = (() => {
  const bundled = bundledConfiguration();
  const { policy } = bundled.configuration;
  const limits = {
    ...policy.limits,
    cpuUsedPercent: { warning: 70, warningForMinutes: 5 },
    memoryUsedPercent: { warning: 80, warningForMinutes: 5 },
    producerRequestMs: { warning: 500, warningForMinutes: 90 },
    networkUsedPercent: { warning: 60 },
  };
  const floors = { requestHandlerIdlePercent: { warning: 30, warningForMinutes: 5 } };
  return { ...bundled, configuration: { ...bundled.configuration, policy: { ...policy, limits, floors } } };
})();

const usualByMetric: Readonly<Record<string, number>> = {
  ActiveControllerCount: 1,
  CpuUser: 20,
  CpuSystem: 5,
  MemoryUsed: 30,
  MemoryFree: 70,
  RequestHandlerAvgIdlePercent: 0.9,
};

/** Ports of a run so many minutes after noon, with what it asked of CloudWatch. */
function portsAt(minutes: number, kept: Outside, values: (request: MetricRequest) => number | undefined, more = {}) {
  const asked: MetricRequest[] = [];
  const ranges: { readonly fromMs: number; readonly toMs: number }[] = [];
  const nowMs = noonMs + minutes * minuteMs;
  const fetchAlarms = vi.fn<Ports['fetchAlarms']>(async () => []);
  const ports = healthPorts(kept, {
    configuration,
    nowMs: () => nowMs,
    fetchMetrics: async (requests, range) => {
      asked.push(...requests);
      ranges.push(range);
      return requests.map((request) => {
        const one = series(request, values(request) ?? usualByMetric[request.metric] ?? 0, 120);
        return { ...one, points: one.points.map(({ atMs, value }) => ({ atMs: atMs + minutes * minuteMs, value })) };
      });
    },
    fetchAlarms,
    ...more,
  });
  const metrics = () => new Set(asked.map(({ metric }) => metric));
  return { ports, asked, ranges, metrics, fetchAlarms };
}
const asUsual = () => undefined;
const hot =
  (...ids: readonly number[]) =>
  ({ metric, brokerId }: MetricRequest) =>
    metric === 'CpuUser' && brokerId !== undefined && ids.includes(brokerId) ? 90 : undefined;
const alarmIn = (state: 'OK' | 'ALARM') => ({
  fetchAlarms: async () => [{ name: alarmName, state, brokerIds: [1, 2, 3], isMuted: false }],
});
const cpuOf = (report: Awaited<ReturnType<typeof checkClusterHealth>>) =>
  report.findings
    .filter(({ check, severity }) => check === 'cpu-used' && severity !== 'ok')
    .map(({ subject }) => subject);

test.each([
  ['cpu-used', ['CpuUser', 'CpuSystem'], hot(2), ['broker 2']],
  ['heap-after-gc', ['HeapMemoryAfterGC'], asUsual, []],
  [
    'slow-producers',
    ['ProduceTotalTimeMsMean'],
    ({ metric, brokerId }: MetricRequest) => (metric === 'ProduceTotalTimeMsMean' && brokerId === 3 ? 700 : undefined),
    ['broker 3'],
  ],
  [
    'network-shaped',
    ['TrafficShaping'],
    ({ metric, brokerId }: MetricRequest) => (metric === 'TrafficShaping' && brokerId === 1 ? 7 : undefined),
    ['broker 1'],
  ],
] as const)(
  'a run that the alarm %s woke asks its metrics of every broker and names those it is about',
  async (rule, metrics, values, subjects) => {
    const kept = outside();
    const { ports, asked } = portsAt(0, kept, values);
    const report = await checkClusterHealth(woken(rule), ports);
    for (const metric of metrics) {
      expect(asked.filter((one) => one.metric === metric).map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
    }
    const found = report.findings.filter(({ check, severity }) => check === rule && severity === 'warning');
    expect(found.map(({ subject }) => subject)).toEqual(subjects);
    expect(report).toMatchObject({ depth: 'light', alarmsServed: [alarmName] });
    expect(kept.reports).toMatchObject([{ alarmsServed: [alarmName] }]);
  },
);

test('busy request handlers are judged below their floor', async () => {
  const traits = { ...configuration, cluster: { ...configuration.cluster, monitoringLevel: 'PER_BROKER' as const } };
  const busy = ({ metric, brokerId }: MetricRequest) =>
    metric === 'RequestHandlerAvgIdlePercent' && brokerId === 2 ? 0.2 : undefined;
  const { ports } = portsAt(0, outside(), busy, { configuration: traits });
  const report = await checkClusterHealth(woken('request-handlers-busy'), ports);
  const found = report.findings.filter(({ check }) => check === 'request-handlers-busy');
  expect(found).toMatchObject([
    { subject: 'broker 2', severity: 'warning', reason: 'below-warning', evidence: { requestHandlerIdlePercent: 20 } },
    { subject: 'broker 1', severity: 'ok' },
    { subject: 'broker 3', severity: 'ok' },
  ]);
});

test('a quiet light run asks neither the alarms nor the claim, nor the metrics of any rule', async () => {
  const kept = outside();
  kept.stored = { value: healthState({ halfHourJudgedToMs: noonMs - minuteMs }), etag: 'v1' };
  const fetchClaim = vi.fn<Ports['fetchClaim']>();
  const fetchState = vi.fn<Ports['fetchState']>(async () => kept.stored);
  const { ports, metrics, fetchAlarms } = portsAt(0, kept, asUsual, { fetchClaim, fetchState });
  await checkClusterHealth(light, ports);
  expect([...metrics()].toSorted()).toEqual([
    'ActiveControllerCount',
    'GlobalPartitionCount',
    'GlobalTopicCount',
    'OfflinePartitionsCount',
    'UnderReplicatedPartitions',
  ]);
  expect(fetchAlarms).not.toHaveBeenCalled();
  expect(fetchClaim).not.toHaveBeenCalled();
  expect(fetchState).toHaveBeenCalledTimes(1);
});

test('while the alarm is in ALARM later runs go on asking, so that a second broker of its group is named', async () => {
  const kept = outside();
  await checkClusterHealth(light, portsAt(-5, kept, asUsual).ports);
  expect(cpuOf(await checkClusterHealth(woken('cpu-used'), portsAt(0, kept, hot(1), alarmIn('ALARM')).ports))).toEqual([
    'broker 1',
  ]);
  const later = portsAt(5, kept, hot(1, 3), alarmIn('ALARM'));
  expect(cpuOf(await checkClusterHealth(light, later.ports))).toEqual(['broker 1', 'broker 3']);
  expect(newsOf(kept.onBus).at(-1)).toMatch(/^opened \w+ cpu-used\|broker 3$/);
});

test('an alarm whose state cannot be read is still asked for', async () => {
  const kept = outside();
  await checkClusterHealth(light, portsAt(-5, kept, asUsual).ports);
  await checkClusterHealth(
    woken('cpu-used'),
    portsAt(0, kept, asUsual, { fetchAlarms: fails('cloudwatch:DescribeAlarms') }).ports,
  );
  const later = portsAt(5, kept, asUsual, alarmIn('OK'));
  await checkClusterHealth(light, later.ports);
  expect(later.metrics()).toContain('CpuUser');
});

test('an alarm that is over is asked for until no broker is found, which closes the finding, and then no more', async () => {
  const kept = outside();
  await checkClusterHealth(light, portsAt(-5, kept, asUsual).ports);
  await checkClusterHealth(woken('cpu-used'), portsAt(0, kept, hot(1), alarmIn('ALARM')).ports);
  await checkClusterHealth(light, portsAt(5, kept, hot(1), alarmIn('OK')).ports);
  expect(Object.keys(kept.stored?.value.openAlarms ?? {})).toEqual([alarmName]);
  await checkClusterHealth(light, portsAt(10, kept, asUsual, alarmIn('OK')).ports);
  expect(newsOf(kept.onBus).at(-1)).toBe('closed ok cpu-used|broker 1');
  expect(kept.stored?.value).toMatchObject({ openAlarms: {}, openByKey: {} });
  const quiet = portsAt(15, kept, asUsual);
  await checkClusterHealth(light, quiet.ports);
  expect(quiet.metrics()).not.toContain('CpuUser');
  expect(quiet.fetchAlarms).not.toHaveBeenCalled();
});

test('brokers that send no metric keep the alarm open for a day, and no longer once it is OK', async () => {
  const kept = outside();
  const silent = { ...alarmIn('OK'), fetchMetrics: async () => [] };
  await checkClusterHealth(light, portsAt(-5, kept, asUsual).ports);
  await checkClusterHealth(woken('cpu-used'), portsAt(0, kept, asUsual, silent).ports);
  await checkClusterHealth(light, portsAt(60, kept, asUsual, silent).ports);
  expect(Object.keys(kept.stored?.value.openAlarms ?? {})).toEqual([alarmName]);
  await checkClusterHealth(light, portsAt(24 * 60 + 5, kept, asUsual, silent).ports);
  expect(kept.stored?.value.openAlarms).toEqual({});
});

test('CloudWatch is asked for the minutes that the limit of the rule needs', async () => {
  const { ports, ranges } = portsAt(0, outside(), ({ metric }) =>
    metric === 'ProduceTotalTimeMsMean' ? 700 : undefined,
  );
  const report = await checkClusterHealth(woken('slow-producers'), ports);
  expect(ranges[0]?.toMs).toBe(noonMs);
  expect(noonMs - (ranges[0]?.fromMs ?? noonMs)).toBeGreaterThanOrEqual(90 * minuteMs);
  expect(report.findings.find(({ check }) => check === 'slow-producers')).toMatchObject({ severity: 'warning' });
});

test('what woke a run that died before its end is asked by the next run', async () => {
  const kept = outside();
  await checkClusterHealth(light, portsAt(-5, kept, asUsual).ports);
  const died = new Error('killed');
  const dying = portsAt(0, kept, asUsual, { fetchMsk: async () => Promise.reject(died) });
  await expect(runClusterHealth(woken('cpu-used'), dying.ports)).rejects.toBe(died);
  const next = portsAt(5, kept, hot(2), alarmIn('ALARM'));
  const report = await checkClusterHealth(light, next.ports);
  expect(cpuOf(report)).toEqual(['broker 2']);
  expect(report.alarmsServed).toEqual([alarmName]);
});

test('memory is asked by the first run of each half hour, without a call more', async () => {
  const kept = outside();
  const asked: number[] = [];
  for (let minutes = 0; minutes <= 60; minutes += 5) {
    const run = portsAt(minutes, kept, asUsual);
    await checkClusterHealth(light, run.ports);
    expect(run.ranges).toHaveLength(1);
    if (run.metrics().has('MemoryUsed')) asked.push(minutes);
  }
  expect(asked).toEqual([0, 30, 60]);
});

test('a half hour in which CloudWatch did not answer is judged by the next run', async () => {
  const kept = outside();
  await checkClusterHealth(light, portsAt(0, kept, asUsual).ports);
  await checkClusterHealth(
    light,
    portsAt(30, kept, asUsual, { fetchMetrics: fails('cloudwatch:GetMetricData') }).ports,
  );
  const next = portsAt(35, kept, asUsual);
  await checkClusterHealth(light, next.ports);
  expect(next.metrics()).toContain('MemoryUsed');
  expect(kept.stored?.value.halfHourJudgedToMs).toBe(noonMs + 35 * minuteMs);
});

test('a wake that is left to another run ends well and says so', async () => {
  const kept = outside();
  const first = portsAt(0, kept, asUsual, {
    fetchView: async () => {
      const second = portsAt(0, kept, asUsual).ports;
      const run = { ...second.run, runId: 'run-2' };
      const left = await runClusterHealth(woken('heap-after-gc', { alarmName: 'heap' }), { ...second, run });
      expect(left).toMatchObject({ kind: 'left', holderRunId: 'run-1', wake: { alarmName: 'heap' } });
      return healthPorts(outside()).fetchView({
        groups: false,
        commits: false,
        members: 'none',
        ends: 'none',
        logDirectories: false,
        topicSettings: [],
        expectedBrokerIds: [],
      });
    },
  });
  const report = await checkClusterHealth(woken('cpu-used'), first.ports);
  expect(report.alarmsServed).toEqual(['heap']);
  expect(kept.reports.map(({ alarmsServed }) => alarmsServed)).toEqual([[alarmName], ['heap']]);
  expect(first.metrics()).toContain('HeapMemoryAfterGC');
  expect(kept.claim?.value.holder).toBeUndefined();
});

const unclaimed = {
  severity: 'notice',
  reason: 'unreadable',
  message: expect.stringMatching(/looked all the same: s3:(?:Get|Put)Object: \w/),
};

test.each([
  ['cannot be read', { fetchClaim: fails('s3:GetObject', 'unreachable') }],
  ['cannot be written', { applyClaim: fails('s3:PutObject', 'denied') }],
  ['is always written by others', { applyClaim: fails('s3:PutObject', 'conflict') }],
])('a claim that %s keeps no run from looking, and the report says why', async (_name, more) => {
  const kept = outside();
  const { ports, metrics } = portsAt(0, kept, asUsual, more);
  const report = await checkClusterHealth(woken('cpu-used'), ports);
  expect(report.alarmsServed).toEqual([alarmName]);
  expect(metrics()).toContain('CpuUser');
  expect(report.findings.filter(({ check }) => check === 'look-claim')).toMatchObject([unclaimed]);
  expect(newsOf(kept.onBus)).toEqual(['opened notice look-claim|mskeeper']);
});

test('a schedule that cannot ask the claim looks all the same, and the report says why', async () => {
  const { ports } = portsAt(0, outside(), asUsual, { fetchClaim: fails('s3:GetObject', 'denied') });
  const report = await checkClusterHealth(light, ports);
  expect(report.findings.filter(({ check }) => check === 'look-claim')).toMatchObject([unclaimed]);
});

test('a claim that can be read is no finding', async () => {
  const report = await checkClusterHealth(woken('cpu-used'), portsAt(0, outside(), asUsual).ports);
  expect(report.findings.filter(({ check }) => check === 'look-claim')).toEqual([]);
});

test('a claim that cannot be read is left as it is: another run may hold it', async () => {
  const kept = outside();
  const applyClaim = vi.fn<Ports['applyClaim']>();
  const { ports } = portsAt(0, kept, asUsual, { fetchClaim: fails('s3:GetObject', 'denied'), applyClaim });
  await checkClusterHealth(woken('cpu-used'), ports);
  expect(applyClaim).not.toHaveBeenCalled();
});

test('the log line says to which run a wake was left, or what a run saw and told', async () => {
  const wake = { alarmName, rule: 'cpu-used', changedAtMs: noonMs, eventId: 'event-1' };
  expect(summaryOf({ kind: 'left', wake, holderRunId: 'run-0' })).toEqual({
    observation: { alarm: alarmName, changedAt: '2026-01-14T12:00:00.000Z', rule: 'cpu-used' },
    decision: { leftToRun: 'run-0' },
    outcome: 'left-to-another-run',
  });
  const kept = outside();
  const report = await checkClusterHealth(light, portsAt(0, kept, asUsual).ports);
  const { depth, alarmsServed, sources, worst, countBySeverity } = report;
  expect(summaryOf(report)).toEqual({
    observation: { depth, alarmsServed, sources, brokersUnreachable: 0 },
    decision: { worst, countBySeverity, changes: [] },
    outcome: 'reported',
  });
  const { brokersUnreachable: _unknown, ...blind } = report;
  const change = {
    kind: 'opened',
    key: 'a|b',
    severity: 'warning',
    ...{ sinceMs: noonMs, atMs: noonMs },
    finding: found('broker 1'),
  } as const;
  expect(summaryOf({ ...blind, changes: [change] })).toEqual({
    observation: { depth, alarmsServed, sources },
    decision: { worst, countBySeverity, changes: [{ kind: 'opened', key: 'a|b', severity: 'warning' }] },
    outcome: 'notified',
  });
});

test('a damaged claim is replaced', async () => {
  const kept = outside();
  const { ports } = portsAt(0, kept, asUsual);
  let reads = 0;
  const fetchClaim: Ports['fetchClaim'] = async () => {
    reads += 1;
    return reads === 1 ? fails('s3:GetObject', 'bad-answer')() : kept.claim;
  };
  await checkClusterHealth(woken('cpu-used'), { ...ports, fetchClaim });
  expect(kept.claim?.value.holder).toBeUndefined();
});

test('a look that fails gives its wakes back, and the next schedule serves them', async () => {
  const kept = outside();
  await checkClusterHealth(light, portsAt(-5, kept, asUsual).ports);
  const failing = portsAt(0, kept, hot(2), { ...alarmIn('ALARM'), reportToBus: fails('events:PutEvents') });
  await expect(runClusterHealth(woken('cpu-used'), failing.ports)).rejects.toMatchObject({ name: 'DependencyError' });
  expect(kept.claim?.value).toMatchObject({ waiting: { wakes: [{ alarmName, rule: 'cpu-used' }] } });
  expect(kept.claim?.value.holder).toBeUndefined();
  const report = await checkClusterHealth(light, portsAt(5, kept, hot(2), alarmIn('ALARM')).ports);
  expect(report.alarmsServed).toEqual([alarmName]);
  await checkClusterHealth(light, portsAt(10, kept, asUsual, alarmIn('OK')).ports);
  const fetchClaim = vi.fn<Ports['fetchClaim']>();
  await checkClusterHealth(light, portsAt(15, kept, asUsual, { fetchClaim }).ports);
  expect(fetchClaim).not.toHaveBeenCalled();
});

const heartbeatsOf = ({ metrics }: Outside): readonly number[] =>
  metrics.flatMap(({ name, value }) => (name === 'ScheduledRunCompleted' ? [value] : []));

test('no run that an alarm woke leaves a heartbeat, whether it looked, failed or left its alarm to another', async () => {
  const kept = outside();
  const first = portsAt(0, kept, asUsual, {
    fetchView: async () => {
      const second = portsAt(0, kept, asUsual).ports;
      await runClusterHealth(woken('heap-after-gc', { alarmName: 'heap' }), {
        ...second,
        run: { ...second.run, runId: 'run-2' },
      });
      return fullView();
    },
  });
  await checkClusterHealth(woken('cpu-used'), first.ports);
  const failing = portsAt(1, kept, asUsual, { reportToBus: fails('events:PutEvents') });
  await expect(runClusterHealth(woken('cpu-used'), failing.ports)).rejects.toMatchObject({ name: 'DependencyError' });
  expect(kept.reports.length).toBeGreaterThan(2);
  expect(heartbeatsOf(kept)).toEqual([]);
});

test('a scheduled run leaves one heartbeat, once it has done all that it took over, and none where it fails', async () => {
  const kept = outside();
  const failing = portsAt(0, kept, asUsual, { reportToBus: fails('events:PutEvents') });
  await expect(runClusterHealth(light, failing.ports)).rejects.toMatchObject({ name: 'DependencyError' });
  await expect(runClusterHealth(woken('cpu-used'), failing.ports)).rejects.toMatchObject({ name: 'DependencyError' });
  expect(heartbeatsOf(kept)).toEqual([]);
  const other = portsAt(5, kept, asUsual).ports;
  let looks = 0;
  const scheduled = portsAt(5, kept, asUsual, {
    fetchView: async () => {
      looks += 1;
      if (looks === 1) {
        await runClusterHealth(woken('heap-after-gc', { alarmName: 'heap' }), {
          ...other,
          run: { ...other.run, runId: 'run-2' },
        });
      }
      expect(heartbeatsOf(kept)).toEqual([]);
      return fullView();
    },
  });
  await checkClusterHealth(light, scheduled.ports);
  expect(looks).toBe(2);
  expect(heartbeatsOf(kept)).toEqual([1]);
});

test('a scheduled run does not forget that wakes may wait, where a run that an alarm woke said so meanwhile', async () => {
  const kept = outside();
  kept.stored = { value: healthState(), etag: 'before' };
  const { ports } = portsAt(5, kept, asUsual);
  const fetchView: Ports['fetchView'] = async () => {
    const state = healthState({ runId: 'woken', mayWakesWait: true });
    kept.stored = { value: state, etag: 'of the woken run' };
    return fullView();
  };
  await checkClusterHealth(light, { ...ports, run: { ...ports.run, runId: 'scheduled' }, fetchView });
  expect(kept.stored.value).toMatchObject({ runId: 'scheduled', mayWakesWait: true });
  // The next one asks the claim; where nothing waits there, that is over.
  await checkClusterHealth(light, portsAt(10, kept, asUsual).ports);
  expect(kept.stored.value.mayWakesWait).toBe(false);
});

test.each([
  ['was never kept', async () => undefined],
  ['is damaged', fails('s3:GetObject', 'bad-answer')],
  ['cannot be read', fails('s3:GetObject', 'throttled')],
])('a wake that waits is served by a scheduled run whose memory %s', async (_name, fetchState) => {
  const kept = outside();
  const waiting = { alarmName, rule: 'cpu-used', changedAtMs: noonMs, eventId: 'left' };
  kept.claim = { value: { ...freeClaim, waiting: { ...noWakes, wakes: [waiting] } }, etag: 'left' };
  const report = await checkClusterHealth(light, portsAt(5, kept, asUsual, { fetchState }).ports);
  expect(report.alarmsServed).toEqual([alarmName]);
});

test('a damaged memory that is written over may have said that wakes wait', async () => {
  const kept = outside();
  kept.stored = { value: healthState(), etag: 'damaged' };
  const fetchState = fails('s3:GetObject', 'bad-answer');
  await checkClusterHealth(light, portsAt(5, kept, asUsual, { fetchState }).ports);
  expect(kept.stored.value).toMatchObject({ runId: 'run-1', mayWakesWait: true });
});
