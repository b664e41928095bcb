import { expect, test } from 'vitest';
import { statementLinesOf } from '../../../../unit/infra/stack/statement-lines.ts';

const here = 'eu-west-1:111122223333';
const cluster = 'orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';

test('may do this, and no more: each line with its reason in the call that its deployment.ts declares', () => {
  expect(statementLinesOf('ClusterHealthRole')).toEqual([
    `ClusterHealthRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-cluster-health:*`,
    'ClusterHealthRole Allow KeepFailedRuns: sqs:SendMessage on FailedRunsQueue',
    `ClusterHealthRole Allow DescribeTheCluster: kafka:DescribeClusterV2 kafka:ListNodes on arn:aws:kafka:${here}:cluster/${cluster}`,
    'ClusterHealthRole Allow DescribeWithoutResource: kafka:GetBootstrapBrokers on *',
    'ClusterHealthRole Allow ReadMetrics: cloudwatch:GetMetricData on *',
    `ClusterHealthRole Allow ReadAlarms: cloudwatch:DescribeAlarms on arn:aws:cloudwatch:${here}:alarm:*`,
    `ClusterHealthRole Allow LookAtTheBrokers: lambda:InvokeFunction on arn:aws:lambda:${here}:function:mskeeper-orders-kafka-read`,
    'ClusterHealthRole Allow OwnState: s3:GetObject s3:PutObject on Bucket/state/cluster-health/orders.json',
    'ClusterHealthRole Allow TellMissingFromDenied: s3:ListBucket on Bucket',
    'ClusterHealthRole Allow SetAside: s3:PutObject on Bucket/state/cluster-health/orders/unreadable/* Bucket/state/cluster-health/orders/look/unreadable/*',
    'ClusterHealthRole Allow KeepReports: s3:PutObject on Bucket/reports/cluster-health/orders/*',
    'ClusterHealthRole Allow OwnClaim: s3:GetObject s3:PutObject on Bucket/state/cluster-health/orders/look.json',
    'ClusterHealthRole Allow TellTheBus: events:PutEvents on Bus',
  ]);
});
