import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { type OwnAlarm, type OwnAlarms, recognise } from '../core/own-alarms.ts';
import type { CallScope } from '../run/call-scope.ts';
import { fetchAllPages, parseAnswer } from './answer.ts';
import { callAws } from './call.ts';

/** An alarm of the stack, as far as it tells what is watched. */
export type MetricAlarm = OwnAlarm & {
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
 * The stack's own metric alarms that exist. CloudWatch is asked by what their names begin with; what it tells beyond the
 * list is somebody else's, or another deploy's, and is left out.
 *
 * @throws DependencyError naming `cloudwatch:DescribeAlarms`
 */
export const fetchOwnAlarms = async (
  client: CloudWatchClient,
  calls: CallScope,
  { prefix, alarms }: OwnAlarms,
): Promise<readonly MetricAlarm[]> => {
  const ownByName = new Map(alarms.map((alarm) => [alarm.name, alarm]));
  return fetchAlarmPages(client, calls, prefix, (page, call) =>
    parseAnswer(call, alarmsAnswer, page).MetricAlarms.flatMap((alarm) => {
      const own = ownByName.get(alarm.AlarmName);
      return own === undefined ? [] : [metricAlarm(alarm, own)];
    }),
  );
};

/**
 * The alarms that wake a procedure, also those of another deploy of this stack: a durable run outlives the deploy that
 * it began with, and must not take an alarm under a new name for one that is over.
 *
 * @throws DependencyError naming `cloudwatch:DescribeAlarms`
 */
export const fetchWakingAlarms = (
  client: CloudWatchClient,
  calls: CallScope,
  own: OwnAlarms,
  slug: string,
): Promise<readonly Pick<MetricAlarm, 'name' | 'state'>[]> => {
  const { accountId, region } = own;
  const isStranger = (alarmName: string) => recognise(own, slug, { accountId, region, alarmName }).kind === 'stranger';
  return fetchAlarmPages(client, calls, own.prefix, (page, call) =>
    parseAnswer(call, alarmsAnswer, page).MetricAlarms.flatMap(({ AlarmName, StateValue }) =>
      isStranger(AlarmName) ? [] : [{ name: AlarmName, state: StateValue }],
    ),
  );
};

function metricAlarm(alarm: Alarm, { rule, wakes }: OwnAlarm): MetricAlarm {
  const all = [alarm.Dimensions, ...alarm.Metrics.map(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? [])].flat();
  const ids = all.filter(({ Name, Value }) => Name === 'Broker ID' && /^\d{1,9}$/.test(Value));
  return {
    name: alarm.AlarmName,
    rule,
    wakes,
    state: alarm.StateValue,
    areActionsEnabled: alarm.ActionsEnabled,
    brokerIds: [...new Set(ids.map(({ Value }) => Number(Value)))].toSorted((left, right) => left - right),
  };
}
