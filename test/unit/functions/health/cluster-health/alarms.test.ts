import { describe, expect, test } from 'vitest';
import { deployment } from '../../../../../functions/health/cluster-health/deployment.ts';
import { alarmsNotMade } from '../../../../../infra/stack/alarms.ts';
import type { ClusterConfiguration } from '../../../../../shared/core/configuration.ts';
import type { Policy } from '../../../../../shared/core/policy.ts';
import { levelsOf } from '../../../../../shared/deployment/alarm-levels.ts';
import { everything, testAlarmTable } from '../../../infra/stack/alarm-oracle.ts';
import { alarmTable, type LookRow, lookTable, rowNameOf, rowOf } from '../../../infra/stack/alarm-row.ts';
import { serverless } from '../../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../../infra/stack/stack-under-test.ts';

testAlarmTable(deployment, {
  common: alarmTable(`
brokers-unreachable critical | BrokersUnreachable Maximum | > 0 | 1 of 1 × 60 s | ignore | H2, §1 broker failure is P1; I9 1–2 min: ours, one verdict, since the check asks twice and speaks every 5 min, and its word stands till the next
brokers-unreachable emergency | BrokersUnreachable Maximum | > 2 | 1 of 1 × 60 s | ignore | §1 an offline cluster is P0: all three
no-controller warning | ActiveControllerCount Maximum | < 1 | 5 of 5 × 60 s | notBreaching | 6, 5 Maximum, and no proof on KRaft; AWS 5 min; ours, severity and silence: MSK's KRaft controllers are no brokers and may never report
offline-partitions emergency | OfflinePartitionsCount Maximum | > 0 | 1 of 1 × 60 s | missing | §1 P0; I9 1 min; 6, 5 Maximum
under-min-isr critical | MAX(3 × UnderMinIsrPartitionCount Maximum) | > 0 | 1 of 1 × 60 s | missing | AWS ≥ 1 for 1 min, since acks=all writes fail; ours, severity: as the producer errors that 6, 2 lets it stand for
not-flowing warning | SUM(3 × MessagesInPerSec Average) | < 10 | 10 of 10 × 60 s | breaching | H10; the topic's own 600 a minute; ours, 10 min: one quiet minute wakes nobody; MSK: no metric before the first record
`),
  byPreset: {
    'msk-operations': alarmTable(`
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 85 | 15 of 30 × 60 s | ignore | §7 A 85; I9 15 min; silence as above
cpu-used critical | MAX(3 × CpuUser Average + CpuSystem Average) | > 90 | 5 of 5 × 60 s | missing | §7 A 90; the rest as above
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 0 | 5 of 5 × 60 s | missing | §7 A more than 0 is P1; I9 5 min, before AWS's 15; 6, 5 per broker
`),
    'daily-procedures': alarmTable(`
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 90 | 15 of 30 × 60 s | ignore | §7 B 90; I9 15 min
heap-after-gc critical | MAX(3 × HeapMemoryAfterGC Maximum) | > 85 | 15 of 15 × 60 s | missing | §7 B 85; AWS 15 min
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 0 | 5 of 5 × 60 s | missing | §7 B 0, 5 min critical
low-throughput warning | SUM(3 × MessagesInPerSec Average) | < 50000 | 10 of 10 × 60 s | missing | §7 B 50 000 in all; ours, 10 min: one quiet minute wakes nobody; a whole silent cluster is unknown
low-traffic warning | SUM(3 × MessagesInPerSec Average) | < 1000 | 10 of 10 × 60 s | breaching | I9 a topic's 1 000; ours, 10 min; MSK: no metric before the first record
low-bytes warning | SUM(3 × BytesInPerSec Average) | < 10000000 | 10 of 10 × 60 s | breaching | I9 a topic's 10 MB; the rest as above
`),
    'message-broker': alarmTable(`
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 90 | 15 of 30 × 60 s | ignore | §7 C its rule, 90 for 15 min
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 0 | 15 of 15 × 60 s | missing | §7 C, I9 15 min critical; its own rule says 5
high-throughput warning | SUM(3 × MessagesInPerSec Average) | > 10000 | 15 of 15 × 60 s | missing | §7 C and I9, 10 000 for 15 min
`),
    'performance-tuning': alarmTable(`
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 85 | 15 of 30 × 60 s | ignore | §7 D 85; I9 15 min
disk-used emergency | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 95 | 1 of 16 × 60 s | ignore | §7 D 95; ours, at once: a full disk takes its broker with it
cpu-used critical | MAX(3 × CpuUser Average + CpuSystem Average) | > 80 | 5 of 5 × 60 s | missing | §7 D 80; AWS 5 min
cpu-used emergency | MAX(3 × CpuUser Average + CpuSystem Average) | > 95 | 5 of 5 × 60 s | missing | §7 D 95; AWS 5 min
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 10 | 5 of 5 × 60 s | missing | §7 D more than 10 is critical; I9 5 min: its 15 are C's, for any one partition
high-throughput warning | SUM(3 × MessagesInPerSec Average) | > 800 | 15 of 15 × 60 s | missing | §7 D 800; I9 15 min
high-throughput critical | SUM(3 × MessagesInPerSec Average) | > 900 | 15 of 15 × 60 s | missing | §7 D 900; I9 15 min
`),
  },
  notOfExpress: ['offline-partitions', 'disk-used', 'heap-after-gc', 'under-replicated', 'under-min-isr'],
});

/**
 * What has no alarm and is judged by cluster-health, every half hour and over every minute since: the number, its time and
 * its source. A warning's answer is due within the hour (RUNBOOK section 1); memory is a weak signal (6, 3).
 */
const lookRowsByPreset: Readonly<Record<string, readonly LookRow[]>> = {
  'msk-operations': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 80 | 10 min | §7 A 80; I9 10 min; ours, silence: a disk does not empty while its broker is silent
cpu-used warning | > 70 | 5 min | §7 A 70; 6, 4 user + system; AWS Average for 5 min
memory-used warning | > 80 | 5 min | §7 A 80; 6, 3 bytes, so a ratio; ours, 5 min: as CPU
memory-used critical | > 90 | 5 min | §7 A 90; the rest as above
heap-after-gc warning | > 60 | 15 min | H9 60 on MSK; AWS Average of 3 × 5 min: one point a minute, so Maximum is the same; severity ours
network-shaped warning | > 0 | 5 min | §7 A 60 % has no metric; MSK: healthy is 0, and it is sent while ACTIVE; AWS Sum for 5 min, of its finer brothers
request-handlers-busy warning | < 30 | 5 min | H6 names no number; AWS Average < 0.3 for 5 min; MSK: a fraction
`),
  'daily-procedures': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 80 | 10 min | §7 B 80; I9 10 min
cpu-used warning | > 70 | 5 min | §7 B 70; AWS 5 min
memory-used warning | > 80 | 5 min | §7 B 80; ours, 5 min: as CPU
memory-used critical | > 90 | 5 min | §7 B 90 is high; ours, 5 min: as CPU
heap-after-gc warning | > 60 | 15 min | H9 60 on MSK; AWS 15 min
`),
  'message-broker': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 85 | 10 min | §7 C 85; I9 10 min
under-replicated warning | > 0 | 5 min | §7 C 5 min warning
`),
  'performance-tuning': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 70 | 10 min | §7 D 70; I9 10 min
cpu-used warning | > 60 | 5 min | §7 D 60; AWS 5 min
memory-used warning | > 70 | 5 min | §7 D 70; ours, 5 min: as CPU
memory-used critical | > 85 | 5 min | §7 D 85; as above
memory-used emergency | > 95 | 5 min | §7 D 95; as above
under-replicated warning | > 0 | 5 min | §7 D 0; I9 5 min
`),
};

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

const alarmsWith = (change: Partial<ClusterConfiguration>, preset?: string) =>
  deployment.alarms.flatMap((plan) => plan(contextWith({ ...everything, ...change }, preset)).alarms);

describe.each(Object.entries(lookRowsByPreset))('by %s, what has no alarm is judged by the look', (preset, looks) => {
  test.each(looks)('$rule: $condition for $window, and packaging says so ($source)', ({ rule, condition, window }) => {
    const context = contextWith(everything, preset);
    const [slug = '', severity = ''] = rule.split(' ');
    const judged = alarmsNotMade(context).filter(({ because }) => because.startsWith('cluster-health judges it'));
    expect(judged.map(({ what }) => what)).toContain(slug === 'memory-used' ? 'memoryUsedPercent' : rule);
    expect(alarmsWith({}, preset).map(rowNameOf)).not.toContain(rule);
    expect(`${condition} | ${window}`).toBe(judgedBy(context.configuration.policy, slug, severity));
  });
});

describe('where the cluster is another', () => {
  test('ZooKeeper: no controller is P0 (§1), and its silence counts, since one broker always is the controller', () => {
    expect(alarmsWith({ metadataMode: 'zookeeper' }).map(rowOf)).toContainEqual({
      alarm: 'no-controller emergency',
      signal: 'ActiveControllerCount Maximum',
      condition: '< 1',
      window: '5 of 5 × 60 s',
      silence: 'breaching',
    });
  });

  test('Serverless: its own names of traffic, a point a partition, so the rates are summed', () => {
    const shown = (preset: string) =>
      alarmsWith(serverless, preset)
        .map(rowOf)
        .filter(({ signal }) => signal.includes('PerSec'))
        .map(({ alarm, signal, condition }) => [alarm, signal, condition]);
    expect(shown('msk-operations')).toEqual([['not-flowing warning', 'MessagesInPerSec Sum', '< 10']]);
    expect(shown('daily-procedures')).toEqual([
      ['not-flowing warning', 'MessagesInPerSec Sum', '< 10'],
      ['low-traffic warning', 'MessagesInPerSec Sum', '< 1000'],
      ['low-bytes warning', 'BytesInPerSec Sum', '< 10000000'],
    ]);
  });
});
