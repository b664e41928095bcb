import { expect, test } from 'vitest';
import { actingProceduresOf, functionDefinitions } from '../../../../../infra/functions.ts';
import { statementLinesOf } from '../../../../unit/infra/stack/statement-lines.ts';

const here = 'eu-west-1:111122223333';
const cluster = 'orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';
const scalingRun = `arn:aws:lambda:${here}:function:mskeeper-orders-storage-scaling-run`;

test('may do this, and no more: each line with its reason in the call that its deployment.ts declares', () => {
  expect(statementLinesOf('StorageScalingRole', 'StorageScalingRunRole')).toEqual([
    `StorageScalingRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-storage-scaling:*`,
    'StorageScalingRole Allow KeepFailedRuns: sqs:SendMessage on FailedRunsQueue',
    `StorageScalingRole Allow ReadAlarms: cloudwatch:DescribeAlarms on arn:aws:cloudwatch:${here}:alarm:*`,
    'StorageScalingRole Allow OwnState: s3:GetObject s3:PutObject on Bucket/state/storage-scaling/orders.json',
    'StorageScalingRole Allow TellMissingFromDenied: s3:ListBucket on Bucket',
    'StorageScalingRole Allow SetAside: s3:PutObject on Bucket/state/storage-scaling/orders/unreadable/*',
    `StorageScalingRole Allow StartTheRun: lambda:InvokeFunction on ${scalingRun}:durable`,
    `StorageScalingRole Allow FindTheRun: lambda:ListDurableExecutionsByFunction on ${scalingRun} ${scalingRun}:*`,
    `StorageScalingRole Allow SeeHowRunsEnded: lambda:GetDurableExecution on ${scalingRun}:*/durable-execution/*/*`,
    `StorageScalingRole Allow SeeWhoChangedTheKillSwitch: ssm:GetParameterHistory on arn:aws:ssm:${here}:parameter/mskeeper/kill-switch`,
    'StorageScalingRole Allow TellTheBus: events:PutEvents on Bus',
    `StorageScalingRunRole Allow OwnLogs: logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-orders-storage-scaling-run:*`,
    'StorageScalingRunRole Allow KeepFailedRuns: sqs:SendMessage on FailedRunsQueue',
    `StorageScalingRunRole Allow OwnCheckpoints: lambda:CheckpointDurableExecution lambda:GetDurableExecutionState on ${scalingRun}:*/durable-execution/*/*`,
    `StorageScalingRunRole Allow FindTheRun: lambda:ListDurableExecutionsByFunction on ${scalingRun} ${scalingRun}:*`,
    'StorageScalingRunRole Allow OwnState: s3:GetObject on Bucket/state/storage-scaling/orders.json',
    'StorageScalingRunRole Allow TellMissingFromDenied: s3:ListBucket on Bucket',
    `StorageScalingRunRole Allow DescribeTheCluster: kafka:DescribeClusterV2 kafka:ListClusterOperationsV2 kafka:ListNodes on arn:aws:kafka:${here}:cluster/${cluster}`,
    'StorageScalingRunRole Allow DescribeWithoutResource: kafka:DescribeClusterOperationV2 kafka:GetBootstrapBrokers on *',
    `StorageScalingRunRole Allow EnlargeVolumes: kafka:UpdateBrokerStorage on arn:aws:kafka:${here}:cluster/${cluster}`,
    'StorageScalingRunRole Allow SeeWhoElseScales: application-autoscaling:DescribeScalableTargets application-autoscaling:DescribeScalingPolicies on *',
    'StorageScalingRunRole Allow ReadMetrics: cloudwatch:GetMetricData on *',
    `StorageScalingRunRole Allow ReadAlarms: cloudwatch:DescribeAlarms on arn:aws:cloudwatch:${here}:alarm:*`,
    `StorageScalingRunRole Allow LookAtTheBrokers: lambda:InvokeFunction on arn:aws:lambda:${here}:function:mskeeper-orders-kafka-read`,
    `StorageScalingRunRole Allow AskTheKillSwitch: ssm:GetParameter on arn:aws:ssm:${here}:parameter/mskeeper/kill-switch`,
    `StorageScalingRunRole Allow AskWhoKeepsTheCluster: ssm:GetParameter on arn:aws:ssm:${here}:parameter/mskeeper/claims/${cluster}`,
    'StorageScalingRunRole Allow OwnAudit: s3:GetObject s3:PutObject on Bucket/audit/orders/storage-scaling/*',
    'StorageScalingRunRole Allow SharedBudget: s3:GetObject s3:PutObject on Bucket/budget/orders.json',
    'StorageScalingRunRole Allow SetAside: s3:PutObject on Bucket/budget/orders/unreadable/*',
    'StorageScalingRunRole Allow AskForApproval: s3:PutObject on Bucket/approvals/orders/*',
    'StorageScalingRunRole Allow SeeThatPeopleWereTold: s3:GetObject on Bucket/receipts/orders/*',
    'StorageScalingRunRole Allow TellTheBus: events:PutEvents on Bus',
  ]);
});

test('it is one that acts: mskeeper.yml takes a mode and approvals for it', () => {
  expect(actingProceduresOf(functionDefinitions)).toContain('storage-scaling');
});
