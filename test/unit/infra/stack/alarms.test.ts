import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { presetNames } from '../../../../infra/configuration/file-schema.ts';
import { procedures } from '../../../../infra/procedures.ts';
import { alarmsOf } from '../../../../infra/stack/alarms.ts';
import { limitSchema } from '../../../../shared/configuration/policy-schema.ts';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import { evaluateAvailability, isMetricName } from '../../../../shared/core/metric-catalogue.ts';
import { dimensionNames } from '../../../../shared/core/metric-vocabulary.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import { flooredQuantities, limitedQuantities, scalingQuantities } from '../../../../shared/core/policy-quantities.ts';
import { runbookPageOf } from '../../../../shared/core/runbook.ts';
import { type Alarm, alarmLogicalId, alarmResource } from '../../../../shared/deployment/alarm.ts';
import type { Deployment } from '../../../../shared/deployment/deployment.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import { root } from '../../../support/documents.ts';
import { alarmTableFileName } from './alarm-oracle.ts';
import { metricsOf, mskMetricsOf, named, serverless } from './alarms-under-test.ts';
import { contextWith, listOf, shown } from './stack-under-test.ts';

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
  presetNames.map((preset) => ({ kind, preset, context: contextWith(cluster, preset) })),
);

/** PutMetricAlarm's rules of periods and metrics. */
function expectAccepted(alarm: Alarm, context: StackContext) {
  const { EvaluationPeriods, DatapointsToAlarm, Metrics } = alarmResource(context, alarm).Properties;
  const longestSeconds = alarm.periodSeconds < 3600 ? 86_400 : 604_800;
  expect(alarm.periodSeconds * Number(EvaluationPeriods)).toBeLessThanOrEqual(longestSeconds);
  expect(Number(DatapointsToAlarm)).toBeLessThanOrEqual(Number(EvaluationPeriods));
  expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
  expect(listOf(Metrics).length).toBeLessThanOrEqual(20);
}

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

  test('none tells anybody, but when it opens what incident could not tell: mskeeper’s own topic of its severity', () => {
    const told = alarms.flatMap((alarm) => {
      const { Properties } = alarmResource(context, alarm);
      expect(Properties).not.toHaveProperty('InsufficientDataActions');
      // A death of incident that never ended would keep the next one from waking anybody; all others would tell each deploy.
      const ends = alarm.slug === 'incident-silent' ? Properties.AlarmActions : undefined;
      expect(Properties.OKActions, alarm.slug).toEqual(ends);
      return listOf(Properties.AlarmActions).map((topic) => [alarm.slug, shown(topic)]);
    });
    expect(told.toSorted()).toEqual([
      ['incident-dead-letters', 'SelfWarningTopic'],
      ['incident-errors', 'SelfWarningTopic'],
      ['incident-queue-old', 'SelfCriticalTopic'],
      ['incident-silent', 'SelfCriticalTopic'],
      ['notifications-failed', 'SelfCriticalTopic'],
    ]);
  });

  test('each names severity and the runbook’s page, and says what silence means', () => {
    for (const alarm of alarms) {
      const { Properties } = alarmResource(context, alarm);
      const priority = { warning: 'P2', critical: 'P1', emergency: 'P0' }[alarm.severity];
      expect(Properties.AlarmDescription).toMatch(
        new RegExp(`^${priority} ${alarm.severity}, orders: .+ Runbook: docs/runbook/[a-z-]+\\.md\\. No data: .+\\.$`),
      );
      expect(String(Properties.AlarmDescription).length).toBeLessThanOrEqual(1024);
    }
  });

  test('CloudWatch accepts its periods and the number of its metrics', () => {
    for (const alarm of alarms) expectAccepted(alarm, context);
  });
});

/** Every level of every quantity that a policy may name, each to last as long as the file may say. */
const longestMinutes = 1_440;
const longestLimit: Limit = Object.fromEntries(
  ['notice', 'warning', 'critical', 'emergency'].flatMap((level, index) => [
    [level, index + 1],
    [`${level}ForMinutes`, longestMinutes],
  ]),
);
const longestOf = <Quantity extends string>(quantities: readonly Quantity[]) =>
  Object.fromEntries(quantities.map((quantity) => [quantity, longestLimit]));

test('the longest duration that a policy may name is a day', () => {
  expect(limitSchema.safeParse(longestLimit).success).toBe(true);
  expect(limitSchema.safeParse({ ...longestLimit, warningForMinutes: longestMinutes + 1 }).success).toBe(false);
});

test.each(cases)('CloudWatch accepts $kind by $preset with every limit as long as it may be', ({ context }) => {
  const policy = {
    ...context.configuration.policy,
    limits: longestOf(limitedQuantities),
    floors: longestOf(flooredQuantities),
    scaling: longestOf(scalingQuantities),
  };
  const alarms = alarmsOf({ ...context, configuration: { ...context.configuration, policy } });
  expect(alarms.length).toBeGreaterThan(0);
  for (const alarm of alarms) expectAccepted(alarm, context);
});

test('every page of the runbook that an alarm names is there', () => {
  const pages = new Set(cases.flatMap(({ context }) => alarmsOf(context).map(({ section }) => runbookPageOf(section))));
  expect(pages).toContain('docs/runbook/mskeeper-itself.md');
  expect([...pages].filter((page) => !existsSync(new URL(`../../../../${page}`, import.meta.url)))).toEqual([]);
});

test('who declares alarms holds them against their sources in a table beside its tests, and so do alarms without their procedure', () => {
  const declaring = Object.entries<Deployment>(procedures)
    .filter(([, { alarms = [] }]) => alarms.length > 0)
    .map(([folder]) => folder);
  const planning = globSync(['functions/*/*/alarms.ts', 'functions/*/*/alarms'], { cwd: root }).map((path) =>
    path.split('/').slice(1, 3).join('/'),
  );
  expect(planning).toEqual(expect.arrayContaining(declaring));
  const written = globSync(`test/unit/functions/*/*/${alarmTableFileName}`, { cwd: root })
    .filter((path) => /^testAlarmTable\(/m.test(readFileSync(join(root, path), 'utf8')))
    .map((path) => path.split('/').slice(3, 5).join('/'));
  expect(written.toSorted()).toEqual(planning.toSorted());
});
