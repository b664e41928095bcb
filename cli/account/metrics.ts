import { type CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { entriesOf, fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import { metricsNamespaceOfMsk } from '../../shared/core/metric-vocabulary.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

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
      items: entriesOf(answer.Metrics).map(({ MetricName, Dimensions }) => ({
        name: MetricName ?? '',
        dimensions: entriesOf(Dimensions).flatMap(({ Name }) => Name ?? []),
      })),
      nextToken: answer.NextToken,
    };
  };
  return fetchAllPages(call, fetchPage, mostSeries);
};
