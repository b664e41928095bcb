import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import { evaluateAvailability, isMetricName } from '../../../../shared/core/metric-catalogue.ts';
import { dimensionNames } from '../../../../shared/core/metric-vocabulary.ts';
import { runbookPageOf } from '../../../../shared/core/runbook.ts';
import { alarmLogicalId, alarmResource } from '../../../../shared/deployment/alarm.ts';
import { metricsOf, mskMetricsOf, named, serverless, tabledAlarmsOf, tabledContextWith } from './alarms-under-test.ts';
import { listOf } from './stack-under-test.ts';

const presets = ['msk-operations', 'daily-procedures', 'message-broker', 'performance-tuning'] as const;

/** Clusters that differ in what they emit. */
const clusters: Readonly<Record<string, Partial<ClusterConfiguration>>> = {
  'standard, default level': named,
  'standard, ZooKeeper, per broker': { ...named, metadataMode: 'zookeeper', monitoringLevel: 'PER_BROKER' },
  'standard, per topic': { ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' },
  express: { ...named, brokerKind: 'express', monitoringLevel: 'PER_TOPIC_PER_BROKER' },
  serverless: { ...named, ...serverless },
  'twelve brokers': { ...named, brokerCount: 12 },
  'ids with gaps': { ...named, brokerCount: 6, brokerIds: [1, 2, 4, 5, 17, 18], monitoringLevel: 'PER_BROKER' },
};
const cases = Object.entries(clusters).flatMap(([kind, cluster]) =>
  presets.map((preset) => ({ kind, preset, context: tabledContextWith(cluster, preset) })),
);

describe.each(cases)('$kind by $preset', ({ context }) => {
  const alarms = tabledAlarmsOf(context);

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

  test('each tells its own topic when it opens and nobody when it finds data, names severity and the runbook’s page, and says what silence means', () => {
    for (const alarm of alarms) {
      const { Properties } = alarmResource(context, alarm);
      const topic = {
        Ref: { warning: 'WarningTopic', critical: 'CriticalTopic', emergency: 'EmergencyTopic' }[alarm.severity],
      };
      const priority = { warning: 'P2', critical: 'P1', emergency: 'P0' }[alarm.severity];
      expect(Properties.AlarmActions).toEqual([topic]);
      expect(Properties).not.toHaveProperty('OKActions');
      expect(Properties.AlarmDescription).toMatch(
        new RegExp(`^${priority} ${alarm.severity}, orders: .+ Runbook: docs/runbook/[a-z-]+\\.md\\. No data: .+\\.$`),
      );
      expect(String(Properties.AlarmDescription).length).toBeLessThanOrEqual(1024);
    }
  });

  test('CloudWatch accepts its periods and the number of its metrics', () => {
    for (const alarm of alarms) {
      const longestSeconds = alarm.periodSeconds < 3600 ? 86_400 : 604_800;
      expect(alarm.periodSeconds * alarm.evaluationPeriods).toBeLessThanOrEqual(longestSeconds);
      expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
      const entries = alarmResource(context, alarm).Properties.Metrics;
      expect(listOf(entries).length).toBeLessThanOrEqual(20);
    }
  });
});

test('every page of the runbook that an alarm names is there', () => {
  const pages = new Set(
    cases.flatMap(({ context }) => tabledAlarmsOf(context).map(({ section }) => runbookPageOf(section))),
  );
  expect(pages).toContain('docs/runbook/mskeeper-itself.md');
  expect([...pages].filter((page) => !existsSync(new URL(`../../../../${page}`, import.meta.url)))).toEqual([]);
});
