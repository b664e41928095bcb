import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import type { CallScope } from '../run/call-scope.ts';
import { fetchAllPages, parseAnswer } from './answer.ts';
import { callAws } from './call.ts';

/** A metric alarm, as far as it tells what is watched. */
export type MetricAlarm = {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly areActionsEnabled: boolean;
  /** Ids in the `Broker ID` dimension of any metric that the alarm reads, ascending. */
  readonly brokerIds: readonly number[];
};

const dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);

const alarmsAnswer = z.object({
  MetricAlarms: z
    .array(
      z.object({
        AlarmName: z.string().min(1),
        StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
        ActionsEnabled: z.boolean().default(true),
        Dimensions: dimensions,
        Metrics: z
          .array(
            z.object({
              MetricStat: z.object({ Metric: z.object({ Dimensions: dimensions }) }).optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  NextToken: z.string().optional(),
});

type Alarm = z.infer<typeof alarmsAnswer>['MetricAlarms'][number];

/**
 * Every page of the metric alarms whose name starts with `namePrefix`.
 *
 * @param read what is wanted of one page; it may refuse the page's shape
 * @throws DependencyError naming `cloudwatch:DescribeAlarms`
 */
export const fetchAlarmPages = <Item>(
  client: CloudWatchClient,
  calls: CallScope,
  namePrefix: string,
  read: (page: DescribeAlarmsCommandOutput, call: string) => readonly Item[],
): Promise<readonly Item[]> => {
  const call = 'cloudwatch:DescribeAlarms';
  return fetchAllPages(call, async (nextToken) => {
    const command = new DescribeAlarmsCommand({
      AlarmNamePrefix: namePrefix,
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: 100,
      NextToken: nextToken,
    });
    const page = await callAws(calls, call, (options) => client.send(command, options));
    return { items: read(page, call), nextToken: page.NextToken };
  });
};

/**
 * Metric alarms whose name starts with `namePrefix` (`mskeeper-orders-`).
 *
 * @throws DependencyError naming `cloudwatch:DescribeAlarms`
 */
export const fetchMetricAlarms = (
  client: CloudWatchClient,
  calls: CallScope,
  namePrefix: string,
): Promise<readonly MetricAlarm[]> =>
  fetchAlarmPages(client, calls, namePrefix, (page, call) =>
    parseAnswer(call, alarmsAnswer, page).MetricAlarms.map(metricAlarm),
  );

function metricAlarm(alarm: Alarm): MetricAlarm {
  const all = [alarm.Dimensions, ...alarm.Metrics.map(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? [])].flat();
  const ids = all.filter(({ Name, Value }) => Name === 'Broker ID' && /^\d{1,9}$/.test(Value));
  return {
    name: alarm.AlarmName,
    state: alarm.StateValue,
    areActionsEnabled: alarm.ActionsEnabled,
    brokerIds: [...new Set(ids.map(({ Value }) => Number(Value)))].toSorted((left, right) => left - right),
  };
}
