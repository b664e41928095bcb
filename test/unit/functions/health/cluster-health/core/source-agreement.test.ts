import { describe, expect, test } from 'vitest';
import { compareSources } from '../../../../../../functions/health/cluster-health/core/source-agreement.ts';
import {
  brokerView,
  clusterView,
  factsOf,
  failed,
  healthObservation,
  healthState,
  known,
  metricSeries,
  minuteMs,
  mskObservation,
  noonMs,
  notAsked,
  offlinePartition,
  problem,
  silentBroker,
  topicView,
} from '../../../../../support/health/builders.ts';

const oneSilent = clusterView({ brokers: [brokerView(1), brokerView(2), silentBroker(3)] });
const twoSilent = clusterView({ brokers: [brokerView(1)], absentBrokerIds: [2, 3] });
const oneOffline = clusterView({ topics: [topicView('orders'), topicView('single', [offlinePartition(0)])] });
const allRefusing = clusterView({ brokers: [1, 2, 3].map((id) => silentBroker(id, problem('denied'))), witnesses: [] });
const metrics = (values: Readonly<Record<string, number>>) => known(metricSeries(values));
const compare = (more = {}) => compareSources(factsOf(healthObservation(more)));
const find = (subject: string, more = {}) => compare(more).findings.find((one) => one.subject === subject);
const mskAndBrokers = 'MSK and brokers';
const metricsAndBrokers = 'CloudWatch and brokers';
const eachOther = 'brokers and each other';

test('sources that tell the same agree, and say so', () => {
  expect(compare()).toEqual({
    findings: [
      {
        check: 'source-agreement',
        subject: mskAndBrokers,
        severity: 'ok',
        reason: 'agree',
        message: 'MSK and brokers agree.',
        sources: ['msk', 'brokers'],
        evidence: {},
      },
      {
        check: 'source-agreement',
        subject: metricsAndBrokers,
        severity: 'ok',
        reason: 'agree',
        message: 'CloudWatch and brokers agree.',
        sources: ['cloudwatch', 'brokers'],
        evidence: {},
      },
      {
        check: 'source-agreement',
        subject: eachOther,
        severity: 'ok',
        reason: 'agree',
        message: 'brokers and each other agree.',
        sources: ['brokers'],
        evidence: {},
      },
    ],
    notJudged: [],
  });
});

describe('MSK and the brokers', () => {
  test.each([
    [oneSilent, '1 broker silent: 3', '3'],
    [twoSilent, '2 brokers silent: 2, 3', '2, 3'],
  ])(
    'an ACTIVE cluster with a silent broker is a contradiction, with both sides of it',
    (view, words, silentBrokers) => {
      expect(find(mskAndBrokers, { view: known(view) })).toEqual({
        check: 'source-agreement',
        subject: mskAndBrokers,
        severity: 'notice',
        reason: 'active-but-silent',
        message: expect.stringContaining(`MSK calls the cluster ACTIVE, but ${words}.`),
        sources: ['msk', 'brokers'],
        evidence: { state: 'ACTIVE', silentBrokers },
      });
    },
  );

  test('a cluster that MSK itself calls unwell is none', () => {
    const more = { view: known(oneSilent), msk: known(mskObservation({ state: 'HEALING' })) };
    expect(find(mskAndBrokers, more)).toMatchObject({ severity: 'ok' });
  });

  test.each([
    [9, 'notice'],
    [10, 'warning'],
  ])('a contradiction that lasts for %i min is a %s', (minutes, severity) => {
    const since = { severity: 'notice', reason: 'active-but-silent', sinceMs: noonMs - minutes * minuteMs } as const;
    const previous = known(healthState({ openByKey: { [`source-agreement|${mskAndBrokers}`]: since } }));
    expect(find(mskAndBrokers, { view: known(oneSilent), previous })).toMatchObject({ severity });
  });
});

describe('CloudWatch and the brokers', () => {
  test('metrics without a fault beside a silent broker are not believed', () => {
    expect(find(metricsAndBrokers, { view: known(oneSilent) })).toMatchObject({
      severity: 'notice',
      reason: 'metrics-healthy-but-silent',
      message: expect.stringContaining('1 broker silent: 3. The brokers'),
      sources: ['cloudwatch', 'brokers'],
      evidence: { offlinePartitionsCount: 0, underReplicatedPartitions: 0, silentBrokers: '3' },
    });
  });

  test.each([
    ['offline partitions', { OfflinePartitionsCount: 1 }],
    ['copies out of sync', { UnderReplicatedPartitions: 1 }],
  ])('metrics that show %s agree with a silent broker', (_name, values) => {
    const more = { view: known(oneSilent), metrics: metrics(values) };
    expect(find(metricsAndBrokers, more)?.reason).not.toBe('metrics-healthy-but-silent');
  });

  test('one metric is enough to contradict a silent broker, and only what was told is evidence', () => {
    const offline = metricSeries().filter(({ metric }) => metric === 'OfflinePartitionsCount');
    const under = metricSeries().filter(({ metric }) => metric === 'UnderReplicatedPartitions');
    const evidenceOf = (series: typeof offline) =>
      find(metricsAndBrokers, { view: known(oneSilent), metrics: known(series) })?.evidence;
    expect(evidenceOf(offline)).toEqual({ offlinePartitionsCount: 0, silentBrokers: '3' });
    expect(evidenceOf(under)).toEqual({ underReplicatedPartitions: 0, silentBrokers: '3' });
  });

  test('offline partitions that only CloudWatch counts', () => {
    expect(find(metricsAndBrokers, { metrics: metrics({ OfflinePartitionsCount: 2 }) })).toMatchObject({
      severity: 'notice',
      reason: 'metrics-worse-than-brokers',
      message: expect.stringContaining('CloudWatch counts 2 offline partitions, the brokers none.'),
      evidence: { offlinePartitionsCount: 2, underReplicatedPartitions: 0, offlineCount: 0 },
    });
  });

  test('offline partitions that only the brokers show', () => {
    expect(find(metricsAndBrokers, { view: known(oneOffline) })).toMatchObject({
      severity: 'notice',
      reason: 'brokers-worse-than-metrics',
      message: expect.stringContaining('The brokers show 1 offline partition, CloudWatch none.'),
      evidence: { offlinePartitionsCount: 0, underReplicatedPartitions: 0, offlineCount: 1 },
    });
  });

  test('offline partitions that both count agree, whatever the number; of nothing nobody can agree', () => {
    const both = { view: known(oneOffline), metrics: metrics({ OfflinePartitionsCount: 2 }) };
    expect(find(metricsAndBrokers, both)).toMatchObject({ severity: 'ok' });
    const under = metricSeries().filter(({ metric }) => metric === 'UnderReplicatedPartitions');
    const oneSided = { view: known(oneOffline), metrics: known(under) };
    expect(find(metricsAndBrokers, oneSided)).toBeUndefined();
    expect(compare(oneSided).notJudged).toEqual([
      { check: 'source-agreement', reason: 'brokers and CloudWatch did not both tell of offline partitions' },
    ]);
  });
});

test.each([
  ['the brokers were not looked at', { view: notAsked }, []],
  ['the MSK API did not answer', { msk: failed('kafka:DescribeClusterV2') }, [metricsAndBrokers, eachOther]],
  ['CloudWatch has no fresh partition metric to compare with', { metrics: known([]) }, [mskAndBrokers, eachOther]],
])('what cannot be compared is left out, and said so: %s', (reason, more, subjects) => {
  const { findings, notJudged } = compare(more);
  expect(notJudged).toEqual([{ check: 'source-agreement', reason }]);
  expect(findings.map(({ subject }) => subject)).toEqual(subjects);
});

test.each([
  ['every broker refused mskeeper', { view: known(allRefusing) }],
  ['nobody is there', { view: known(clusterView({ brokers: [], topics: [] })), nodes: known([]) }],
])('nobody agrees with brokers that were not heard: %s', (_name, more) => {
  expect(compare(more).findings.filter(({ severity }) => severity === 'ok')).toEqual([]);
});

test('an offline partition that may be hidden from mskeeper is no agreement on none', () => {
  const more = { metrics: metrics({ GlobalTopicCount: 5 }) };
  expect(find(metricsAndBrokers, more)).toBeUndefined();
  expect(compare(more).notJudged).toEqual([
    { check: 'source-agreement', reason: "the brokers' list of topics may not be whole (not-all-listed)" },
  ]);
});
