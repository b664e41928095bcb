import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../local/aws/delivery.ts';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import type { EventBridgeEvent } from '../../../local/aws/services/eventbridge/event.ts';
import { ACCOUNT_ID, REGION, START_MS, serveAws } from '../../support/aws.ts';
import { createResource } from '../../support/aws-resource.ts';

const aws = serveAws();
const events: EventBridgeEvent[] = [];
const deliveries: Delivery[] = [];
const watch = createCloudWatch(aws.world, { putEvent: (event) => void events.push(event) });
aws.world.addReceiver('sns', async (delivery) => {
  if (delivery.targetArn.endsWith(':closed')) throw new Error('the topic is closed');
  deliveries.push(delivery);
});
const client = () => new CloudWatchClient(aws.client());

const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:critical`;
const closedArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:closed`;
const alarmArn = (name: string) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:${name}`;
const unreachable = { namespace: 'mskeeper', name: 'BrokersUnreachable', dimensions: { Cluster: 'orders' } };
const user = { namespace: 'AWS/Kafka', name: 'CpuUser', dimensions: { 'Broker ID': '1' } };
const system = { ...user, name: 'CpuSystem' };

const stateOf = async (name: string) => {
  const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } = await client().send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return (metric[0] ?? composite[0])?.StateValue;
};
const eventsOf = (name: string) => events.filter((event) => event.resources[0] === alarmArn(name));
type Detail = {
  configuration: { metrics: object[] };
  state: { value: string; reason: string; reasonData: string };
  previousState: object;
};
/** The events are typed as they travel; here their detail is known. */
const detailOf = (event: EventBridgeEvent | undefined): Detail => {
  if (event === undefined) throw new Error('the event is missing');
  return event.detail as Detail;
};
const mathMetric = (id: string, name: string) => ({
  Id: id,
  ReturnData: false,
  MetricStat: {
    Metric: { Namespace: 'AWS/Kafka', MetricName: name, Dimensions: [{ Name: 'Broker ID', Value: '1' }] },
    Period: '60',
    Stat: 'Average',
  },
});

beforeAll(async () => {
  // Numbers as strings: templates write them so.
  await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
    AlarmName: 'unreachable',
    AlarmDescription: 'A broker does not answer.',
    Namespace: 'mskeeper',
    MetricName: 'BrokersUnreachable',
    Dimensions: [{ Name: 'Cluster', Value: 'orders' }],
    Statistic: 'Maximum',
    Period: '60',
    EvaluationPeriods: '1',
    Threshold: '1',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'ignore',
    AlarmActions: [topicArn, closedArn],
  });
  await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
    AlarmName: 'cpu',
    Metrics: [
      { Id: 'e1', Expression: 'm1 + m2', Label: 'CPU', ReturnData: true },
      mathMetric('m1', 'CpuUser'),
      mathMetric('m2', 'CpuSystem'),
    ],
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 60,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  await createResource(aws.world, 'AWS::CloudWatch::CompositeAlarm', {
    AlarmName: 'trouble',
    AlarmRule: 'ALARM("unreachable") OR ALARM(cpu)',
  });
  watch.start();
});

test('a composite alarm is judged as soon as it is created', async () => {
  expect(await stateOf('trouble')).toBe('OK');
  expect(watch.alarms.get('trouble')?.state.reason).toBe(
    `${alarmArn('trouble')} was created and its alarm rule evaluates to OK`,
  );
});

describe('a single-metric alarm', () => {
  test('fires at the end of the minute in which the metric breached, and not before', async () => {
    watch.publish(unreachable, 1, { atMs: START_MS + 10_000 });
    await aws.clock.advanceTo(START_MS + 59_000);
    expect(await stateOf('unreachable')).toBe('INSUFFICIENT_DATA');
    await aws.clock.advanceTo(START_MS + 60_000);
    expect(await stateOf('unreachable')).toBe('ALARM');
  });

  test('sends the event that the User Guide prints', () => {
    const [event] = eventsOf('unreachable');
    expect(event).toMatchObject({
      version: '0',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: ACCOUNT_ID,
      time: '2026-11-21T06:01:00Z',
      region: REGION,
      resources: [alarmArn('unreachable')],
      detail: {
        alarmName: 'unreachable',
        configuration: {
          description: 'A broker does not answer.',
          metrics: [
            {
              id: expect.stringMatching(/^[0-9a-f-]{36}$/),
              metricStat: {
                metric: { dimensions: { Cluster: 'orders' }, name: 'BrokersUnreachable', namespace: 'mskeeper' },
                period: 60,
                stat: 'Maximum',
              },
              returnData: true,
            },
          ],
        },
        previousState: {
          reason: 'Unchecked: Initial alarm creation',
          timestamp: '2026-11-21T06:00:00.000+0000',
          value: 'INSUFFICIENT_DATA',
        },
        state: {
          reason:
            'Threshold Crossed: 1 out of the last 1 datapoints [1.0 (21/11/26 06:00:00)] was greater than or equal to ' +
            'the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).',
          timestamp: '2026-11-21T06:01:00.000+0000',
          value: 'ALARM',
        },
      },
    });
    const { state, previousState } = detailOf(event);
    expect(JSON.parse(state.reasonData)).toMatchObject({
      version: '1.0',
      startDate: '2026-11-21T06:00:00.000+0000',
      statistic: 'Maximum',
      period: 60,
      recentDatapoints: [1],
      threshold: 1,
    });
    expect(previousState).not.toHaveProperty('reasonData');
  });

  test('tells the topic, and an action that fails stands in its history', async () => {
    const [delivery] = deliveries;
    expect(delivery).toMatchObject({
      sender: { kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: alarmArn('unreachable') },
      targetArn: topicArn,
      attributes: { Subject: `ALARM: "unreachable" in ${REGION}` },
    });
    expect(JSON.parse(delivery?.payload ?? '{}')).toMatchObject({
      AlarmName: 'unreachable',
      NewStateValue: 'ALARM',
      OldStateValue: 'INSUFFICIENT_DATA',
      Trigger: { MetricName: 'BrokersUnreachable', Statistic: 'MAXIMUM', Threshold: 1 },
    });
    const { AlarmHistoryItems: items = [] } = await client().send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'unreachable', ScanBy: 'TimestampAscending' }),
    );
    expect(items.map(({ HistorySummary: summary }) => summary)).toEqual([
      'Alarm "unreachable" created',
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      `Successfully executed action ${topicArn}`,
      `Failed to execute action ${closedArn}. Received error: "the topic is closed"`,
    ]);
  });

  test('recovers when a good datapoint follows', async () => {
    watch.publish(unreachable, 0, { atMs: START_MS + 70_000 });
    await aws.clock.advanceTo(START_MS + 120_000);
    expect(await stateOf('unreachable')).toBe('OK');
  });
});

describe('a composite alarm', () => {
  test('followed its child both ways, and says which one in a string of JSON', () => {
    const [, raised, cleared] = eventsOf('trouble');
    expect([raised, cleared].map((event) => detailOf(event).state.value)).toEqual(['ALARM', 'OK']);
    const detail = detailOf(raised);
    expect(detail.configuration).toEqual({ alarmRule: 'ALARM("unreachable") OR ALARM(cpu)' });
    expect(detail.state.reason).toBe(
      `${alarmArn('unreachable')} transitioned to ALARM at Saturday 21 November, 2026 06:01:00 UTC`,
    );
    expect(JSON.parse(detail.state.reasonData)).toEqual({
      triggeringAlarms: [
        { arn: alarmArn('unreachable'), state: { value: 'ALARM', timestamp: '2026-11-21T06:01:00.000+0000' } },
        { arn: alarmArn('cpu'), state: { value: 'INSUFFICIENT_DATA', timestamp: '2026-11-21T06:00:00.000+0000' } },
      ],
    });
  });
});

describe('a metric-math alarm', () => {
  test('needs 2 of 3 datapoints of the sum, and its event has no metricStat first', async () => {
    for (const [minute, cpu] of [
      [2, 50],
      [3, 20],
      [4, 50],
    ] as const) {
      watch.publish(user, cpu, { atMs: START_MS + minute * 60_000 });
      watch.publish(system, 20, { atMs: START_MS + minute * 60_000 });
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
