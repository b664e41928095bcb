import { notificationTopics } from '../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import {
  arnOf,
  bucketLogicalId,
  busLogicalId,
  functionNameOf,
  type StackContext,
  topicLogicalId,
} from '../../shared/deployment/names.ts';
import { allow, getAtt, type Json, ref, type Statement } from '../../shared/deployment/template.ts';
import { topicKeyLogicalId } from './channels.ts';
import { actingStatements } from './permissions-act.ts';
import { durableStatements, intakeStatements } from './permissions-durable.ts';
import { kafkaReadStatements } from './permissions-kafka.ts';
import { queueLogicalId } from './queues.ts';

/** Its own log group alone, which the stack makes: a function may not make another. */
const ownLogs = (context: StackContext, { slug }: FunctionDefinition): Statement =>
  allow(
    'OwnLogs',
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    arnOf(context, 'logs', `log-group:/aws/lambda/${functionNameOf(context, slug)}:*`),
  );

/**
 * What Lambda itself does with the role to put the function into the VPC. These actions know no narrower resource that
 * Lambda accepts (Lambda guide, "Giving Lambda functions access to resources in an Amazon VPC"), so the function's own
 * code is kept from them by the second statement, as that page advises.
 */
const networkInterfaces = (context: StackContext, { slug }: FunctionDefinition): readonly Statement[] => {
  const Action = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    allow('LambdaAttachesToTheVpc', Action, '*'),
    {
      Sid: 'TheCodeDoesNot',
      Effect: 'Deny',
      Action,
      Resource: '*',
      Condition: {
        ArnEquals: {
          'lambda:SourceFunctionArn': arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}`),
        },
      },
    },
  ];
};

const inBucket = (path: string): Json => ({ 'Fn::Join': ['', [getAtt(bucketLogicalId, 'Arn'), path]] });

/** What every procedure reports to, under prefixes of its own in the bucket. */
const reporting = (context: StackContext, { slug, durable }: FunctionDefinition): readonly Statement[] => {
  const ownKeys = [
    inBucket(`/reports/${slug}/${context.clusterKey}/*`),
    inBucket(`/state/${slug}/${context.clusterKey}.json`),
  ];
  return [
    allow(
      'Notify',
      ['sns:Publish'],
      notificationTopics.map((topic) => ref(topicLogicalId(topic))),
    ),
    allow('EncryptForTopics', ['kms:Decrypt', 'kms:GenerateDataKey'], getAtt(topicKeyLogicalId, 'Arn')),
    allow('TellTheBus', ['events:PutEvents'], getAtt(busLogicalId, 'Arn')),
    // A durable run's state is its history, and its reports are its intake's.
    ...(durable === undefined ? [allow('OwnReportsAndState', ['s3:GetObject', 's3:PutObject'], ownKeys)] : []),
    // Without it S3 answers 403, not 404, for a state that was never written.
    allow('TellMissingFromDenied', ['s3:ListBucket'], getAtt(bucketLogicalId, 'Arn')),
    allow('KeepFailedRuns', ['sqs:SendMessage'], getAtt(queueLogicalId('failed-runs'), 'Arn')),
  ];
};

const clusterHealth = (context: StackContext): readonly Statement[] => [
  allow(
    'DescribeTheCluster',
    ['kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'kafka:ListNodes'],
    context.cluster.arn,
  ),
  allow('ReadMetrics', ['cloudwatch:GetMetricData'], '*'),
  allow('ReadAlarms', ['cloudwatch:DescribeAlarms'], arnOf(context, 'cloudwatch', 'alarm:*')),
  allow(
    'LookAtTheBrokers',
    ['lambda:InvokeFunction'],
    arnOf(context, 'lambda', `function:${functionNameOf(context, 'kafka-read')}`),
  ),
];

/** The only statement in this file that lets a function change the cluster: volumes, and nothing else of it. */
const storageScalingRun = (context: StackContext, definition: FunctionDefinition): readonly Statement[] => [
  ...actingStatements(context, definition),
  allow('ReadTheEpisode', ['s3:GetObject'], inBucket(`/state/storage-scaling/${context.clusterKey}.json`)),
  allow(
    'DescribeTheCluster',
    ['kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'kafka:ListClusterOperationsV2', 'kafka:ListNodes'],
    context.cluster.arn,
  ),
  allow(
    'DescribeItsOperations',
    ['kafka:DescribeClusterOperationV2'],
    [context.cluster.arn, `${context.cluster.arn.replace(':cluster/', ':cluster-operation/')}/*`],
  ),
  allow('EnlargeVolumes', ['kafka:UpdateBrokerStorage'], context.cluster.arn),
  allow(
    'SeeWhoElseScales',
    ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScalingPolicies'],
    '*',
  ),
  allow('ReadMetrics', ['cloudwatch:GetMetricData'], '*'),
  allow('ReadAlarms', ['cloudwatch:DescribeAlarms'], arnOf(context, 'cloudwatch', 'alarm:*')),
  allow(
    'LookAtTheBrokers',
    ['lambda:InvokeFunction'],
    arnOf(context, 'lambda', `function:${functionNameOf(context, 'kafka-read')}`),
  ),
];

const own: Readonly<Record<string, (context: StackContext, definition: FunctionDefinition) => readonly Statement[]>> = {
  'cluster-health': clusterHealth,
  'kafka-read': kafkaReadStatements,
  'storage-scaling-run': storageScalingRun,
};

/** Everything that one function may do. */
export const statementsOf = (context: StackContext, definition: FunctionDefinition): readonly Statement[] => [
  ownLogs(context, definition),
  ...(definition.isInVpc ? networkInterfaces(context, definition) : []),
  ...(definition.isProcedure ? reporting(context, definition) : []),
  ...(definition.durable === undefined ? [] : durableStatements(context, definition)),
  ...(definition.starts === undefined ? [] : intakeStatements(context, definition.starts)),
  ...(own[definition.slug]?.(context, definition) ?? []),
];
