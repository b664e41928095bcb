import { DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION, START_MS } from '../../support/aws/aws.ts';
import { alarmArn, closedArn, detailOf, serveAlarms, topicArn, unreachable } from '../../support/aws/serve-alarms.ts';

const { aws, client, deliveries, eventsOf, stateOf, watch } = serveAlarms();

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
