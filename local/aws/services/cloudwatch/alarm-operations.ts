import type {
  DescribeAlarmHistoryCommandInput,
  DescribeAlarmHistoryCommandOutput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  SetAlarmStateCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { pageOf } from '../../page.ts';
import { AwsError, type Call, type OperationHandler, type Permission } from '../../service.ts';
import type { HistoryItem, WatchedAlarm } from './alarm.ts';
import { describeComposite, describeMetricAlarm } from './alarm-description.ts';
import type { AlarmWatch } from './alarm-watch.ts';
import { invalid } from './metric-query.ts';

const alarmsPerPage = 50;
const mostPerPage = 100;

/** DescribeAlarms: by names or prefix, state, type (metric alarms unless asked otherwise) and action prefix. */
export function describeAlarms(
  watch: AlarmWatch,
): OperationHandler<DescribeAlarmsCommandInput, Omit<DescribeAlarmsCommandOutput, '$metadata'>> {
  return {
    authorize: (_input, call) => [permission('cloudwatch:DescribeAlarms', '*', call)],
    run(input) {
      if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) {
        throw invalid('AlarmNames and AlarmNamePrefix cannot be given together.');
      }
      if (input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined) {
        throw invalid('ChildrenOfAlarmName and ParentsOfAlarmName are not served here.');
      }
      const types = input.AlarmTypes ?? ['MetricAlarm'];
      const found = [...watch.alarms.values()].filter(
        (watched) =>
          types.includes(watched.alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm') && isAsked(watched, input),
      );
      const { items, nextToken } = pageOf(found, {
        list: 'alarms',
        pageSize: readLimit(input.MaxRecords),
        token: input.NextToken,
        badTokenCode: 'InvalidNextToken',
      });
      return {
        MetricAlarms: items.flatMap((each) =>
          each.alarm.kind === 'metric' ? [describeMetricAlarm(each, each.alarm)] : [],
        ),
        CompositeAlarms: items.flatMap((each) =>
          each.alarm.kind === 'composite' ? [describeComposite(each, each.alarm)] : [],
        ),
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      };
    },
  };
}

/** DescribeAlarmHistory, newest first unless ScanBy says TimestampAscending. */
export function describeAlarmHistory(
  history: readonly HistoryItem[],
): OperationHandler<DescribeAlarmHistoryCommandInput, Omit<DescribeAlarmHistoryCommandOutput, '$metadata'>> {
  return {
    authorize: (input, call) => [permission('cloudwatch:DescribeAlarmHistory', input.AlarmName ?? '*', call)],
    run(input) {
      const types = input.AlarmTypes ?? ['MetricAlarm'];
      const found = history.filter(
        (item) =>
          (input.AlarmName === undefined || item.alarmName === input.AlarmName) &&
          types.includes(item.alarmKind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm') &&
          (input.HistoryItemType === undefined || item.itemType === input.HistoryItemType) &&
          item.atMs >= (input.StartDate?.getTime() ?? Number.NEGATIVE_INFINITY) &&
          item.atMs <= (input.EndDate?.getTime() ?? Number.POSITIVE_INFINITY),
      );
      const ordered = input.ScanBy === 'TimestampAscending' ? found : found.toReversed();
      const { items, nextToken } = pageOf(ordered, {
        list: 'history',
        pageSize: readLimit(input.MaxRecords),
        token: input.NextToken,
        badTokenCode: 'InvalidNextToken',
      });
      return {
        AlarmHistoryItems: items.map((item) => ({
          AlarmName: item.alarmName,
          AlarmType: item.alarmKind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm',
          Timestamp: new Date(item.atMs),
          HistoryItemType: item.itemType,
          HistorySummary: item.summary,
          HistoryData: item.data,
        })),
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      };
    },
  };
}

/** SetAlarmState: a test's state, with its actions, until the next evaluation says otherwise. */
export function setAlarmState(watch: AlarmWatch): OperationHandler<SetAlarmStateCommandInput> {
  return {
    authorize: (input, call) => [permission('cloudwatch:SetAlarmState', input.AlarmName ?? '*', call)],
    async run(input) {
      const { AlarmName: name = '', StateValue: value, StateReason: reason, StateReasonData: reasonData } = input;
      if (!watch.alarms.has(name)) throw new AwsError('ResourceNotFound', 404, `Alarm ${name} does not exist`);
      if (value === undefined || reason === undefined) throw invalid('StateValue and StateReason are required.');
      if (reasonData !== undefined && !isJson(reasonData)) {
        throw new AwsError('InvalidFormat', 400, 'StateReasonData must be JSON.');
      }
      await watch.transition(name, { value, reason, reasonData });
      return {};
    },
  };
}

function permission(action: string, alarm: string, call: Call): Permission {
  return { action, resource: `arn:aws:cloudwatch:${call.region}:${call.accountId}:alarm:${alarm}` };
}

function isAsked({ alarm, state }: WatchedAlarm, input: DescribeAlarmsCommandInput): boolean {
  if (input.AlarmNames !== undefined && !input.AlarmNames.includes(alarm.name)) return false;
  if (!alarm.name.startsWith(input.AlarmNamePrefix ?? '')) return false;
  if (input.StateValue !== undefined && input.StateValue !== state.value) return false;
  const prefix = input.ActionPrefix;
  return (
    prefix === undefined ||
    Object.values(alarm.actions)
      .flat()
      .some((action) => action.startsWith(prefix))
  );
}

function readLimit(wanted: number | undefined): number {
  const limit = wanted ?? alarmsPerPage;
  if (limit < 1 || limit > mostPerPage) throw invalid(`MaxRecords must be between 1 and ${mostPerPage}.`);
  return limit;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
