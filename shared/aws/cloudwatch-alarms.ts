import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { DependencyError } from '../core/errors.ts';
import { type OwnAlarm, type OwnAlarms, recognise } from '../core/own-alarms.ts';
import type { CallScope } from '../run/call-scope.ts';
import { fetchAllPages, ifReadable, parseAnswer, timeMs } from './answer.ts';
import { callAws } from './call.ts';

const call = 'cloudwatch:DescribeAlarms';

const alarmStates = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

/** An alarm of the stack, as far as it tells what is watched. */
export type MetricAlarm = OwnAlarm & {
  /** `unknown` where CloudWatch says nothing that we know: the alarm may fire. */
  readonly state: (typeof alarmStates)[number] | 'unknown';
  /** It has actions and they are switched off; also where CloudWatch says of neither. Most alarms have none: incident hears them. */
  readonly isMuted: boolean;
  /** Ids in the `Broker ID` dimension of any metric that the alarm reads, ascending. */
  readonly brokerIds: readonly number[];
};

/** What is odd of an alarm stays with it, and never spoils the others. */
const dimensions = z.array(ifReadable(z.object({ Name: z.string(), Value: z.string() }))).catch([]);

const alarmRow = z
  .object({
    AlarmName: ifReadable(z.string().min(1)),
    StateValue: z.enum([...alarmStates, 'unknown']).catch('unknown'),
    ActionsEnabled: z.boolean().catch(false),
    AlarmActions: z.array(z.unknown()).nullish().catch([undefined]),
    StateTransitionedTimestamp: ifReadable(timeMs),
    Dimensions: dimensions,
    Metrics: z
      .array(
        ifReadable(z.object({ MetricStat: ifReadable(z.object({ Metric: z.object({ Dimensions: dimensions }) })) })),
      )
      .catch([]),
  })
  .catch({ StateValue: 'unknown', ActionsEnabled: false, Dimensions: [], Metrics: [] });

const alarmsAnswer = z.object({ MetricAlarms: z.array(alarmRow).default([]), NextToken: z.string().optional() });

type AlarmRow = z.infer<typeof alarmRow>;

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
  read: (page: DescribeAlarmsCommandOutput) => readonly Item[],
): Promise<readonly Item[]> =>
  fetchAllPages(call, async (nextToken) => {
    const command = new DescribeAlarmsCommand({
      AlarmNamePrefix: namePrefix,
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: 100,
      NextToken: nextToken,
    });
    const page = await callAws(calls, call, (options) => client.send(command, options));
    return { items: read(page), nextToken: page.NextToken };
  });

/**
 * The stack's own metric alarms that exist. CloudWatch is asked by what their names begin with; what it tells beyond the
 * list is somebody else's, or another deploy's, and is left out.
 *
 * @throws DependencyError naming `cloudwatch:DescribeAlarms`; `bad-answer` where an alarm of no name may be one that is missed
 */
export const fetchOwnAlarms = async (
  client: CloudWatchClient,
  calls: CallScope,
  { prefix, alarms }: OwnAlarms,
): Promise<readonly MetricAlarm[]> => {
  const ownByName = new Map(alarms.map((alarm) => [alarm.name, alarm]));
  const rows = await fetchAlarmPages(client, calls, prefix, rowsOf);
  const own = rows.flatMap((row) => {
    const known = row.AlarmName === undefined ? undefined : ownByName.get(row.AlarmName);
    return known === undefined ? [] : [metricAlarm(row, known)];
  });
  const namelessCount = rows.filter(({ AlarmName }) => AlarmName === undefined).length;
  if (namelessCount === 0 || own.length >= ownByName.size) return own;
  throw new DependencyError(call, 'bad-answer', `bad answer: ${namelessCount} of ${rows.length} alarms without a name`);
};

/** `changedAtMs`: when it last went from one state to another; absent where CloudWatch does not say. */
export type WakingAlarm = Pick<MetricAlarm, 'name' | 'state'> & { readonly changedAtMs?: number };

/**
 * The alarms that wake a procedure, also those of another deploy of this stack: a durable run outlives the deploy that
 * it began with, and must not take an alarm under a new name for one that is over. One without a name may be any of them.
 *
 * @throws DependencyError naming `cloudwatch:DescribeAlarms`
 */
export const fetchWakingAlarms = async (
  client: CloudWatchClient,
  calls: CallScope,
  own: OwnAlarms,
  slug: string,
): Promise<readonly WakingAlarm[]> => {
  const { accountId, region } = own;
  const isStranger = (alarmName: string) => recognise(own, slug, { accountId, region, alarmName }).kind === 'stranger';
  const rows = await fetchAlarmPages(client, calls, own.prefix, rowsOf);
  return rows.flatMap(({ AlarmName, StateValue, StateTransitionedTimestamp: changedAtMs }) =>
    AlarmName !== undefined && isStranger(AlarmName)
      ? []
      : [
          {
            name: AlarmName ?? 'an alarm without a name',
            state: StateValue,
            ...(changedAtMs !== undefined && { changedAtMs }),
          },
        ],
  );
};

const rowsOf = (page: DescribeAlarmsCommandOutput): readonly AlarmRow[] =>
  parseAnswer(call, alarmsAnswer, page).MetricAlarms;

function metricAlarm(row: AlarmRow, { name, rule, wakes }: OwnAlarm): MetricAlarm {
  const all = [row.Dimensions, ...row.Metrics.map((metric) => metric?.MetricStat?.Metric.Dimensions ?? [])].flat();
  const ids = all.flatMap((one) =>
    one?.Name === 'Broker ID' && /^\d{1,9}$/.test(one.Value) ? [Number(one.Value)] : [],
  );
  return {
    name,
    rule,
    wakes,
    state: row.StateValue,
    isMuted: !row.ActionsEnabled && (row.AlarmActions ?? []).length > 0,
    brokerIds: [...new Set(ids)].toSorted((left, right) => left - right),
  };
}
