import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Alarm, alarmLogicalId, alarmResource } from '../../../infra/alarm.ts';
import { alarmsNotMade, alarmsOf } from '../../../infra/alarms.ts';
import { silenceOf } from '../../../infra/schedule-silence.ts';
import type { ClusterConfiguration } from '../../../shared/config-types.ts';
import { evaluateAvailability, isMetricName } from '../../../shared/metric-catalogue.ts';
import { dimensionNames } from '../../../shared/metric-vocabulary.ts';
import { contextWith } from './stack-under-test.ts';

const presets = ['msk-operations', 'daily-procedures', 'message-broker', 'performance-tuning'] as const;

/** Clusters that differ in what they emit. Topics and groups are named letter by letter, so that every rule has work. */
const named = {
  topics: {
    critical: [{ name: 'orders', replicationFactor: 3 }],
    watch: ['*'],
    ignore: [],
    deadLetter: [],
    flowing: [{ name: 'orders', minMessagesPerMinute: 600 }],
  },
  groups: { watch: ['billing'], ignore: [] },
} as const;
const clusters: Readonly<Record<string, Partial<ClusterConfiguration>>> = {
  'standard, default level': named,
  'standard, ZooKeeper, per broker': { ...named, metadataMode: 'zookeeper', monitoringLevel: 'PER_BROKER' },
  'standard, per topic': { ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' },
  express: { ...named, brokerKind: 'express', monitoringLevel: 'PER_TOPIC_PER_BROKER' },
  serverless: { ...named, brokerKind: 'serverless', brokerCount: 0 },
  'twelve brokers': { ...named, brokerCount: 12 },
};
const cases = Object.entries(clusters).flatMap(([kind, cluster]) =>
  presets.map((preset) => ({ kind, preset, context: contextWith(cluster, preset) })),
);

const metricsOf = ({ signal }: Alarm) =>
  signal.kind === 'metric' ? [signal.metric] : signal.kind === 'math' ? Object.values(signal.metricById) : [];
const mskMetricsOf = (alarm: Alarm) => metricsOf(alarm).filter(({ namespace }) => namespace === 'AWS/Kafka');

describe.each(cases)('$kind by $preset', ({ context }) => {
  const alarms = alarmsOf(context);

  test('each MSK metric is one that this cluster emits under just these dimensions, by its right statistic', () => {
    for (const { name, dimensions, statistic } of alarms.flatMap(mskMetricsOf)) {
      if (!isMetricName(name)) throw new Error(`${name} is not in the catalogue`);
      const present = dimensionNames.filter((dimension) => dimension in dimensions);
      const availability = evaluateAvailability(name, present, context.cluster);
      expect(availability).toMatchObject({ kind: 'emitted', emission: { statistic } });
      expect(dimensions['Cluster Name']).toBe('orders-live');
    }
  });

  test('no two alarms share a name or a logical id', () => {
    const names = alarms.map((alarm) => String(alarmResource(context, alarm).Properties.AlarmName));
    expect(new Set(names).size).toBe(alarms.length);
    expect(new Set(alarms.map(alarmLogicalId)).size).toBe(alarms.length);
    expect(names.filter((name) => name.length > 255)).toEqual([]);
  });

  test('each tells its own topic when it opens and nobody when it finds data, names severity and runbook section, and says what silence means', () => {
    for (const alarm of alarms) {
      const { Properties } = alarmResource(context, alarm);
      const topic = {
        Ref: { warning: 'WarningTopic', critical: 'CriticalTopic', emergency: 'EmergencyTopic' }[alarm.severity],
      };
      const priority = { warning: 'P2', critical: 'P1', emergency: 'P0' }[alarm.severity];
      expect(Properties.AlarmActions).toEqual([topic]);
      expect(Properties).not.toHaveProperty('OKActions');
      expect(Properties.AlarmDescription).toMatch(
        new RegExp(`^${priority} ${alarm.severity}, orders: .+ Runbook: docs/runbook\\.md#[a-z-]+\\. No data: .+\\.$`),
      );
      expect(String(Properties.AlarmDescription).length).toBeLessThanOrEqual(1024);
    }
  });

  test('CloudWatch accepts its periods and the number of its metrics', () => {
    for (const alarm of alarms) {
      const longestSeconds = alarm.periodSeconds < 3600 ? 86_400 : 604_800;
      expect(alarm.periodSeconds * alarm.evaluationPeriods).toBeLessThanOrEqual(longestSeconds);
      expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
    }
  });
});

test('every runbook section that an alarm names is a heading of docs/runbook.md', () => {
  const text = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  const named = new Set(cases.flatMap(({ context }) => alarmsOf(context).map(({ section }) => section)));
  expect([...named].filter((section) => !anchors.includes(section))).toEqual([]);
});

const slugsOf = (cluster: Partial<ClusterConfiguration>, preset?: string) =>
  new Set(alarmsOf(contextWith(cluster, preset)).map(({ slug }) => slug));
const find = (cluster: Partial<ClusterConfiguration>, slug: string, preset?: string) =>
  alarmsOf(contextWith(cluster, preset)).filter((alarm) => alarm.slug === slug);

test('every broker up to the configured count has each broker alarm, and none beyond', () => {
  const brokers = find({ brokerCount: 5 }, 'disk-used').filter(({ severity }) => severity === 'critical');
  expect(brokers.map(({ subject }) => subject)).toEqual(['broker-1', 'broker-2', 'broker-3', 'broker-4', 'broker-5']);
  const ids = brokers.flatMap(metricsOf).map(({ dimensions }) => dimensions['Broker ID']);
  expect(ids).toEqual(['1', '2', '3', '4', '5']);
});

describe.each([
  ['msk-operations', 'warning', 80, 10],
  ['msk-operations', 'critical', 85, 15],
  ['daily-procedures', 'critical', 90, 15],
  ['message-broker', 'critical', 90, 15],
  ['performance-tuning', 'emergency', 95, 1],
] as const)('%s', (preset, severity, percent, minutes) => {
  test(`disk ${severity} at ${percent} % for ${minutes} min`, () => {
    const [alarm] = find({}, 'disk-used', preset).filter((one) => one.severity === severity);
    expect(alarm).toMatchObject({ threshold: percent, periodSeconds: 60, evaluationPeriods: minutes });
  });
});

test.each([
  ['disk-used', ['KafkaDataLogsDiskUsed']],
  ['cpu-used', ['CpuUser', 'CpuSystem']],
  ['memory-used', ['MemoryUsed', 'MemoryFree', 'MemoryBuffered', 'MemoryCached']],
  ['heap-after-gc', ['HeapMemoryAfterGC']],
  ['under-replicated', ['UnderReplicatedPartitions']],
  ['under-min-isr', ['UnderMinIsrPartitionCount']],
  ['slow-producers', ['ProduceTotalTimeMsMean']],
  ['network-shaped', ['TrafficShaping']],
  ['request-handlers-busy', ['RequestHandlerAvgIdlePercent']],
  ['offline-partitions', ['OfflinePartitionsCount']],
  ['no-controller', ['ActiveControllerCount']],
  ['brokers-unreachable', ['BrokersUnreachable']],
] as const)('%s reads %j', (slug, names) => {
  const [alarm] = find({ monitoringLevel: 'PER_BROKER' }, slug);
  expect(alarm && metricsOf(alarm).map(({ name }) => name)).toEqual(names);
});

test('CPU is user and system added, by metric math', () => {
  const [alarm] = find({}, 'cpu-used');
  expect(alarm?.signal).toMatchObject({
    expression: 'm1 + m2',
    metricById: { m1: { name: 'CpuUser', statistic: 'Average' }, m2: { name: 'CpuSystem', statistic: 'Average' } },
  });
});

test('memory is a share of bytes, since MemoryUsed is no percentage', () => {
  const [alarm] = find({}, 'memory-used');
  expect(alarm?.signal).toMatchObject({ expression: '100 * m1 / (m1 + m2 + m3 + m4)' });
});

test('Express has no alarm on what only Standard brokers emit, and says so', () => {
  const express = contextWith({ brokerKind: 'express' });
  const standardOnly = [
    'disk-used',
    'heap-after-gc',
    'under-replicated',
    'under-min-isr',
    'offline-partitions',
    'network-shaped',
  ];
  expect(standardOnly.filter((slug) => slugsOf({}).has(slug))).toEqual(standardOnly);
  expect(standardOnly.filter((slug) => slugsOf({ brokerKind: 'express' }).has(slug))).toEqual([]);
  expect(alarmsNotMade(express).map(({ what }) => what)).toEqual(expect.arrayContaining(standardOnly));
});

test('Serverless has no alarm on brokers', () => {
  const about = alarmsOf(contextWith({ brokerKind: 'serverless', brokerCount: 0 })).filter(
    ({ owner }) => owner !== 'self',
  );
  expect(about).toEqual([]);
});

test('a missing controller is an emergency with ZooKeeper, where silence counts, and only wakes a look on KRaft', () => {
  expect(find({ metadataMode: 'zookeeper' }, 'no-controller')).toMatchObject([
    { severity: 'emergency', comparison: 'LessThanThreshold', threshold: 1, missing: { treatment: 'breaching' } },
  ]);
  expect(find({ metadataMode: 'kraft' }, 'no-controller')).toMatchObject([
    { severity: 'warning', missing: { treatment: 'notBreaching' } },
  ]);
});

test('unreachable brokers alarm at the first verdict of the light check, and stay until the next one', () => {
  expect(find({}, 'brokers-unreachable')).toMatchObject([
    { severity: 'critical', threshold: 0, evaluationPeriods: 1, missing: { treatment: 'ignore' } },
    { severity: 'emergency', threshold: 2, evaluationPeriods: 1 },
  ]);
});

test('request handlers alarm on a fraction made a percentage, and only where the monitoring level has it', () => {
  expect(find({}, 'request-handlers-busy')).toEqual([]);
  const [alarm] = find({ monitoringLevel: 'PER_BROKER' }, 'request-handlers-busy');
  expect(alarm).toMatchObject({ signal: { expression: '100 * m1' }, comparison: 'LessThanThreshold', threshold: 30 });
});

test('a lag in seconds is one of MSK’s seconds: five minutes are 300', () => {
  const alarms = find(named, 'lag-seconds').filter(({ severity }) => severity === 'critical');
  expect(alarms).toMatchObject([
    { threshold: 300, signal: { metric: { name: 'EstimatedMaxTimeLag', statistic: 'Maximum' } } },
  ]);
  expect(find({ ...named, brokerKind: 'serverless', brokerCount: 0 }, 'lag-seconds')[0]).toMatchObject({
    signal: { metric: { name: 'MaxEstimatedTimeLag' } },
  });
});

test('a group that is ignored has no lag alarm, although it is named', () => {
  const groups = { watch: ['billing', 'audit'], ignore: ['aud*'] };
  const subjects = find({ ...named, groups }, 'lag-seconds').map(({ subject }) => subject);
  expect([...new Set(subjects)].filter((subject) => subject?.startsWith('audit'))).toEqual([]);
  expect(subjects.some((subject) => subject?.startsWith('billing'))).toBe(true);
});

test('a lag whose group is named by a pattern has no alarm, and that is told', () => {
  expect(find({ ...named, groups: { watch: ['billing-*'], ignore: [] } }, 'lag-seconds')).toEqual([]);
  expect(alarmsNotMade(contextWith()).map(({ what }) => what)).toContain('lag');
});

test('a group that MSK is silent about has no alarm, and that is told', () => {
  const context = contextWith({ ...named, groups: { watch: ['billing:v2'], ignore: [] } });
  expect(alarmsOf(context).filter(({ slug }) => slug.startsWith('lag'))).toEqual([]);
  expect(alarmsNotMade(context).map(({ what }) => what)).toContain('lag of group billing:v2');
});

test('a topic that must flow alarms below its own rate, and when nothing is known of it', () => {
  const [alarm] = find({ ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' }, 'not-flowing');
  expect(alarm).toMatchObject({ threshold: 10, comparison: 'LessThanThreshold', missing: { treatment: 'breaching' } });
});

test('the throughput of more brokers than one alarm can add up is asked for by query', () => {
  const few = find({ brokerCount: 10 }, 'high-throughput', 'message-broker');
  const many = find({ brokerCount: 11 }, 'high-throughput', 'message-broker');
  expect(few[0]?.signal.kind).toBe('math');
  expect(many[0]?.signal).toMatchObject({
    kind: 'query',
    query: expect.stringContaining('"Cluster Name" = \'orders-live\''),
  });
});

describe('the watch over mskeeper itself', () => {
  const self = alarmsOf(contextWith()).filter(({ owner }) => owner === 'self');
  const of = (slug: string) => self.filter((alarm) => alarm.slug === slug);

  test('errors, throttles and time of every function', () => {
    for (const slug of ['errors', 'throttles', 'near-timeout']) {
      expect(of(slug).map(({ subject }) => subject)).toEqual(['cluster-health', 'kafka-read']);
    }
    expect(of('near-timeout').map(({ threshold }) => threshold)).toEqual([96_000, 48_000]);
  });

  test('every failure queue that is not empty', () => {
    expect(of('queue-not-empty')).toHaveLength(3);
  });

  test('every schedule’s heartbeat, whose absence is the alarm, as zeros that count at once', () => {
    expect(of('heartbeat')).toMatchObject([
      {
        subject: 'cluster-health-light',
        severity: 'critical',
        missing: { treatment: 'breaching' },
        signal: {
          expression: 'FILL(m1, 0)',
          metricById: {
            m1: { name: 'RunCompleted', dimensions: { Cluster: 'orders', Procedure: 'cluster-health' } },
          },
        },
        sentence: expect.stringContaining('for 15 min'),
      },
      {
        subject: 'cluster-health-full',
        missing: { treatment: 'breaching' },
        signal: { metricById: { m1: { name: 'FullRunCompleted' } } },
      },
    ]);
  });

  test.each([
    ['rate(1 minute)', 300, 3],
    ['rate(5 minutes)', 300, 3],
    ['rate(15 minutes)', 900, 3],
    ['cron(0/10 * * * ? *)', 600, 3],
    ['cron(30 * * * ? *)', 3600, 3],
    ['rate(6 hours)', 3600, 9],
    // The day when clocks go back has 25 hours.
    ['cron(0 9 * * ? *)', 3600, 27],
    ['cron(0 8,13,18 * * ? *)', 3600, 27],
  ])('the heartbeat follows its schedule: %s', (schedule, periodSeconds, evaluationPeriods) => {
    expect(silenceOf(schedule)).toEqual({ periodSeconds, evaluationPeriods });
  });

  test.each(['cron(0 9 ? * MON *)', 'cron(0 9 1 * ? *)', 'cron(0 9 * 1 ? *)', 'rate(30 days)'])(
    'a schedule that no alarm can follow, %s, is told when packaging',
    (schedule) => {
      const context = contextWith();
      const schedules = { ...context.configuration.schedules, 'cluster-health-full': schedule };
      const rare = { ...context, configuration: { ...context.configuration, schedules } };
      const subjects = alarmsOf(rare)
        .filter(({ slug }) => slug === 'heartbeat')
        .map(({ subject }) => subject);
      expect(subjects).toEqual(['cluster-health-light']);
      expect(alarmsNotMade(rare)).toContainEqual(expect.objectContaining({ what: 'heartbeat of cluster-health-full' }));
    },
  );
});

/**
 * What each alarm reads, how many of the last periods must breach, and what silence means. The rows were written down from
 * the alarms as they are: they show a change, and do not prove that a value is the runbook's. Thresholds are the presets'
 * tests' matter.
 */
type AlarmRow = readonly [alarm: string, metrics: string, window: string, comparison: string, silence: string];
const ofEveryBrokerKind: readonly AlarmRow[] = [
  ['brokers-unreachable-critical', 'BrokersUnreachable Maximum', '1 of 1 × 60 s', 'GreaterThanThreshold', 'ignore'],
  ['brokers-unreachable-emergency', 'BrokersUnreachable Maximum', '1 of 1 × 60 s', 'GreaterThanThreshold', 'ignore'],
  ['no-controller-warning', 'ActiveControllerCount Maximum', '5 of 5 × 60 s', 'LessThanThreshold', 'notBreaching'],
  ['cpu-used-warning', 'CpuUser Average + CpuSystem Average', '5 of 5 × 60 s', 'GreaterThanThreshold', 'missing'],
  ['cpu-used-critical', 'CpuUser Average + CpuSystem Average', '5 of 5 × 60 s', 'GreaterThanThreshold', 'missing'],
  [
    'memory-used-warning',
    'MemoryUsed Average + MemoryFree Average + MemoryBuffered Average + MemoryCached Average',
    '5 of 5 × 60 s',
    'GreaterThanThreshold',
    'missing',
  ],
  [
    'memory-used-critical',
    'MemoryUsed Average + MemoryFree Average + MemoryBuffered Average + MemoryCached Average',
    '5 of 5 × 60 s',
    'GreaterThanThreshold',
    'missing',
  ],
  ['slow-producers-warning', 'ProduceTotalTimeMsMean Average', '10 of 10 × 60 s', 'GreaterThanThreshold', 'missing'],
  [
    'request-handlers-busy-warning',
    'RequestHandlerAvgIdlePercent Average',
    '5 of 5 × 60 s',
    'LessThanThreshold',
    'missing',
  ],
  ['not-flowing-warning', 'MessagesInPerSec Average', '10 of 10 × 60 s', 'LessThanThreshold', 'breaching'],
  ['lag-seconds-warning', 'EstimatedMaxTimeLag Maximum', '5 of 5 × 60 s', 'GreaterThanThreshold', 'missing'],
  ['lag-seconds-critical', 'EstimatedMaxTimeLag Maximum', '5 of 5 × 60 s', 'GreaterThanThreshold', 'missing'],
  ['errors-warning', 'Errors Sum', '2 of 3 × 300 s', 'GreaterThanOrEqualToThreshold', 'notBreaching'],
  ['throttles-warning', 'Throttles Sum', '2 of 3 × 300 s', 'GreaterThanOrEqualToThreshold', 'notBreaching'],
  ['near-timeout-warning', 'Duration Maximum', '2 of 3 × 300 s', 'GreaterThanThreshold', 'notBreaching'],
  [
    'queue-not-empty-warning',
    'ApproximateNumberOfMessagesVisible Maximum',
    '1 of 1 × 300 s',
    'GreaterThanOrEqualToThreshold',
    'notBreaching',
  ],
  ['heartbeat-critical', 'RunCompleted Sum', '3 of 3 × 300 s', 'LessThanThreshold', 'breaching'],
  ['heartbeat-warning', 'FullRunCompleted Sum', '27 of 27 × 3600 s', 'LessThanThreshold', 'breaching'],
];
const ofStandardBrokers: readonly AlarmRow[] = [
  [
    'offline-partitions-emergency',
    'OfflinePartitionsCount Maximum',
    '1 of 1 × 60 s',
    'GreaterThanThreshold',
    'missing',
  ],
  ['disk-used-warning', 'KafkaDataLogsDiskUsed Maximum', '10 of 10 × 60 s', 'GreaterThanThreshold', 'ignore'],
  ['disk-used-critical', 'KafkaDataLogsDiskUsed Maximum', '15 of 15 × 60 s', 'GreaterThanThreshold', 'ignore'],
  ['heap-after-gc-warning', 'HeapMemoryAfterGC Maximum', '15 of 15 × 60 s', 'GreaterThanThreshold', 'missing'],
  [
    'under-replicated-critical',
    'UnderReplicatedPartitions Maximum',
    '5 of 5 × 60 s',
    'GreaterThanThreshold',
    'missing',
  ],
  ['under-min-isr-critical', 'UnderMinIsrPartitionCount Maximum', '1 of 1 × 60 s', 'GreaterThanThreshold', 'missing'],
  ['network-shaped-warning', 'TrafficShaping Sum', '5 of 5 × 60 s', 'GreaterThanThreshold', 'missing'],
];

const rowOf = (alarm: Alarm): AlarmRow => [
  `${alarm.slug}-${alarm.severity}`,
  [...new Set(metricsOf(alarm).map(({ name, statistic }) => `${name} ${statistic}`))].join(' + '),
  `${alarm.datapointsToAlarm ?? alarm.evaluationPeriods} of ${alarm.evaluationPeriods} × ${alarm.periodSeconds} s`,
  alarm.comparison,
  alarm.missing.treatment,
];

test.each([
  ['standard', [...ofEveryBrokerKind, ...ofStandardBrokers]],
  ['express', ofEveryBrokerKind],
] as const)(
  'on %s brokers each alarm has its metrics, statistics, window, comparison and meaning of silence',
  (brokerKind, rows) => {
    const alarms = alarmsOf(contextWith({ ...named, brokerKind, monitoringLevel: 'PER_TOPIC_PER_BROKER' }));
    const shown = new Set(alarms.map((alarm) => JSON.stringify(rowOf(alarm))));
    expect([...shown].toSorted()).toEqual(rows.map((row) => JSON.stringify(row)).toSorted());
  },
);
