import { expect, test } from 'vitest';
import { planLagAlarms } from '../../../../../functions/health/consumer-lag/alarms.ts';
import type { ClusterConfiguration } from '../../../../../shared/core/configuration.ts';
import { everything, testAlarmTable } from '../../../infra/stack/alarm-oracle.ts';
import { alarmTable, rowOf } from '../../../infra/stack/alarm-row.ts';
import { named, serverless } from '../../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../../infra/stack/stack-under-test.ts';

const planWith = (change: Partial<ClusterConfiguration>) => planLagAlarms(contextWith({ ...named, ...change }));
const inSeconds = (change: Partial<ClusterConfiguration> = {}) =>
  planWith(change).alarms.filter(({ slug }) => slug === 'lag-seconds');

testAlarmTable(
  { alarms: [planLagAlarms] },
  {
    common: [],
    byPreset: {
      'msk-operations': alarmTable(`
lag-seconds warning | EstimatedMaxTimeLag Maximum | > 60 | 5 of 5 × 60 s | missing | §7 A 1 min; 6, 1 seconds; I9 5 min of lag, before AWS's 15; MSK: silent while a group rebalances, which is not well
lag-seconds critical | EstimatedMaxTimeLag Maximum | > 300 | 5 of 5 × 60 s | missing | §7 A 5 min; the rest as above
`),
      'daily-procedures': alarmTable(`
lag-messages warning | SumOffsetLag Maximum | > 10000 | 5 of 5 × 60 s | missing | §7 B 10 000; I9 5 min; a group's whole lag on a topic: ours, B says just lag
lag-messages critical | SumOffsetLag Maximum | > 50000 | 5 of 5 × 60 s | missing | §7 B and I9, 50 000 for 5 min
`),
      'message-broker': alarmTable(`
lag-messages warning | SumOffsetLag Maximum | > 10000 | 10 of 10 × 60 s | missing | §7 C 10 k, its rule warns after 10 min
lag-messages critical | SumOffsetLag Maximum | > 100000 | 10 of 10 × 60 s | missing | §7 C and I9, 100 k for 10 min
`),
      'performance-tuning': alarmTable(`
lag-messages warning | SumOffsetLag Maximum | > 10000 | 5 of 5 × 60 s | missing | §7 D 10 000; I9 5 min
lag-messages critical | SumOffsetLag Maximum | > 50000 | 5 of 5 × 60 s | missing | §7 D and I9, 50 000 for 5 min
`),
    },
    notOfExpress: [],
  },
);

test('Serverless: its own name of lag in seconds, and a point a partition, so the offsets are summed', () => {
  const shown = (preset: string) =>
    planLagAlarms(contextWith({ ...everything, ...serverless }, preset))
      .alarms.map(rowOf)
      .map(({ alarm, signal, condition }) => [alarm, signal, condition]);
  expect(shown('msk-operations')).toEqual([
    ['lag-seconds warning', 'MaxEstimatedTimeLag Maximum', '> 60'],
    ['lag-seconds critical', 'MaxEstimatedTimeLag Maximum', '> 300'],
  ]);
  expect(shown('daily-procedures')).toEqual([
    ['lag-messages warning', 'SumOffsetLag Sum', '> 10000'],
    ['lag-messages critical', 'SumOffsetLag Sum', '> 50000'],
  ]);
});

test('a lag in seconds is one of MSK’s seconds: five minutes are 300', () => {
  const alarms = inSeconds().filter(({ severity }) => severity === 'critical');
  expect(alarms).toMatchObject([
    { threshold: 300, signal: { metric: { name: 'EstimatedMaxTimeLag', statistic: 'Maximum' } } },
  ]);
  expect(inSeconds(serverless)[0]).toMatchObject({
    signal: { metric: { name: 'MaxEstimatedTimeLag' } },
  });
});

test('a group that is ignored has no lag alarm, although it is named', () => {
  const groups = { watch: ['billing', 'audit'], ignore: ['aud*'] };
  const subjects = inSeconds({ groups }).map(({ subject }) => subject);
  expect([...new Set(subjects)].filter((subject) => subject?.startsWith('audit'))).toEqual([]);
  expect(subjects.some((subject) => subject?.startsWith('billing'))).toBe(true);
});

test('a lag whose group is named by a pattern has no alarm, and that is told', () => {
  const { alarms, notMade } = planWith({ groups: { watch: ['billing-*'], ignore: [] } });
  expect(alarms).toEqual([]);
  expect(notMade.map(({ what }) => what)).toContain('lag');
});

test.each(['billing:v2', 'Rechnungsprüfung', ' '])(
  'a group like %j has no lag, so no alarm, and that is told',
  (group) => {
    const { alarms, notMade } = planWith({ groups: { watch: [group], ignore: [] } });
    expect(alarms).toEqual([]);
    expect(notMade.map(({ what }) => what)).toContain(`lag of group ${group}`);
  },
);
