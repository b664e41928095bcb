import { expect, test } from 'vitest';
import { planStorageAlarms } from '../../../../../functions/capacity/storage-scaling/alarms.ts';
import { deployment } from '../../../../../functions/capacity/storage-scaling/deployment.ts';
import type { ClusterConfiguration } from '../../../../../shared/core/configuration.ts';
import { alarmResource } from '../../../../../shared/deployment/alarm.ts';
import type { StackContext } from '../../../../../shared/deployment/names.ts';
import { testAlarmTable } from '../../../infra/stack/alarm-oracle.ts';
import { alarmTable } from '../../../infra/stack/alarm-row.ts';
import { metricsOf, serverless } from '../../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../../infra/stack/stack-under-test.ts';

testAlarmTable(deployment, {
  common: [],
  byPreset: {
    'msk-operations': alarmTable(`
disk warning | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 80 | 1 of 16 × 60 s | ignore | C5 at 80 %, §7 A names no time; ours, 15 min more to look back on: MSK restarts a broker in 15 min at most, and a full disk is full meanwhile; 6, 8 all volumes grow together, so the fullest counts; ours, silence and severity as disk-used
`),
    'daily-procedures': [],
    'message-broker': alarmTable(`
disk warning | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 75 | 30 of 45 × 60 s | ignore | §7 C scale at 75 for 30 min; the rest as in A
`),
    'performance-tuning': alarmTable(`
disk warning | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 70 | 1 of 16 × 60 s | ignore | §7 D scale 70 / 80: the first asks, the second only urges; the rest as in A
`),
  },
  notOfExpress: ['disk'],
});

const namesOf = (change: Partial<ClusterConfiguration>, preset?: string) => {
  const context = contextWith(change, preset);
  return planStorageAlarms(context).alarms.map((alarm) => alarmResource(context, alarm).Properties.AlarmName);
};

test('one alarm watches up to ten brokers, and larger clusters have one for every ten', () => {
  expect(namesOf({ brokerCount: 10 })).toEqual(['mskeeper/orders/storage-scaling/disk/warning/brokers-1-to-10']);
  expect(namesOf({ brokerCount: 21 })).toEqual([
    'mskeeper/orders/storage-scaling/disk/warning/brokers-1-to-10',
    'mskeeper/orders/storage-scaling/disk/warning/brokers-11-to-20',
    'mskeeper/orders/storage-scaling/disk/warning/brokers-21-to-30',
  ]);
});

test('every broker is watched once, and none that is not there', () => {
  for (const brokerCount of [1, 3, 10, 11, 30, 60]) {
    const { alarms } = planStorageAlarms(contextWith({ brokerCount }));
    const ids = alarms.flatMap((alarm) => metricsOf(alarm).map(({ dimensions }) => Number(dimensions['Broker ID'])));
    expect(ids).toEqual(Array.from({ length: brokerCount }, (_, index) => index + 1));
    expect(alarms.every((alarm) => metricsOf(alarm).length <= 10)).toBe(true);
  }
});

test('a full disk stays over its limit while its broker restarts: its last value stands, for a quarter of an hour', () => {
  const [disk] = planStorageAlarms(contextWith()).alarms;
  expect(disk).toMatchObject({
    signal: { expression: 'MAX(FILL([m1, m2, m3], REPEAT))' },
    evaluationPeriods: 16,
    datapointsToAlarm: 1,
    missing: { treatment: 'ignore' },
  });
});

const withModeOff = (): StackContext => {
  const { configuration, ...context } = contextWith();
  return {
    ...context,
    configuration: { ...configuration, modes: { ...configuration.modes, 'storage-scaling': 'off' } },
  };
};

test.each<[string, StackContext, string]>([
  ['Express has no volumes', contextWith({ brokerKind: 'express' }), 'not emitted by express brokers'],
  ['Serverless has no volumes', contextWith(serverless), 'not emitted by serverless brokers'],
  ['B names no share at which storage grows', contextWith({}, 'daily-procedures'), 'names no scaling.diskUsedPercent'],
  ['mode off wakes nobody', withModeOff(), 'is off'],
])('%s: no alarm, and it is said why', (_name, context, because) => {
  const { alarms, notMade } = planStorageAlarms(context);
  expect(alarms).toEqual([]);
  expect(notMade).toEqual([{ what: expect.stringContaining('disk'), because: expect.stringContaining(because) }]);
});
