import { expect, test } from 'vitest';
import { statementLinesOf } from '../../../../unit/infra/stack/statement-lines.ts';

const here = 'eu-west-1:111122223333';
const cluster = 'orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';
const vpc =
  'ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:UnassignPrivateIpAddresses';

test('may do this, and no more: each line with its reason in the call that its deployment.ts declares', () => {
  expect(statementLinesOf('KafkaReadRole')).toEqual([
    `KafkaReadRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-kafka-read:*`,
    `KafkaReadRole Allow LambdaAttachesToTheVpc: ${vpc} on *`,
    `KafkaReadRole Deny TheCodeDoesNot: ${vpc} on * if`,
    `KafkaReadRole Allow ReadTheCluster: kafka-cluster:Connect kafka-cluster:DescribeCluster kafka-cluster:DescribeClusterDynamicConfiguration on arn:aws:kafka:${here}:cluster/${cluster}`,
    `KafkaReadRole Allow ReadTopics: kafka-cluster:DescribeTopic kafka-cluster:DescribeTopicDynamicConfiguration on arn:aws:kafka:${here}:topic/${cluster}/*`,
    `KafkaReadRole Allow ReadGroups: kafka-cluster:DescribeGroup on arn:aws:kafka:${here}:group/${cluster}/*`,
  ]);
});
