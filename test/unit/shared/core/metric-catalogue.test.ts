import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../../shared/core/errors.ts';
import {
  type ClusterTraits,
  evaluateAvailability,
  isMetricName,
  planMetricQuery,
  requireMetricName,
} from '../../../../shared/core/metric-catalogue.ts';
import {
  type MetricDescription,
  type MetricName,
  metricCorrections,
  metricTable,
} from '../../../../shared/core/metric-table.ts';
import { type DimensionName, dimensionNames, monitoringLevels } from '../../../../shared/core/metric-vocabulary.ts';

const standard: ClusterTraits = { brokerKind: 'standard', metadataMode: 'kraft', monitoringLevel: 'DEFAULT' };
const express: ClusterTraits = { ...standard, brokerKind: 'express' };
const names = Object.keys(metricTable).filter(isMetricName);

describe('statistics and units that runbooks get wrong', () => {
  test.each([
    ['ActiveControllerCount', 'Maximum', 'count'],
    ['OfflinePartitionsCount', 'Maximum', 'count'],
    ['GlobalPartitionCount', 'Maximum', 'count'],
    ['GlobalTopicCount', 'Maximum', 'count'],
  ] as const)('%s is read by its %s over the cluster', (name, statistic, meaning) => {
    expect(planMetricQuery(name, { 'Cluster Name': 'orders' }, standard)).toMatchObject({ statistic, meaning });
  });

  test('lag in time is in seconds', () => {
    const dimensions = { 'Cluster Name': 'orders', 'Consumer Group': 'billing', Topic: 'orders' };
    expect(planMetricQuery('EstimatedMaxTimeLag', dimensions, standard)).toMatchObject({
      statistic: 'Maximum',
      meaning: 'seconds',
    });
  });

  test('used memory is in bytes, heap after collection in percent, idle handlers a fraction', () => {
    expect(metricTable.MemoryUsed.meaning).toBe('bytes');
    expect(metricTable.HeapMemoryAfterGC.meaning).toBe('percent');
    expect(metricTable.RequestHandlerAvgIdlePercent.meaning).toBe('fraction');
  });

  test('connections come several times a minute and are summed', () => {
    const dimensions = { 'Cluster Name': 'orders', 'Broker ID': '1', 'Client Authentication': 'IAM' };
    expect(planMetricQuery('ClientConnectionCount', dimensions, standard).statistic).toBe('Sum');
  });

  test.each(Object.keys(metricCorrections))('%s does not exist, and the refusal says what to read instead', (name) => {
    expect(() => requireMetricName(name)).toThrow(ConfigError);
    expect(() => requireMetricName(name)).toThrow(metricCorrections[name] ?? 'missing');
  });

  test('a name that nobody knows is refused, also one that every object has', () => {
    expect(() => requireMetricName('NoSuchMetric')).toThrow('MSK publishes no metric NoSuchMetric');
    expect(() => requireMetricName('constructor')).toThrow(ConfigError);
  });
});

describe('refusals', () => {
  const broker = { 'Cluster Name': 'orders', 'Broker ID': '1' };
  test.each<[MetricName, Readonly<Partial<Record<DimensionName, string>>>, ClusterTraits, string]>([
    [
      'UnderReplicatedPartitions',
      { 'Cluster Name': 'orders' },
      standard,
      'has the dimensions [Cluster Name, Broker ID]',
    ],
    ['UnderReplicatedPartitions', broker, express, 'is not emitted by express brokers'],
    ['OfflinePartitionsCount', { 'Cluster Name': 'orders' }, express, 'is not emitted by express brokers'],
    ['KafkaDataLogsDiskUsed', broker, express, 'is not emitted by express brokers'],
    ['HeapMemoryAfterGC', broker, express, 'is not emitted by express brokers'],
    ['BurstBalance', broker, express, 'is not emitted by express brokers'],
    ['StorageUsed', { 'Cluster Name': 'orders' }, standard, 'is not emitted by standard brokers'],
    ['CpuUser', broker, { ...standard, brokerKind: 'serverless' }, 'is not emitted by serverless brokers'],
    ['ProduceThrottleTime', broker, express, 'needs monitoring level PER_BROKER'],
    ['ZooKeeperSessionState', broker, standard, 'is emitted in zookeeper mode only'],
    ['CPUCreditBalance', broker, standard, 'is emitted by kafka.t3 brokers only'],
    [
      'CPUCreditBalance',
      broker,
      { ...standard, instanceType: 'kafka.m7g.large' },
      'is emitted by kafka.t3 brokers only',
    ],
  ])('%s with %o of %o is refused', (name, dimensions, traits, message) => {
    expect(() => planMetricQuery(name, dimensions, traits)).toThrow(message);
  });

  test('the metrics of small, older clusters are there for them', () => {
    expect(planMetricQuery('CPUCreditBalance', broker, { ...standard, instanceType: 'kafka.t3.small' })).toBeDefined();
    expect(planMetricQuery('ZooKeeperSessionState', broker, { ...standard, metadataMode: 'zookeeper' })).toBeDefined();
  });
});

describe('what holds of every metric and every cluster', () => {
  const traits = fc.record<ClusterTraits>({
    brokerKind: fc.constantFrom('standard', 'express', 'serverless'),
    metadataMode: fc.constantFrom('kraft', 'zookeeper'),
    monitoringLevel: fc.constantFrom(...monitoringLevels),
    instanceType: fc.constantFrom('kafka.t3.small', 'kafka.m7g.large', 'express.m7g.large'),
  });
  const dimensionSets = fc.subarray([...dimensionNames]);

  test('a query comes out exactly where one emission fits kind, dimensions and level; all else is refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), dimensionSets, traits, (name, dimensions, cluster) => {
        const described: MetricDescription = metricTable[name];
        const fits = described.emissions.some(
          ({ kinds, level, dimensions: needed }) =>
            kinds.includes(cluster.brokerKind) &&
            monitoringLevels.indexOf(level) <= monitoringLevels.indexOf(cluster.monitoringLevel) &&
            [...needed].sort().join() === [...dimensions].sort().join(),
        );
        const isRightMode = [undefined, cluster.metadataMode].includes(described.metadataMode);
        const isRightSize =
          described.instanceFamily === undefined || cluster.instanceType === `kafka.${described.instanceFamily}.small`;
        const values = Object.fromEntries(dimensions.map((dimension) => [dimension, 'x']));
        if (fits && isRightMode && isRightSize) expect(planMetricQuery(name, values, cluster).name).toBe(name);
        else expect(() => planMetricQuery(name, values, cluster)).toThrow(ConfigError);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a higher monitoring level never takes a metric away', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), dimensionSets, traits, (name, dimensions, cluster) => {
        const now = evaluateAvailability(name, dimensions, cluster);
        const most = evaluateAvailability(name, dimensions, { ...cluster, monitoringLevel: 'PER_TOPIC_PER_PARTITION' });
        return now.kind === 'not-emitted' || most.kind === 'emitted';
      }),
    );
  });

  test('every series belongs to a cluster and no metric is emitted twice in the same way', () => {
    for (const name of names) {
      const { emissions }: MetricDescription = metricTable[name];
      expect(emissions.every(({ dimensions }) => dimensions.includes('Cluster Name'))).toBe(true);
      const ways = emissions.flatMap(({ kinds, dimensions }) => kinds.map((kind) => `${kind}:${dimensions.join()}`));
      expect(new Set(ways).size, name).toBe(ways.length);
    }
  });
});
