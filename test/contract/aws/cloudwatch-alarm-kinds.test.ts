import { DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { fetchComposites } from '../../../cli/account/alarms.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { START_MS } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { cpuSystem, cpuUser, detailOf, serveAlarms } from '../../support/aws/serve-alarms.ts';

const { aws, client, eventsOf, stateOf, watch } = serveAlarms();

describe('a metric-math alarm', () => {
  test('needs 2 of 3 datapoints of the sum, and its event has no metricStat first', async () => {
    for (const [minute, cpu] of [
      [2, 50],
      [3, 20],
      [4, 50],
    ] as const) {
      watch.publish(cpuUser, cpu, { atMs: START_MS + minute * 60_000 });
      watch.publish(cpuSystem, 20, { atMs: START_MS + minute * 60_000 });
    }
    await aws.clock.advanceTo(START_MS + 4 * 60_000);
    expect(await stateOf('cpu')).toBe('OK');
    await aws.clock.advanceTo(START_MS + 5 * 60_000);
    expect(await stateOf('cpu')).toBe('ALARM');
    const detail = detailOf(eventsOf('cpu').at(-1));
    expect(detail.configuration.metrics).toEqual([
      { expression: 'm1 + m2', id: 'e1', label: 'CPU', returnData: true },
      {
        id: 'm1',
        metricStat: {
          metric: { dimensions: { 'Broker ID': '1' }, name: 'CpuUser', namespace: 'AWS/Kafka' },
          period: 60,
          stat: 'Average',
        },
        returnData: false,
      },
      expect.objectContaining({ id: 'm2' }),
    ]);
  });
});

test('SetAlarmState lasts until the next evaluation, and an empty reason is left out of the next event', async () => {
  const before = eventsOf('cpu').length;
  await client().send(new SetAlarmStateCommand({ AlarmName: 'cpu', StateValue: 'INSUFFICIENT_DATA', StateReason: '' }));
  expect(await stateOf('cpu')).toBe('INSUFFICIENT_DATA');
  await aws.clock.advanceTo(START_MS + 6 * 60_000);
  expect(await stateOf('cpu')).toBe('ALARM');
  const [, back] = eventsOf('cpu').slice(before);
  expect(detailOf(back).previousState).not.toHaveProperty('reason');
  await expect(
    client().send(new SetAlarmStateCommand({ AlarmName: 'nobody', StateValue: 'OK', StateReason: 'x' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFound' });
});

test('DescribeAlarms shows metric alarms unless it is asked for composites, and filters by state', async () => {
  const described = await client().send(new DescribeAlarmsCommand({}));
  expect(described.MetricAlarms?.map((alarm) => alarm.AlarmName)).toEqual(['unreachable', 'cpu']);
  expect(described.CompositeAlarms).toEqual([]);
  expect(described.MetricAlarms?.[0]).toMatchObject({ Threshold: 1, Statistic: 'Maximum', DatapointsToAlarm: 1 });
  expect(described.MetricAlarms?.[1]?.Metrics?.map((query) => query.Id)).toEqual(['e1', 'm1', 'm2']);
  const alarming = await client().send(new DescribeAlarmsCommand({ StateValue: 'ALARM', MaxRecords: 1 }));
  expect(alarming.MetricAlarms?.map((alarm) => alarm.AlarmName)).toEqual(['cpu']);
});

test('composites are listed by what their names begin with, with whether they may act', async () => {
  const listed = (prefix: string) => fetchComposites(client(), openCallScope(new AbortController().signal), prefix);
  expect(await listed('tr')).toEqual([{ name: 'trouble', areActionsEnabled: true, actionCount: 0 }]);
  expect(await listed('cpu')).toEqual([]);
});

test.each([
  ['more datapoints than periods', { DatapointsToAlarm: 2 }, /greater than EvaluationPeriods/],
  ['an unknown property', { ThresholdMetricId: 'ad1' }, /ThresholdMetricId/],
  ['a window over a day', { EvaluationPeriods: 1441 }, /86400/],
  ['a trimmed mean', { ExtendedStatistic: 'tm99', Statistic: undefined }, /tm99/],
])('a template with %s is refused', async (_what, properties, reason) => {
  const alarm = {
    Namespace: 'N',
    MetricName: 'm',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    ...properties,
  };
  await expect(createResource(aws.world, 'AWS::CloudWatch::Alarm', alarm)).rejects.toThrow(reason);
});
