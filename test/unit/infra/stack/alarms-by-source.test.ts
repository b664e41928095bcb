import { describe, expect, test } from 'vitest';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import type { Policy } from '../../../../shared/core/policy.ts';
import { levelsOf } from '../../../../shared/deployment/alarm-levels.ts';
import { rowNameOf, rowOf } from './alarm-row.ts';
import { commonRows, lookRowsByPreset, rowsByPreset } from './alarm-tables.ts';
import { named, serverless, tabledAlarmsNotMade, tabledAlarmsOf, tabledContextWith } from './alarms-under-test.ts';

const everything = { ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' } as const;
const namesOf = (change: Partial<ClusterConfiguration>, preset?: string) =>
  [...new Set(tabledAlarmsOf(tabledContextWith({ ...everything, ...change }, preset)).map(rowNameOf))].toSorted();

/** The policy's own name of what the look judges. */
const limitNames = {
  'disk-used': 'diskUsedPercent',
  'cpu-used': 'cpuUsedPercent',
  'memory-used': 'memoryUsedPercent',
  'heap-after-gc': 'heapAfterGcPercent',
  'under-replicated': 'underReplicatedPartitions',
  'slow-producers': 'producerRequestMs',
} as const;

const isLimit = (slug: string): slug is keyof typeof limitNames => Object.hasOwn(limitNames, slug);

/** What the policy makes the look hold a rule against. */
const judgedBy = (policy: Policy, slug: string, severity: string): string => {
  if (slug === 'network-shaped') return policy.limits.networkUsedPercent === undefined ? 'nothing' : '> 0 | 5 min';
  const bound = isLimit(slug) ? policy.limits[limitNames[slug]] : policy.floors.requestHandlerIdlePercent;
  const level = levelsOf(bound).find((one) => one.severity === severity);
  return `${isLimit(slug) ? '>' : '<'} ${level?.threshold} | ${level?.evaluationPeriods} min`;
};

describe.each(Object.entries(rowsByPreset))('%s, held against its sources', (preset, own) => {
  const alarms = tabledAlarmsOf(tabledContextWith(everything, preset));
  const rows = [...commonRows, ...own];

  test.each(rows)('$alarm: $signal $condition in $window, silence $silence ($source)', ({ source: _, ...demand }) => {
    const made = alarms.filter((alarm) => rowNameOf(alarm) === demand.alarm).map(rowOf);
    expect(made.length).toBeGreaterThan(0);
    for (const row of made) expect(row).toEqual(demand);
  });

  test.each(lookRowsByPreset[preset] ?? [])(
    '$rule: $condition for $window has no alarm, and packaging says who judges it ($source)',
    ({ rule, condition, window }) => {
      const context = tabledContextWith(everything, preset);
      const [slug = '', severity = ''] = rule.split(' ');
      const judged = tabledAlarmsNotMade(context).filter(({ because }) =>
        because.startsWith('cluster-health judges it'),
      );
      expect(judged.map(({ what }) => what)).toContain(slug === 'memory-used' ? 'memoryUsedPercent' : rule);
      expect(alarms.map(rowNameOf)).not.toContain(rule);
      expect(`${condition} | ${window}`).toBe(judgedBy(context.configuration.policy, slug, severity));
    },
  );

  test('has no alarm without a row', () => {
    expect(namesOf({}, preset)).toEqual(rows.map(({ alarm }) => alarm).toSorted());
  });
});

/** MSK: Express brokers do not send what these read. */
const notOfExpress = ['offline-partitions', 'disk', 'disk-used', 'heap-after-gc', 'under-replicated', 'under-min-isr'];

test.each(Object.keys(rowsByPreset))(
  '%s on Express: the same alarms, less those on what Express does not send',
  (preset) => {
    const isLost = (name: string) => [...notOfExpress, 'network-shaped'].some((slug) => name.startsWith(`${slug} `));
    const rows = [...commonRows, ...(rowsByPreset[preset] ?? [])].map(({ alarm }) => alarm);
    expect(namesOf({ brokerKind: 'express' }, preset)).toEqual(rows.filter((name) => !isLost(name)).toSorted());
  },
);

describe('where the cluster is another', () => {
  const madeOf = (change: Partial<ClusterConfiguration>, preset?: string) =>
    tabledAlarmsOf(tabledContextWith({ ...everything, ...change }, preset)).map(rowOf);

  test('ZooKeeper: no controller is P0 (§1), and its silence counts, since one broker always is the controller', () => {
    expect(madeOf({ metadataMode: 'zookeeper' })).toContainEqual({
      alarm: 'no-controller emergency',
      signal: 'ActiveControllerCount Maximum',
      condition: '< 1',
      window: '5 of 5 × 60 s',
      silence: 'breaching',
    });
  });

  test('Serverless: its own names of lag and traffic, a point a partition, so the offsets and rates are summed', () => {
    const about = (preset: string) => madeOf(serverless, preset).filter(({ signal }) => /Lag|PerSec/.test(signal));
    const shown = (preset: string) => about(preset).map(({ alarm, signal, condition }) => [alarm, signal, condition]);
    expect(shown('msk-operations')).toEqual([
      ['not-flowing warning', 'MessagesInPerSec Sum', '< 10'],
      ['lag-seconds warning', 'MaxEstimatedTimeLag Maximum', '> 60'],
      ['lag-seconds critical', 'MaxEstimatedTimeLag Maximum', '> 300'],
    ]);
    expect(shown('daily-procedures')).toEqual([
      ['not-flowing warning', 'MessagesInPerSec Sum', '< 10'],
      ['low-traffic warning', 'MessagesInPerSec Sum', '< 1000'],
      ['low-bytes warning', 'BytesInPerSec Sum', '< 10000000'],
      ['lag-messages warning', 'SumOffsetLag Sum', '> 10000'],
      ['lag-messages critical', 'SumOffsetLag Sum', '> 50000'],
    ]);
  });
});
