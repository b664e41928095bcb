import { describe, expect, test } from 'vitest';
import { planMetrics } from '../../../../functions/health/cluster-health/core/metrics.ts';
import { alarmsOf } from '../../../../infra/stack/alarms.ts';
import { evaluateAvailability, planMetricQuery, requireMetricName } from '../../../../shared/core/metric-catalogue.ts';
import {
  type BrokerKind,
  type DimensionName,
  dimensionNames,
  type MetricMeaning,
  type MonitoringLevel,
  monitoringLevels,
  type Statistic,
} from '../../../../shared/core/metric-vocabulary.ts';
import { questionsOf } from '../../../support/health/builders.ts';
import { mskMetricsOf, named } from '../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../infra/stack/stack-under-test.ts';

const cluster = ['Cluster Name'] as const;
const broker = ['Cluster Name', 'Broker ID'] as const;
const brokerTopic = ['Cluster Name', 'Broker ID', 'Topic'] as const;
const topic = ['Cluster Name', 'Topic'] as const;
const groupTopic = ['Cluster Name', 'Consumer Group', 'Topic'] as const;
const both: readonly BrokerKind[] = ['standard', 'express'];
const standard: readonly BrokerKind[] = ['standard'];
const serverless: readonly BrokerKind[] = ['serverless'];

type Row = readonly [
  name: string,
  kinds: readonly BrokerKind[],
  dimensions: readonly DimensionName[],
  statistic: Statistic,
  level: MonitoringLevel,
  meaning: MetricMeaning,
];

/**
 * Every metric that an alarm or a check reads, as the MSK Developer Guide has it (tables of Standard, Express and
 * Serverless), read as RUNBOOK section 6 and AWS's advice on alarms say. One point a minute and broker makes the
 * statistics of gauges alike: `Maximum` where a peak counts, `Average` for shares of time and rates.
 */
const rows: readonly Row[] = [
  // One reporter among brokers that say 0, so never an average (6, 5).
  ['ActiveControllerCount', both, cluster, 'Maximum', 'DEFAULT', 'count'],
  ['OfflinePartitionsCount', standard, cluster, 'Maximum', 'DEFAULT', 'count'],
  ['GlobalTopicCount', both, cluster, 'Maximum', 'DEFAULT', 'count'],
  ['GlobalPartitionCount', both, cluster, 'Maximum', 'DEFAULT', 'count'],
  // Per broker alone (6, 5); Express has none of them.
  ['UnderReplicatedPartitions', standard, broker, 'Maximum', 'DEFAULT', 'count'],
  ['UnderMinIsrPartitionCount', standard, broker, 'Maximum', 'DEFAULT', 'count'],
  ['PartitionCount', both, broker, 'Maximum', 'DEFAULT', 'count'],
  ['KafkaDataLogsDiskUsed', standard, broker, 'Maximum', 'DEFAULT', 'percent'],
  // Not in the table of Express.
  ['KafkaAppLogsDiskUsed', standard, broker, 'Maximum', 'DEFAULT', 'percent'],
  ['RootDiskUsed', standard, broker, 'Maximum', 'DEFAULT', 'percent'],
  ['CpuUser', both, broker, 'Average', 'DEFAULT', 'percent'],
  ['CpuSystem', both, broker, 'Average', 'DEFAULT', 'percent'],
  // Bytes (6, 3).
  ['MemoryUsed', both, broker, 'Average', 'DEFAULT', 'bytes'],
  ['MemoryFree', both, broker, 'Average', 'DEFAULT', 'bytes'],
  ['MemoryBuffered', both, broker, 'Average', 'DEFAULT', 'bytes'],
  ['MemoryCached', both, broker, 'Average', 'DEFAULT', 'bytes'],
  ['HeapMemoryAfterGC', standard, broker, 'Maximum', 'DEFAULT', 'percent'],
  ['ProduceTotalTimeMsMean', both, broker, 'Average', 'DEFAULT', 'milliseconds'],
  // A count of packets over the period.
  ['TrafficShaping', standard, broker, 'Sum', 'DEFAULT', 'packets'],
  // From 0 to 1, whatever its name says.
  ['RequestHandlerAvgIdlePercent', both, broker, 'Average', 'PER_BROKER', 'fraction'],
  ['MessagesInPerSec', both, broker, 'Average', 'DEFAULT', 'messages-per-second'],
  ['MessagesInPerSec', both, brokerTopic, 'Average', 'PER_TOPIC_PER_BROKER', 'messages-per-second'],
  ['BytesInPerSec', both, brokerTopic, 'Average', 'PER_TOPIC_PER_BROKER', 'bytes-per-second'],
  // Serverless sends a point a partition: rates and offsets are their sum, the longest time is their maximum.
  ['MessagesInPerSec', serverless, topic, 'Sum', 'DEFAULT', 'messages-per-second'],
  ['BytesInPerSec', serverless, topic, 'Sum', 'DEFAULT', 'bytes-per-second'],
  ['SumOffsetLag', serverless, groupTopic, 'Sum', 'DEFAULT', 'offsets'],
  ['MaxEstimatedTimeLag', serverless, groupTopic, 'Maximum', 'DEFAULT', 'seconds'],
  // Seconds to drain (6, 1). The guide's own table leaves the cluster's name out; AWS's advice has it.
  ['EstimatedMaxTimeLag', both, groupTopic, 'Maximum', 'DEFAULT', 'seconds'],
  ['SumOffsetLag', both, groupTopic, 'Maximum', 'DEFAULT', 'offsets'],
];

const kindsOfBroker = ['standard', 'express', 'serverless'] as const;
const traitsOf = (brokerKind: BrokerKind, monitoringLevel: MonitoringLevel) =>
  ({ brokerKind, monitoringLevel, metadataMode: 'kraft' }) as const;
const shownAs = (name: string, kind: BrokerKind, dimensions: readonly string[]) =>
  `${name} of ${kind} by ${dimensions.join(', ')}`;

test.each(rows)(
  '%s is emitted by %j under %j as %s from %s on, in %s',
  (name, kinds, dimensions, statistic, level, meaning) => {
    const metric = requireMetricName(name);
    const values = Object.fromEntries(dimensions.map((dimension) => [dimension, 'x']));
    for (const kind of kindsOfBroker) {
      for (const monitoringLevel of monitoringLevels) {
        const traits = traitsOf(kind, monitoringLevel);
        const isRowOfKind = rows.some(
          ([other, of, by, , from]) =>
            other === name &&
            of.includes(kind) &&
            by === dimensions &&
            monitoringLevels.indexOf(monitoringLevel) >= monitoringLevels.indexOf(from),
        );
        const { kind: verdict } = evaluateAvailability(metric, dimensions, traits);
        expect([kind, monitoringLevel, verdict]).toEqual([
          kind,
          monitoringLevel,
          isRowOfKind ? 'emitted' : 'not-emitted',
        ]);
      }
      if (!kinds.includes(kind)) continue;
      expect(evaluateAvailability(metric, dimensions, traitsOf(kind, level))).toMatchObject({ emission: { level } });
      expect(planMetricQuery(metric, values, traitsOf(kind, level))).toMatchObject({ statistic, meaning });
    }
  },
);

describe('what the code reads', () => {
  const presets = ['msk-operations', 'daily-procedures', 'message-broker', 'performance-tuning'];
  const read = new Set<string>();
  for (const kind of kindsOfBroker) {
    for (const monitoringLevel of monitoringLevels) {
      for (const depth of ['light', 'full'] as const) {
        for (const { metric, brokerId } of planMetrics(questionsOf(depth), traitsOf(kind, monitoringLevel), [1])) {
          read.add(shownAs(metric, kind, brokerId === undefined ? cluster : broker));
        }
      }
      for (const metadataMode of ['kraft', 'zookeeper'] as const) {
        for (const brokerCount of kind === 'serverless' ? [0] : [3, 12]) {
          const change = { ...named, brokerKind: kind, monitoringLevel, metadataMode, brokerCount };
          for (const alarm of presets.flatMap((preset) => alarmsOf(contextWith(change, preset)))) {
            for (const { name, dimensions } of mskMetricsOf(alarm)) {
              read.add(
                shownAs(
                  name,
                  kind,
                  dimensionNames.filter((dimension) => dimension in dimensions),
                ),
              );
            }
          }
        }
      }
    }
  }
  const withRow = new Set(
    rows.flatMap(([name, kinds, dimensions]) =>
      kinds.map((kind) =>
        shownAs(
          name,
          kind,
          dimensionNames.filter((one) => dimensions.some((its) => its === one)),
        ),
      ),
    ),
  );

  test('has a row above, each metric under each of its dimensions', () => {
    expect([...read].filter((one) => !withRow.has(one))).toEqual([]);
  });

  test('is every row above', () => {
    expect([...withRow].filter((one) => !read.has(one))).toEqual([]);
  });
});
