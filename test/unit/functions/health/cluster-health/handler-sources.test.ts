import { describe, expect, test, vi } from 'vitest';
import type { HealthReport } from '../../../../../functions/health/cluster-health/core/report.ts';
import type { Ports } from '../../../../../functions/health/cluster-health/ports.ts';
import { brokerIdsFromOne } from '../../../../../shared/core/broker-ids.ts';
import type { ClusterView, LookRequest } from '../../../../../shared/core/cluster-view.ts';
import {
  blindView,
  fullView,
  minuteMs,
  noonMs,
  partitionView,
  problem,
  series,
  topicView,
} from '../../../../support/health/builders.ts';
import { newsOf } from '../../../../support/health/bus.ts';
import {
  bundledConfiguration,
  checkClusterHealth,
  clusterConfiguration,
  healthPorts,
  outside,
} from '../../../../support/health/health-ports.ts';
import { brokerThreeDead, fails, full, light, wake } from './handler-under-test.ts';

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
    members: 'none',
    topicNames: ['orders'],
    expectedBrokerIds: [1, 2, 3],
    answerTimeoutMs: 5000,
  });
  expect(fetchAlarms).toHaveBeenCalledTimes(scope === 'full' ? 1 : 0);
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

describe('looks after the first', () => {
  const looksOf = async (
    answers: readonly (() => Promise<ClusterView>)[],
    remainingMs = () => 110_000,
  ): Promise<{ readonly report: HealthReport; readonly steps: readonly string[] }> => {
    const steps: string[] = [];
    const fetchView: Ports['fetchView'] = async ({ answerTimeoutMs }) => {
      const answer = answers[Math.min(steps.filter((step) => step.startsWith('look')).length, answers.length - 1)];
      steps.push(`look ${answerTimeoutMs} ms`);
      return answer === undefined ? fullView() : answer();
    };
    const wait: Ports['wait'] = async (ms) => {
      steps.push(`wait ${ms} ms`);
    };
    const report = await checkClusterHealth(light, healthPorts(outside(), { fetchView, wait, remainingMs }));
    return { report, steps };
  };
  const well = async () => fullView();
  const empty = async () => fullView({ brokers: [], topics: [], witnesses: [], absentBrokerIds: [1, 2, 3] });
  const broker3 = ({ findings }: HealthReport) => findings.find(({ subject }) => subject === 'broker 3');

  test('F2 come after a pause, since two that follow each other at once see the same moment', async () => {
    const { report, steps } = await looksOf([brokerThreeDead, well]);
    expect(steps).toEqual(['look 5000 ms', 'wait 1000 ms', 'look 10000 ms']);
    expect(broker3(report)).toMatchObject({ reason: 'answers-second-time' });
  });

  test('are two where the second did not find all, and three silences are told as three', async () => {
    const { report, steps } = await looksOf([brokerThreeDead]);
    expect(steps).toEqual(['look 5000 ms', 'wait 1000 ms', 'look 10000 ms', 'wait 3000 ms', 'look 10000 ms']);
    expect(broker3(report)).toMatchObject({ severity: 'critical', reason: 'not-in-cluster' });
    expect(broker3(report)?.message).toContain('Broker 3 is not in the cluster in 3 looks');
  });

  test('find a broker that begins late by the third', async () => {
    const { report } = await looksOf([brokerThreeDead, brokerThreeDead, well]);
    expect(broker3(report)).toMatchObject({ severity: 'notice', reason: 'answers-second-time' });
    expect(report.brokersUnreachable).toBe(0);
  });

  test('are tried anew where the second could not be done, and the third is proof', async () => {
    const lost = fails('lambda:Invoke kafka/read', 'timed-out');
    const { report } = await looksOf([brokerThreeDead, lost, brokerThreeDead]);
    expect(broker3(report)?.message).toContain('in 2 looks');
  });

  test('leave out the third where no time is left to tell', async () => {
    const { report, steps } = await looksOf([brokerThreeDead], () => 40_000);
    expect(steps.filter((step) => step.startsWith('look'))).toHaveLength(2);
    expect(broker3(report)?.message).toContain('in 2 looks');
  });

  test('F2 follow an answer that lists no broker: it describes nothing', async () => {
    const { report, steps } = await looksOf([empty, well]);
    expect(steps).toHaveLength(3);
    expect(report).toMatchObject({ worst: 'ok', brokersUnreachable: 0 });
  });

  test('are none where everybody answers', async () => {
    expect((await looksOf([well])).steps).toEqual(['look 5000 ms']);
  });
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
    { subject: 'topic a.dlq', reason: 'growing', evidence: { offsets: 2 } },
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
    const ports = healthPorts(kept, { fetchMsk: fails('kafka:DescribeClusterV2'), nowMs });
    await checkClusterHealth(light, { ...ports, run: { ...ports.run, runId: `run-${run}` } });
    const opened = newsOf(kept.onBus).filter((news) => news === 'opened warning cluster-state|cluster');
    expect(opened).toHaveLength(run < 2 ? 0 : 1);
  }
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
  expect(kept.onBus.map(({ detailType }) => detailType)).toEqual(['mskeeper report']);
});

test('a mistake of ours is no unknown: it ends the run', async () => {
  const fetchMsk = async (): Promise<never> => {
    throw new TypeError('a mistake');
  };
  await expect(checkClusterHealth(light, healthPorts(outside(), { fetchMsk }))).rejects.toThrow(TypeError);
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

test.each([
  [10, 0],
  [11, 11],
])(
  'the look that judges the half hour asks what %i brokers take only where no alarm adds it up',
  async (brokerCount, asked) => {
    const bundled = bundledConfiguration({ brokerCount, brokerIds: brokerIdsFromOne(brokerCount) });
    const { configuration } = bundled;
    const limits = { messagesInPerSecond: { warning: 10_000, warningForMinutes: 15 } };
    const withLimit = { ...configuration, policy: { ...configuration.policy, limits } };
    const brokersAsked: (readonly number[])[] = [];
    const ports = healthPorts(outside(), {
      configuration: { ...bundled, configuration: withLimit },
      fetchNodeIds: async () => brokerIdsFromOne(brokerCount),
      fetchMetrics: async (requests) => {
        brokersAsked.push(
          requests.flatMap(({ metric, brokerId = 0 }) => (metric === 'MessagesInPerSec' ? [brokerId] : [])),
        );
        return requests.map((request) => series(request, 1_000));
      },
    });
    const report = await checkClusterHealth(light, ports);
    expect(brokersAsked).toEqual([brokerIdsFromOne(asked)]);
    expect(report.findings.filter(({ check }) => check === 'high-throughput').map(({ severity }) => severity)).toEqual(
      asked === 0 ? [] : ['warning'],
    );
  },
);
