import { type CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { entriesOf, fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import { fetchAlarmPages } from '../../shared/aws/cloudwatch-alarms.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/** An alarm's state and whether CloudWatch could evaluate it as a whole. */
export type ListedAlarm = {
  readonly name: string;
  readonly state: string;
  /** PARTIAL_DATA, EVALUATION_ERROR or EVALUATION_FAILURE; absent where all is well. */
  readonly evaluationState: string | undefined;
  readonly reason: string;
};

/** @throws DependencyError naming `cloudwatch:DescribeAlarms` */
export const fetchAlarmStates = (
  client: CloudWatchClient,
  calls: CallScope,
  namePrefix: string,
): Promise<readonly ListedAlarm[]> =>
  fetchAlarmPages(client, calls, namePrefix, ({ MetricAlarms }) =>
    entriesOf(MetricAlarms).map(({ AlarmName, StateValue, EvaluationState, StateReason }) => ({
      name: AlarmName ?? '',
      state: StateValue ?? 'unknown',
      evaluationState: EvaluationState,
      reason: StateReason ?? '',
    })),
  );

/** A composite, and whether it may tell anybody and whom: false and none also where CloudWatch does not say. */
export type ListedComposite = {
  readonly name: string;
  readonly areActionsEnabled: boolean;
  readonly actionCount: number;
};

/** @throws DependencyError naming `cloudwatch:DescribeAlarms` */
export const fetchComposites = (
  client: CloudWatchClient,
  calls: CallScope,
  namePrefix: string,
): Promise<readonly ListedComposite[]> => {
  const call = 'cloudwatch:DescribeAlarms';
  return fetchAllPages(call, async (nextToken) => {
    const command = new DescribeAlarmsCommand({
      AlarmNamePrefix: namePrefix,
      AlarmTypes: ['CompositeAlarm'],
      MaxRecords: 100,
      NextToken: nextToken,
    });
    const page = await callAws(calls, call, (options) => client.send(command, options));
    const items = entriesOf(page.CompositeAlarms).map(({ AlarmName, ActionsEnabled, AlarmActions }) => ({
      name: AlarmName ?? '',
      areActionsEnabled: ActionsEnabled === true,
      actionCount: AlarmActions?.length ?? 0,
    }));
    return { items, nextToken: page.NextToken };
  });
};

/** One entry of the alarms' history that tells of an action. */
export type ListedAction = { readonly alarmName: string; readonly atMs: number; readonly summary: string };

const mostActions = 500;

/**
 * What alarms did, newest first, for as long as CloudWatch keeps it. Of all alarms of the Region, since the call knows no
 * prefix; `namePrefix` picks.
 *
 * @throws DependencyError naming `cloudwatch:DescribeAlarmHistory`
 */
export const fetchAlarmActions = async (
  client: CloudWatchClient,
  calls: CallScope,
  namePrefix: string,
): Promise<readonly ListedAction[]> => {
  const call = 'cloudwatch:DescribeAlarmHistory';
  const fetchPage = async (nextToken: string | undefined) => {
    const command = new DescribeAlarmHistoryCommand({
      HistoryItemType: 'Action',
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
      ScanBy: 'TimestampDescending',
      NextToken: nextToken,
    });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return {
      items: entriesOf(answer.AlarmHistoryItems).map(({ AlarmName, Timestamp, HistorySummary }) => ({
        alarmName: AlarmName ?? '',
        atMs: Timestamp?.getTime() ?? 0,
        summary: HistorySummary ?? '',
      })),
      nextToken: answer.NextToken,
    };
  };
  const actions = await fetchAllPages(call, fetchPage, mostActions);
  return actions.filter(({ alarmName }) => alarmName.startsWith(namePrefix));
};
