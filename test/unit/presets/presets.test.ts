import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Preset, presetNames } from '../../../infra/configuration/file-schema.ts';
import { parsePreset } from '../../../infra/configuration/parse-configuration.ts';

const readPreset = (name: string): Preset =>
  parsePreset(name, readFileSync(new URL(`../../../presets/${name}.yml`, import.meta.url), 'utf8'));

const valueAt = (preset: Preset, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, key)?.value;
  }, preset);

type Row = readonly [demand: string, path: string, value: unknown];

/** RUNBOOK section 7, column A; sections 1 and 2, and the alarm rules of I9, for what the column leaves open. */
const mskOperations: readonly Row[] = [
  ['disk: plan from 70 %', 'limits.diskUsedPercent.notice', 70],
  ['disk: warning at 80 %', 'limits.diskUsedPercent.warning', 80],
  ['disk: the warning’s 10 minutes (I9)', 'limits.diskUsedPercent.warningForMinutes', 10],
  ['disk: critical at 85 %', 'limits.diskUsedPercent.critical', 85],
  ['disk: the critical one’s 15 minutes (I9)', 'limits.diskUsedPercent.criticalForMinutes', 15],
  ['CPU: warning at 70 %', 'limits.cpuUsedPercent.warning', 70],
  ['CPU: critical at 90 %', 'limits.cpuUsedPercent.critical', 90],
  ['memory: warning at 80 %', 'limits.memoryUsedPercent.warning', 80],
  ['memory: critical at 90 %', 'limits.memoryUsedPercent.critical', 90],
  ['heap after GC on MSK: 60 % (H9)', 'limits.heapAfterGcPercent.warning', 60],
  ['network: 60 %', 'limits.networkUsedPercent.warning', 60],
  ['lag: warning at 1 minute, in seconds', 'limits.lagSeconds.warning', 60],
  ['lag: critical at 5 minutes, in seconds', 'limits.lagSeconds.critical', 300],
  ['lag in the backup: 1 000 messages', 'limits.backupLagMessages.warning', 1000],
  ['under-replicated: more than 0 is P1', 'limits.underReplicatedPartitions.critical', 0],
  ['under-replicated: for 5 minutes (I9)', 'limits.underReplicatedPartitions.criticalForMinutes', 5],
  ['offline partitions: more than 0 is P0', 'limits.offlinePartitions.emergency', 0],
  ['offline partitions: for 1 minute (I9)', 'limits.offlinePartitions.emergencyForMinutes', 1],
  ['broker down: critical', 'limits.brokersUnreachable.critical', 0],
  ['broker down: for 1 minute (I9)', 'limits.brokersUnreachable.criticalForMinutes', 1],
  ['below min-ISR: any', 'limits.underMinIsrPartitions.critical', 0],
  ['producer errors: warning at 0.1 %', 'limits.producerErrorPercent.warning', 0.1],
  ['producer errors: critical at 1 %', 'limits.producerErrorPercent.critical', 1],
  ['slow producer: 500 ms (I9)', 'limits.producerRequestMs.warning', 500],
  ['slow producer: for 10 minutes (I9)', 'limits.producerRequestMs.warningForMinutes', 10],
  ['throughput growth: 10 %', 'limits.throughputGrowthPercent.warning', 10],
  ['availability: 99.9 %', 'floors.availabilityPercent.warning', 99.9],
  ['request handlers idle: 30 %', 'floors.requestHandlerIdlePercent.warning', 30],
  ['storage grows at 80 % (C5)', 'scaling.diskUsedPercent.warning', 80],
  ['storage grows by 100 GB (C5)', 'storage.stepGiB', 100],
  ['storage stops at 1 TB (C5)', 'storage.maxVolumeGiB', 1000],
  ['brokers scale at CPU 70 % (C6)', 'scaling.cpuUsedPercent.warning', 70],
  ['brokers scale at memory 80 % (C6)', 'scaling.memoryUsedPercent.warning', 80],
  ['brokers scale at network 60 % (C6)', 'scaling.networkUsedPercent.warning', 60],
  ['partitions: 4 more', 'partitions.added', 4],
  ['partitions: at lag 10 000', 'partitions.addedAboveLagMessages', 10_000],
  ['partitions: rate / 1 000 + 1', 'partitions.messagesPerSecondEach', 1000],
  ['partitions: at least 3', 'partitions.minimum', 3],
  ['cool-down of brokers: 300 s', 'cooldown.brokersSeconds', 300],
  ['a broker answers within 5 s (H1)', 'brokerAnswerTimeoutMs', 5000],
  ['P0: 5 minutes', 'responseMinutes.emergency', 5],
  ['P1: 15 minutes', 'responseMinutes.critical', 15],
  ['P2: 1 hour', 'responseMinutes.warning', 60],
  ['P3: 4 hours (ours)', 'responseMinutes.notice', 240],
  ['daily check at 09:00', 'schedules.cluster-health-full', 'cron(0 9 * * ? *)'],
];

const dailyProcedures: readonly Row[] = [
  ['disk: warning at 80 %', 'limits.diskUsedPercent.warning', 80],
  ['disk: for 10 minutes (I9)', 'limits.diskUsedPercent.warningForMinutes', 10],
  ['disk: critical at 90 %', 'limits.diskUsedPercent.critical', 90],
  ['disk: for 15 minutes (I9)', 'limits.diskUsedPercent.criticalForMinutes', 15],
  ['CPU: 70 %', 'limits.cpuUsedPercent.warning', 70],
  ['memory: 80 %', 'limits.memoryUsedPercent.warning', 80],
  ['memory: 90 % is high', 'limits.memoryUsedPercent.critical', 90],
  ['lag: warning at 10 000', 'limits.lagMessages.warning', 10_000],
  ['lag: critical at 50 000', 'limits.lagMessages.critical', 50_000],
  ['lag: for 5 minutes', 'limits.lagMessages.criticalForMinutes', 5],
  ['under-replicated: more than 0', 'limits.underReplicatedPartitions.critical', 0],
  ['under-replicated: for 5 minutes', 'limits.underReplicatedPartitions.criticalForMinutes', 5],
  ['P95: 50 ms', 'limits.latencyP95Ms.warning', 50],
  ['P99: 200 ms', 'limits.latencyP99Ms.warning', 200],
  ['producer errors: 0.1 %', 'limits.producerErrorPercent.warning', 0.1],
  ['slow producer: 500 ms (I9)', 'limits.producerRequestMs.warning', 500],
  ['slow producer: for 10 minutes (I9)', 'limits.producerRequestMs.warningForMinutes', 10],
  ['throughput: less than 50 000 messages a second', 'floors.messagesInPerSecond.warning', 50_000],
  ['low traffic of a topic: 1 000 messages a second (I9)', 'floors.topicMessagesInPerSecond.warning', 1000],
  ['low traffic of a topic: 10 MB a second (I9)', 'floors.topicBytesInPerSecond.warning', 10_000_000],
  ['heap after GC: 85 %', 'limits.heapAfterGcPercent.critical', 85],
  ['heap after GC on MSK: 60 % (H9)', 'limits.heapAfterGcPercent.warning', 60],
  ['GC: more than 10', 'limits.gcCount.warning', 10],
  ['partitions: 1 000 a broker', 'limits.partitionsPerBroker.warning', 1000],
  ['partitions: 10 a consumer', 'limits.partitionsPerConsumer.warning', 10],
  ['anomaly: 2.5 deviations', 'anomaly.deviations', 2.5],
  ['anomaly: over 24 hours', 'anomaly.windowHours', 24],
  ['broker failure: critical after 1 minute (I9)', 'limits.brokersUnreachable.criticalForMinutes', 1],
  ['offline partitions after 1 minute (I9)', 'limits.offlinePartitions.emergencyForMinutes', 1],
  ['P0: 5 minutes', 'responseMinutes.emergency', 5],
  ['P1: 15 minutes', 'responseMinutes.critical', 15],
  ['P2: 1 hour', 'responseMinutes.warning', 60],
  ['P3: 4 hours', 'responseMinutes.notice', 240],
  ['directors are paged as a P0 opens', 'escalation.emergency.0', { afterMinutes: 0, to: 'management' }],
  ['the CTO is paged as a P0 opens', 'escalation.emergency.1', { afterMinutes: 0, to: 'executives' }],
  ['daily check at 08:00', 'schedules.cluster-health-full', 'cron(0 8 * * ? *)'],
];

const messageBroker: readonly Row[] = [
  ['disk: warning at 85 %', 'limits.diskUsedPercent.warning', 85],
  ['disk: critical at 90 %', 'limits.diskUsedPercent.critical', 90],
  ['disk: for 15 minutes', 'limits.diskUsedPercent.criticalForMinutes', 15],
  ['disk: scale at 75 %', 'scaling.diskUsedPercent.warning', 75],
  ['disk: scale after 30 minutes', 'scaling.diskUsedPercent.warningForMinutes', 30],
  ['CPU: scale at 80 %', 'scaling.cpuUsedPercent.warning', 80],
  ['CPU: scale after 15 minutes', 'scaling.cpuUsedPercent.warningForMinutes', 15],
  ['memory: scale at 85 %', 'scaling.memoryUsedPercent.warning', 85],
  ['memory: scale after 15 minutes', 'scaling.memoryUsedPercent.warningForMinutes', 15],
  ['lag: 1 000 (H4)', 'limits.lagMessages.notice', 1000],
  ['lag: warning at 10 000', 'limits.lagMessages.warning', 10_000],
  ['lag: the rule’s 10 minutes', 'limits.lagMessages.warningForMinutes', 10],
  ['lag: critical at 100 000', 'limits.lagMessages.critical', 100_000],
  ['lag: for 10 minutes (I9)', 'limits.lagMessages.criticalForMinutes', 10],
  ['consumers: scale at lag 50 000', 'scaling.lagMessages.warning', 50_000],
  ['consumers: scale after 10 minutes', 'scaling.lagMessages.warningForMinutes', 10],
  ['under-replicated: warning above 0', 'limits.underReplicatedPartitions.warning', 0],
  ['under-replicated: warning after 5 minutes', 'limits.underReplicatedPartitions.warningForMinutes', 5],
  ['under-replicated: critical above 0', 'limits.underReplicatedPartitions.critical', 0],
  ['under-replicated: critical after 15 minutes', 'limits.underReplicatedPartitions.criticalForMinutes', 15],
  ['P99: 100 ms wanted', 'limits.latencyP99Ms.notice', 100],
  ['P99: warning at 200 ms', 'limits.latencyP99Ms.warning', 200],
  ['P99: critical at 500 ms', 'limits.latencyP99Ms.critical', 500],
  ['throughput: 10 000 messages a second', 'limits.messagesInPerSecond.warning', 10_000],
  ['throughput: for 15 minutes', 'limits.messagesInPerSecond.warningForMinutes', 15],
  ['broker more at 80 000 messages a second', 'scaling.messagesInPerSecond.warning', 80_000],
  ['broker more after 15 minutes', 'scaling.messagesInPerSecond.warningForMinutes', 15],
  ['plan at 100 000 messages a second', 'scaling.messagesInPerSecond.critical', 100_000],
  ['partitions: 12 for a lagging topic', 'partitions.laggingTopicTotal', 12],
  ['disk I/O: 50 % wanted', 'limits.diskIoPercent.notice', 50],
  ['disk I/O: 70 %', 'limits.diskIoPercent.warning', 70],
  ['availability: 99.99 %', 'floors.availabilityPercent.warning', 99.99],
  ['availability: 99.9 %', 'floors.availabilityPercent.critical', 99.9],
  ['broker down: for 1 minute (I9)', 'limits.brokersUnreachable.criticalForMinutes', 1],
  ['offline partitions: for 1 minute (I9)', 'limits.offlinePartitions.emergencyForMinutes', 1],
  ['its P1: 15 minutes', 'responseMinutes.emergency', 15],
  ['its P2: 30 minutes', 'responseMinutes.critical', 30],
  ['its P3: 2 hours', 'responseMinutes.warning', 120],
  ['its P4: 24 hours', 'responseMinutes.notice', 1440],
  ['daily checks at 08:00, 13:00, 18:00', 'schedules.cluster-health-full', 'cron(0 8,13,18 * * ? *)'],
];

const performanceTuning: readonly Row[] = [
  ['disk: 70 %', 'limits.diskUsedPercent.warning', 70],
  ['disk: 85 %', 'limits.diskUsedPercent.critical', 85],
  ['disk: 95 %', 'limits.diskUsedPercent.emergency', 95],
  ['disk: scale at 70 %', 'scaling.diskUsedPercent.warning', 70],
  ['disk: scale at 80 %', 'scaling.diskUsedPercent.critical', 80],
  ['CPU: 60 %', 'limits.cpuUsedPercent.warning', 60],
  ['CPU: 80 %', 'limits.cpuUsedPercent.critical', 80],
  ['CPU: 95 %', 'limits.cpuUsedPercent.emergency', 95],
  ['CPU: scale at 60 %', 'scaling.cpuUsedPercent.warning', 60],
  ['CPU: scale at 70 %', 'scaling.cpuUsedPercent.critical', 70],
  ['memory: 70 %', 'limits.memoryUsedPercent.warning', 70],
  ['memory: 85 %', 'limits.memoryUsedPercent.critical', 85],
  ['memory: 95 %', 'limits.memoryUsedPercent.emergency', 95],
  ['memory: scale at 70 %', 'scaling.memoryUsedPercent.warning', 70],
  ['memory: scale at 80 %', 'scaling.memoryUsedPercent.critical', 80],
  ['lag: 1 000 (H4)', 'limits.lagMessages.notice', 1000],
  ['lag: 10 000', 'limits.lagMessages.warning', 10_000],
  ['lag: 50 000', 'limits.lagMessages.critical', 50_000],
  ['lag: on average 10 000', 'limits.averageLagMessages.warning', 10_000],
  ['under-replicated: above 0', 'limits.underReplicatedPartitions.warning', 0],
  ['under-replicated: above 10 is critical', 'limits.underReplicatedPartitions.critical', 10],
  ['P99: 50 ms wanted', 'limits.latencyP99Ms.notice', 50],
  ['P99: 100 ms', 'limits.latencyP99Ms.warning', 100],
  ['P99: 500 ms', 'limits.latencyP99Ms.critical', 500],
  ['messages a day: 8 million', 'limits.messagesPerDay.warning', 8_000_000],
  ['messages a day: 9 million', 'limits.messagesPerDay.critical', 9_000_000],
  ['messages a second: 800', 'limits.messagesInPerSecond.warning', 800],
  ['messages a second: 900', 'limits.messagesInPerSecond.critical', 900],
  ['partitions: max(T/p, T/c)', 'partitions.isSizedByThroughput', true],
  ['broker down: for 1 minute (I9)', 'limits.brokersUnreachable.criticalForMinutes', 1],
  ['offline partitions: for 1 minute (I9)', 'limits.offlinePartitions.emergencyForMinutes', 1],
];

const rowsByPreset: Readonly<Record<(typeof presetNames)[number], readonly Row[]>> = {
  'msk-operations': mskOperations,
  'daily-procedures': dailyProcedures,
  'message-broker': messageBroker,
  'performance-tuning': performanceTuning,
};

for (const name of presetNames) {
  const preset = readPreset(name);
  test.each(rowsByPreset[name])(`${name}: %s`, (_demand, path, value) => {
    expect(valueAt(preset, path)).toEqual(value);
  });
}

const listLimitPaths = (preset: Preset): string[] =>
  (['limits', 'floors', 'scaling'] as const).flatMap((group) =>
    Object.entries(preset[group]).flatMap(([quantity, limit]) =>
      Object.keys(limit).map((level) => `${group}.${quantity}.${level}`),
    ),
  );

/** Minutes that no system names and AWS advises for MSK, where the limit itself is a system's. */
const adviceMinutes: Readonly<Record<string, number>> = {
  'limits.cpuUsedPercent': 5,
  'limits.memoryUsedPercent': 5,
  'limits.networkUsedPercent': 5,
  'limits.heapAfterGcPercent': 15,
  'limits.lagSeconds': 5,
  'floors.requestHandlerIdlePercent': 5,
};

test.each(presetNames)('%s lets no single busy minute of a machine wake anybody', (name) => {
  const preset = readPreset(name);
  for (const [path, minutes] of Object.entries(adviceMinutes)) {
    const limit = valueAt(preset, path);
    if (typeof limit !== 'object' || limit === null) continue;
    const levels = Object.keys(limit).filter((key) => !key.endsWith('ForMinutes'));
    for (const level of levels) expect(valueAt(preset, `${path}.${level}ForMinutes`)).toBe(minutes);
  }
});

/** Named for every system alike, and stated once above, at the default preset. */
const common = ['limits.offlinePartitions.emergency', 'limits.brokersUnreachable.critical'];

test.each(presetNames)('%s names no limit that its runbook does not', (name) => {
  const known = new Set([...rowsByPreset[name].map(([, path]) => path), ...common]);
  const strays = listLimitPaths(readPreset(name)).filter((path) => !known.has(path));
  const isAdvice = (path: string) =>
    path.endsWith('ForMinutes') && path.slice(0, path.lastIndexOf('.')) in adviceMinutes;
  expect(strays.filter((path) => path !== 'limits.underMinIsrPartitions.critical' && !isAdvice(path))).toEqual([]);
});

test.each(presetNames)('%s: what starts as P0 or P1 reaches management in 1 hour and executives in 2', (name) => {
  const { emergency, critical, warning } = readPreset(name).escalation;
  expect(critical).toEqual([
    { afterMinutes: 30, to: 'emergency' },
    { afterMinutes: 60, to: 'management' },
    { afterMinutes: 120, to: 'executives' },
  ]);
  if (name !== 'daily-procedures') {
    expect(emergency).toEqual([
      { afterMinutes: 60, to: 'management' },
      { afterMinutes: 120, to: 'executives' },
    ]);
  }
  expect(warning).toEqual([
    { afterMinutes: 15, to: 'critical' },
    { afterMinutes: 30, to: 'emergency' },
  ]);
});
