import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { brokerPoint, clusterPoint } from '../../../local/metrics-pump/metric-point.ts';
import { putPoints } from '../../../local/metrics-pump/put-points.ts';
import { planMetricQuery } from '../../../shared/core/metric-catalogue.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';

const aws = serveAws();
createCloudWatch(aws.world, { putEvent: () => {} });
const traits = { brokerKind: 'standard', metadataMode: 'kraft', monitoringLevel: 'DEFAULT' } as const;

test("the pump's points are read back by the queries that the product plans, in as many calls as they need", async () => {
  const client = new CloudWatchClient(aws.client(aws.world.identities.admin));
  const filling = Array.from({ length: 1_200 }, (_, id) => brokerPoint('full', id, 'PartitionCount', id));
  const controller = [1, 0, 0].map((value) => clusterPoint('orders', 'ActiveControllerCount', value));
  await putPoints(client)([...filling, brokerPoint('orders', 2, 'LeaderCount', 7), ...controller], START_MS - 60_000);

  const queries = [
    planMetricQuery('LeaderCount', { 'Cluster Name': 'orders', 'Broker ID': '2' }, traits),
    planMetricQuery('ActiveControllerCount', { 'Cluster Name': 'orders' }, traits),
    planMetricQuery('PartitionCount', { 'Cluster Name': 'full', 'Broker ID': '1199' }, traits),
  ];
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(START_MS - 300_000),
      EndTime: new Date(START_MS),
      MetricDataQueries: queries.map(({ namespace, name, dimensions, statistic }, index) => ({
        Id: `q${index}`,
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 60,
          Stat: statistic,
        },
      })),
    }),
  );
  expect(MetricDataResults.map(({ Values }) => Values)).toEqual([[7], [1], [1199]]);
});
