import { expect, test, vi } from 'vitest';
import { checkClusterHealth, handler } from '../../../functions/health/cluster-health-handler.ts';
import type { Ports } from '../../../functions/health/cluster-health-ports.ts';
import { decodeState, encodeState, stateDocument } from '../../../functions/health/cluster-health-state-ports.ts';
import { planEvents } from '../../../functions/health/cluster-health-tell.ts';
import { DependencyError, type DependencyFailure } from '../../../shared/errors.ts';
import type { WakeEvent } from '../../../shared/events.ts';
import type { LookRequest } from '../../../shared/kafka/cluster-view.ts';
import { redactValue } from '../../../shared/redaction.ts';
import {
  blindView,
  brokerView,
  fullView,
  healthState,
  minuteMs,
  noonMs,
  partitionView,
  problem,
  topicView,
} from '../../support/builders.ts';
import { bundledConfiguration, clusterConfiguration, healthPorts, outside } from '../../support/health-ports.ts';
import { captureOutput, lambdaContext } from '../../support/lambda.ts';

const wake = (scope: 'light' | 'full'): WakeEvent => ({
  kind: 'schedule',
  procedure: 'cluster-health',
  scope,
  scheduledAtMs: noonMs,
});
const light = wake('light');
const full = wake('full');
const fails =
  (call: string, failure: DependencyFailure = 'denied') =>
  async (): Promise<never> => {
    throw new DependencyError(call, failure, `${failure}: as the test has it`);
  };
const brokerThreeDead = async () =>
  fullView({
    brokers: [brokerView(1), brokerView(2)],
    absentBrokerIds: [3],
    topics: [topicView('orders', [partitionView(0, { inSyncReplicaIds: [1, 2] })])],
  });

test('a healthy cluster is reported to bucket and bus, nobody is told, and zero brokers are unreachable', async () => {
  const kept = outside();
  const report = await checkClusterHealth(full, healthPorts(kept));
  expect(report).toMatchObject({
    version: 1,
    procedure: 'cluster-health',
    worst: 'ok',
    depth: 'full',
    undelivered: [],
  });
  expect(kept.reports).toEqual([report]);
  expect(kept.onBus).toHaveLength(1);
  expect(kept.told).toEqual([]);
  expect(kept.metrics).toMatchObject([
    { name: 'BrokersUnreachable', value: 0, by: 'cluster' },
    { name: 'FullRunCompleted', value: 1, by: 'procedure' },
  ]);
});

test('a dead broker is told once to the critical topic, with its partitions, and its return once', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  expect(kept.told).toHaveLength(1);
  expect(kept.told[0]).toMatchObject({ severity: 'critical' });
  expect(kept.told[0]?.headline).toContain('orders-0');
  expect(kept.metrics).toMatchObject([{ name: 'BrokersUnreachable', value: 1 }]);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + minuteMs }));
  expect(kept.told).toHaveLength(1);
  await checkClusterHealth(light, healthPorts(kept, { nowMs: () => noonMs + 2 * minuteMs }));
  expect(kept.told).toHaveLength(2);
  expect(kept.told[1]?.headline).toMatch(/^over: /);
  expect(kept.stored?.value.openByKey).toEqual({});
});

test('a silent cluster is P0 on the emergency topic', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: async () => blindView(problem('timed-out')) }));
  expect(kept.told[0]).toMatchObject({ severity: 'emergency' });
  expect(kept.metrics).toMatchObject([{ name: 'BrokersUnreachable', value: 3 }]);
});

test.each([
  ['light', { groups: false, logDirectories: false, topicSettings: [], ends: 'none' }],
  ['full', { groups: true, logDirectories: true, topicSettings: ['min.insync.replicas'], ends: 'none' }],
] as const)('a %s run asks the brokers what it judges and no more', async (scope, request) => {
  const fetchView = vi.fn<Ports['fetchView']>(async () => fullView());
  const fetchAlarms = vi.fn<Ports['fetchAlarms']>(async () => []);
  await checkClusterHealth(wake(scope), healthPorts(outside(), { fetchView, fetchAlarms }));
  expect(fetchView).toHaveBeenCalledExactlyOnceWith({
    ...request,
    commits: false,
    expectedBrokerIds: [1, 2, 3],
    answerTimeoutMs: 5000,
  });
  expect(fetchAlarms).toHaveBeenCalledTimes(scope === 'full' ? 1 : 0);
});

test('an alarm wakes a light run', async () => {
  const alarm: WakeEvent = {
    kind: 'alarm',
    eventId: 'e',
    alarmName: 'mskeeper-orders-cluster-health-brokers-unreachable-critical',
    alarmArn: 'arn',
    accountId: '111122223333',
    region: 'eu-west-1',
    state: 'ALARM',
    reason: '',
    changedAtMs: noonMs,
    subject: { kind: 'composite', rule: 'ALARM(a)', triggeringAlarmArns: [] },
  };
  expect(await checkClusterHealth(alarm, healthPorts(outside()))).toMatchObject({ depth: 'light' });
});

test('somebody silent is looked at twice, the second time only for who answers', async () => {
  const fetchView = vi
    .fn<Ports['fetchView']>()
    .mockImplementationOnce(brokerThreeDead)
    .mockImplementation(async () => fullView());
  const kept = outside();
  const report = await checkClusterHealth(full, healthPorts(kept, { fetchView }));
  expect(fetchView).toHaveBeenCalledTimes(2);
  expect(fetchView.mock.calls[1]?.[0]).toMatchObject({ groups: false, logDirectories: false, topicSettings: [] });
  expect(report.findings.find(({ subject }) => subject === 'broker 3')).toMatchObject({
    reason: 'answers-second-time',
  });
  expect(report.brokersUnreachable).toBe(0);
});

test('a first look that heard nobody gives way to a second that did', async () => {
  const fetchView = vi
    .fn<Ports['fetchView']>()
    .mockImplementationOnce(async () => blindView(problem('timed-out')))
    .mockImplementation(async () => fullView());
  const report = await checkClusterHealth(light, healthPorts(outside(), { fetchView }));
  expect(report).toMatchObject({ worst: 'ok', brokersUnreachable: 0 });
});

test('ends are asked for where growth is judged', async () => {
  const { topics } = clusterConfiguration();
  const configuration = bundledConfiguration({ topics: { ...topics, deadLetter: ['*.dlq'], ignore: ['tmp.*'] } });
  const asked: LookRequest[] = [];
  const dlq = (name: string, latestOffset: bigint) => topicView(name, [partitionView(0, { latestOffset })]);
  const look = (offset: bigint) => async (request: LookRequest) => {
    asked.push(request);
    return fullView({ topics: [topicView('orders'), dlq('a.dlq', offset), dlq('tmp.dlq', offset)] });
  };
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { configuration, fetchView: look(5n) }));
  const nowMs = () => noonMs + 5 * minuteMs;
  const report = await checkClusterHealth(light, healthPorts(kept, { configuration, fetchView: look(7n), nowMs }));
  expect(asked[0]).toMatchObject({ ends: 'latest' });
  expect(report.findings.filter(({ check }) => check === 'dead-letter')).toMatchObject([
    { subject: 'topic a.dlq', reason: 'growing', evidence: { messages: 2 } },
  ]);
});

test('Serverless is asked neither for nodes nor for metrics nor for alarms', async () => {
  const never = vi.fn<() => Promise<never>>(fails('never'));
  const configuration = bundledConfiguration({ brokerKind: 'serverless', brokerCount: 0 });
  const ports = { configuration, fetchNodeIds: never, fetchMetrics: never, fetchAlarms: never };
  const report = await checkClusterHealth(full, healthPorts(outside(), ports));
  expect(never).not.toHaveBeenCalled();
  expect(report.sources).toMatchObject({ nodes: 'not asked', cloudwatch: 'not asked', alarms: 'not asked' });
});

test.each([
  ['the MSK API denied', 'fetchMsk', 'kafka:DescribeClusterV2', 'denied', 'cluster-state'],
  ['CloudWatch throttled', 'fetchMetrics', 'cloudwatch:GetMetricData', 'throttled', 'disk-used'],
  ['kafka/read timed out', 'fetchView', 'lambda:Invoke kafka/read', 'timed-out', 'broker-answers'],
  ['kafka/read answering garbage', 'fetchView', 'kafka/read', 'bad-answer', 'broker-answers'],
  ['DescribeAlarms denied', 'fetchAlarms', 'cloudwatch:DescribeAlarms', 'denied', 'alarm-coverage'],
] as const)(
  '%s is an unknown finding that names the call, and the others are still judged',
  async (_n, port, call, failure, check) => {
    const kept = outside();
    const report = await checkClusterHealth(full, healthPorts(kept, { [port]: fails(call, failure) }));
    expect(report.findings.find((one) => one.check === check)).toMatchObject({
      severity: 'unknown',
      evidence: { call, failure },
    });
    expect(report.countBySeverity.ok).toBeGreaterThan(5);
    expect(kept.reports).toHaveLength(1);
  },
);

test('a look that could not be done publishes no count of unreachable brokers', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: fails('lambda:Invoke kafka/read', 'timed-out') }));
  expect(kept.metrics.map(({ name }) => name)).not.toContain('BrokersUnreachable');
});

test('without the node list, brokers 1 to the configured count are asked of CloudWatch', async () => {
  const fetchMetrics = vi.fn<Ports['fetchMetrics']>(async () => []);
  await checkClusterHealth(light, healthPorts(outside(), { fetchNodeIds: fails('kafka:ListNodes'), fetchMetrics }));
  const ids = fetchMetrics.mock.calls[0]?.[0].map(({ brokerId }) => brokerId);
  expect(new Set(ids)).toEqual(new Set([undefined, 1, 2, 3]));
});

test('three runs without an answer are a warning that is told once', async () => {
  const kept = outside();
  for (let run = 0; run < 4; run += 1) {
    const nowMs = () => noonMs + run * minuteMs;
    await checkClusterHealth(light, healthPorts(kept, { fetchMsk: fails('kafka:DescribeClusterV2'), nowMs }));
    expect(kept.told).toHaveLength(run < 2 ? 0 : 1);
  }
  expect(kept.told[0]).toMatchObject({ severity: 'warning', keys: expect.arrayContaining(['cluster-state|cluster']) });
});

test('a run that no source answered errors after it has reported', async () => {
  const kept = outside();
  const ports = {
    fetchMsk: fails('kafka:DescribeClusterV2'),
    fetchNodeIds: fails('kafka:ListNodes'),
    fetchView: fails('lambda:Invoke kafka/read'),
    fetchMetrics: fails('cloudwatch:GetMetricData'),
  };
  const run = checkClusterHealth(light, healthPorts(kept, ports));
  await expect(run).rejects.toMatchObject({ name: 'DependencyError', message: expect.stringContaining('no source') });
  expect(kept.reports).toHaveLength(1);
  expect(kept.onBus).toHaveLength(1);
});

test('a mistake of ours is no unknown: it ends the run', async () => {
  const fetchMsk = async (): Promise<never> => {
    throw new TypeError('a mistake');
  };
  await expect(checkClusterHealth(light, healthPorts(outside(), { fetchMsk }))).rejects.toThrow(TypeError);
});

test('a state that cannot be read is told, everything is told as new, and the state is left alone', async () => {
  const kept = outside();
  const applyState = vi.fn<Ports['applyState']>();
  const ports = { fetchState: fails('s3:GetObject'), applyState, fetchView: brokerThreeDead };
  await checkClusterHealth(light, healthPorts(kept, ports));
  expect(kept.told.map(({ severity }) => severity)).toEqual(['critical', 'warning']);
  expect(kept.told[1]?.keys).toContain('run-history|mskeeper');
  expect(applyState).not.toHaveBeenCalled();
});

test('a damaged state is replaced', async () => {
  const kept = outside();
  kept.stored = { value: healthState(), etag: 'damaged' };
  await checkClusterHealth(light, healthPorts(kept, { fetchState: fails('s3:GetObject', 'bad-answer') }));
  expect(kept.stored.value.runId).toBe('run-1');
});

test('a lost race is judged once more against what the other run left, so that people are told once', async () => {
  const kept = outside();
  const other = outside();
  await checkClusterHealth(light, healthPorts(other, { fetchView: brokerThreeDead }));
  const ports = healthPorts(kept, { fetchView: brokerThreeDead });
  let reads = 0;
  const fetchState: Ports['fetchState'] = async () => {
    const before = kept.stored;
    reads += 1;
    if (reads === 1) kept.stored = other.stored;
    return before;
  };
  await checkClusterHealth(light, { ...ports, fetchState });
  expect(reads).toBe(2);
  expect(kept.told).toEqual([]);
});

test('a race that is lost again and again is said, and people are told rather than not', async () => {
  const kept = outside();
  const applyState = fails('s3:PutObject', 'conflict');
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, applyState }));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining('other runs wrote it 10 times') });
  expect(kept.told).toHaveLength(1);
});

test('eight runs that as many alarms wake at once tell people once, and none of them fails', async () => {
  const kept = outside();
  const runs = Array.from({ length: 8 }, (_, index) => {
    const ports = healthPorts(kept, { fetchView: brokerThreeDead });
    return checkClusterHealth(light, { ...ports, run: { ...ports.run, runId: `run-${index}` } });
  });
  await Promise.all(runs);
  expect(kept.told).toHaveLength(1);
  expect(kept.stored?.value.announcing).toBeUndefined();
});

test('what a topic did not take is told by the next run, also where another run wrote the state meanwhile', async () => {
  const kept = outside();
  const between = healthPorts(kept, { fetchView: brokerThreeDead });
  const reportToTopic: Ports['reportToTopic'] = async () => {
    await checkClusterHealth(light, { ...between, run: { ...between.run, runId: 'between' } });
    throw new DependencyError('sns:Publish', 'throttled', 'throttled');
  };
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, reportToTopic }));
  await expect(run).rejects.toMatchObject({ name: 'DependencyError' });
  expect(kept.told).toEqual([]);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  expect(kept.told).toMatchObject([{ severity: 'critical' }]);
});

test('what a run was about to tell when it died is told later, also where another run wrote the state at once', async () => {
  const kept = outside();
  const died = new Error('killed');
  const reportToTopic = async () => Promise.reject(died);
  const ports = healthPorts(kept, { fetchView: brokerThreeDead, reportToTopic });
  await expect(checkClusterHealth(light, ports)).rejects.toBe(died);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5_000 }));
  expect(kept.told).toEqual([]);
  await checkClusterHealth(
    light,
    healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5 * minuteMs }),
  );
  expect(kept.told).toMatchObject([{ severity: 'critical' }]);
});

test('what a topic did not take is told by the next run, and this run errors', async () => {
  const kept = outside();
  const first = healthPorts(kept, { fetchView: brokerThreeDead, reportToTopic: fails('sns:Publish', 'throttled') });
  await expect(checkClusterHealth(light, first)).rejects.toMatchObject({ name: 'DependencyError' });
  expect(kept.reports[0]?.undelivered[0]).toContain('sns:Publish');
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + minuteMs }));
  expect(kept.told).toMatchObject([{ severity: 'critical' }]);
});

test('a closing that a topic did not take is told by the next run', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  const untold = healthPorts(kept, { reportToTopic: fails('sns:Publish'), nowMs: () => noonMs + minuteMs });
  await expect(checkClusterHealth(light, untold)).rejects.toMatchObject({ name: 'DependencyError' });
  await checkClusterHealth(light, healthPorts(kept, { nowMs: () => noonMs + 2 * minuteMs }));
  expect(kept.told.at(-1)?.headline).toMatch(/^over: /);
});

test.each([
  ['the bus', { reportToBus: fails('events:PutEvents') }, 'not on the bus'],
  ['the bucket', { reportToBucket: fails('s3:PutObject') }, 'report not kept'],
  ['the state', { applyState: fails('s3:PutObject') }, 'state not kept'],
])('%s that takes nothing is an error after people were told', async (_name, ports, text) => {
  const kept = outside();
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, ...ports }));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining(text) });
  expect(kept.told).toHaveLength(1);
});

test('endpoints are asked and shown beside the cluster', async () => {
  const endpoints = [
    { name: 'registry', url: 'https://registry.example.test/subjects', kind: 'schema-registry' },
  ] as const;
  const configuration = bundledConfiguration({ endpoints });
  const fetchEndpoint = fails('GET endpoint registry', 'timed-out');
  const report = await checkClusterHealth(light, healthPorts(outside(), { configuration, fetchEndpoint }));
  expect(report.findings.find(({ check }) => check === 'endpoint')).toMatchObject({ severity: 'warning' });
});

test('one event a finding from notice up, and one for the run', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  const [report] = kept.onBus;
  const events = report === undefined ? [] : planEvents(report);
  expect(events.at(-1)).toMatchObject({
    detailType: 'mskeeper report',
    detail: { version: 1, report: { worst: 'critical' } },
  });
  expect(events[0]).toMatchObject({
    detailType: 'mskeeper finding',
    detail: { cluster: 'orders', procedure: 'cluster-health', runId: 'run-1', finding: { severity: 'critical' } },
  });
  expect(JSON.stringify(events)).not.toContain('"severity":"ok"');
});

test('the state survives its way through the redaction of what leaves', () => {
  const state = healthState({
    openByKey: { 'critical-topic|topic payment-token': { severity: 'critical', reason: 'missing', sinceMs: 5 } },
    unknownStreaks: { 'dead-letter|topic user-password.dlq': 2 },
    offsetsByTopic: {
      'auth-secret.dlq': {
        atMs: noonMs,
        topicId: 'AbCdEfGhIjKlMnOpQrStUv',
        latestByPartition: { 0: '15555550123456789' },
      },
      phone: { atMs: noonMs, latestByPartition: { 0: '5550100', 11: '12025550123' } },
    },
    announcing: { atMs: noonMs, openBefore: [['a|b'], ['c|d', { severity: 'warning', reason: 'x', sinceMs: 1 }]] },
  });
  const read = stateDocument.parse(JSON.parse(JSON.stringify(redactValue(encodeState(state)))));
  expect(decodeState(read)).toEqual(state);
});

test('a report keeps its shape and its words through the redaction of what leaves, whatever topics are called', async () => {
  const view = await brokerThreeDead();
  const named = ['payment-token', 'user-password.dlq', 'phone'].map((name) =>
    topicView(name, [partitionView(0, { inSyncReplicaIds: [1, 2] })]),
  );
  const ports = healthPorts(outside(), { fetchView: async () => ({ ...view, topics: named }) });
  const report = await checkClusterHealth(full, ports);
  expect(JSON.stringify(report.findings)).toContain('payment-token');
  expect(redactValue(report)).toEqual(report);
});

test('an event of another shape, or an alarm that nobody knows, is refused', async () => {
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  captureOutput();
  await expect(handler({ source: 'aws.s3' }, lambdaContext())).rejects.toMatchObject({ name: 'InvalidEventError' });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
