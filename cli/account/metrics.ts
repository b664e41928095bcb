import { type CloudWatchClient, DescribeAlarmHistoryCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { fetchAllPages } from '../../shared/aws-answer.ts';
import { callAws } from '../../shared/aws-call.ts';
import type { CallScope } from '../../shared/call-scope.ts';
import { metricsNamespaceOfMsk } from '../../shared/metric-vocabulary.ts';

/** One series as CloudWatch lists it: its name and which dimensions it has, values left out. */
export type ListedSeries = { readonly name: string; readonly dimensions: readonly string[] };

/** A cluster of thousands of topics and groups has more; what is asked is which kinds there are. */
const mostSeries = 50_000;

/**
 * Every series of AWS/Kafka for the cluster that had data in the last two weeks. Source: CloudWatch ListMetrics.
 *
 * @throws DependencyError naming `cloudwatch:ListMetrics`
 */
export const fetchSeriesOfCluster = (
  client: CloudWatchClient,
  calls: CallScope,
  clusterName: string,
): Promise<readonly ListedSeries[]> => {
  const call = 'cloudwatch:ListMetrics';
  const fetchPage = async (nextToken: string | undefined) => {
    const command = new ListMetricsCommand({
      Namespace: metricsNamespaceOfMsk,
      Dimensions: [{ Name: 'Cluster Name', Value: clusterName }],
      NextToken: nextToken,
    });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return {
      items: (answer.Metrics ?? []).map(({ MetricName, Dimensions }) => ({
        name: MetricName ?? '',
        dimensions: (Dimensions ?? []).flatMap(({ Name }) => Name ?? []),
      })),
      nextToken: answer.NextToken,
    };
  };
  return fetchAllPages(call, fetchPage, mostSeries);
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
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: 100,
      ScanBy: 'TimestampDescending',
      NextToken: nextToken,
    });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return {
      items: (answer.AlarmHistoryItems ?? []).map(({ AlarmName, Timestamp, HistorySummary }) => ({
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
