import { budgetKey, budgetPrefix, procedureAuditPrefix } from '../acting/core/keys.ts';
import { selfTopics } from '../core/configuration.ts';
import { claimKey, receiptPrefix, reportPrefix, stateKey, statePrefix } from '../core/store-keys.ts';
import {
  addressParameterGrants,
  addressSecretGrants,
  amazonQEndpointsOf,
  channelParameterGrants,
  channelSecretGrants,
  smsGrants,
  subscriptionGrants,
} from './channel-grants.ts';
import { kafkaClusterGrants, secretGrants } from './kafka-grants.ts';
import {
  amazonQTopicLogicalId,
  arnOf,
  busLogicalId,
  clusterClaimNameOf,
  durableAlias,
  executionsOf,
  functionNameOf,
  parameterArnOf,
  selfTopicLogicalId,
} from './names.ts';
import type { CallPrice, Operation, Where } from './operation.ts';
import {
  autoScaling,
  checkpointing,
  describing,
  describingAnything,
  functionArnOf,
  type KeyOf,
  onCluster,
  onEverything,
  publishing,
  reading,
  retaining,
  rewriting,
  runOf,
  writing,
} from './operation-makers.ts';
import { getAtt, ref } from './template.ts';

const stateKeyOf: KeyOf = ({ context, procedure }) => stateKey(procedure, context.clusterKey);
/** Who of the runs that alarms wake looks just now. */
const claimKeyOf: KeyOf = ({ context, procedure }) => claimKey(procedure, context.clusterKey);
/** What cluster-health left open, as its memory has it. */
const openFindingsKeyOf: KeyOf = ({ context }) => stateKey('cluster-health', context.clusterKey);
const budgetKeyOf: KeyOf = ({ context }) => budgetKey(context.clusterKey);

const stateFolderOf: KeyOf = ({ procedure }) => statePrefix(procedure);
const reportFolderOf: KeyOf = ({ procedure }) => reportPrefix(procedure);
const auditFolderOf: KeyOf = ({ context, procedure }) => procedureAuditPrefix(context.clusterKey, procedure);
const budgetFolderOf: KeyOf = () => budgetPrefix;
const approvalFolderOf: KeyOf = ({ context }) => `approvals/${context.clusterKey}/`;
const receiptFolderOf: KeyOf = ({ context }) => receiptPrefix(context.clusterKey);

const reportKeyOf: KeyOf = (where) => `${reportFolderOf(where)}${where.context.clusterKey}/*`;
const auditKeyOf: KeyOf = (where) => `${auditFolderOf(where)}*`;
const approvalKeyOf: KeyOf = (where) => `${approvalFolderOf(where)}*`;
const receiptKeyOf: KeyOf = (where) => `${receiptFolderOf(where)}*`;

const killSwitchArnOf = ({ context }: Where): string =>
  parameterArnOf(context, context.configuration.killSwitch.parameter);

/** What SNS would not send by text message, and tells no publisher. */
const askingOfSms = (operation: string): Operation => ({
  signedAs: `sns:${operation}`,
  grants: ({ context }) => smsGrants(context, `sns:${operation}`),
  packages: ['@aws-sdk/client-sns'],
  price: 'nothing',
});

/**
 * Every call that a procedure may declare in its deployment.ts, one row each; a role grants what its function declares and
 * nothing else. Names are AWS's, with what is meant of it behind a space where one call serves several ends.
 */
export const operations = {
  'kafka:DescribeClusterV2': describing('DescribeClusterV2'),
  'kafka:GetBootstrapBrokers': describingAnything('GetBootstrapBrokers'),
  'kafka:ListClusterOperationsV2': describing('ListClusterOperationsV2'),
  'kafka:ListNodes': describing('ListNodes'),
  'kafka:DescribeClusterOperationV2': describingAnything('DescribeClusterOperationV2'),
  'kafka:UpdateBrokerStorage': {
    ...describing('UpdateBrokerStorage'),
    grants: onCluster('EnlargeVolumes', 'kafka:UpdateBrokerStorage'),
    changes: 'the size of the brokers’ volumes, upwards',
  },
  'application-autoscaling:DescribeScalableTargets': autoScaling('DescribeScalableTargets'),
  'application-autoscaling:DescribeScalingPolicies': autoScaling('DescribeScalingPolicies'),
  'cloudwatch:GetMetricData': {
    signedAs: 'monitoring:GetMetricData',
    grants: onEverything('ReadMetrics', 'cloudwatch:GetMetricData'),
    packages: ['@aws-sdk/client-cloudwatch'],
    price: 'by-metric',
  },
  'cloudwatch:DescribeAlarms': {
    signedAs: 'monitoring:DescribeAlarms',
    grants: ({ context }) => [
      {
        sid: 'ReadAlarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: [arnOf(context, 'cloudwatch', 'alarm:*')],
      },
    ],
    packages: ['@aws-sdk/client-cloudwatch'],
    price: 'nothing',
  },
  'lambda:Invoke kafka-read': {
    signedAs: 'lambda:Invoke',
    grants: (where) => [
      { sid: 'LookAtTheBrokers', actions: ['lambda:InvokeFunction'], resources: [functionArnOf(where, 'kafka-read')] },
    ],
    packages: ['@aws-sdk/client-lambda'],
    variables: ({ context }) => ({ MSKEEPER_KAFKA_READ_FUNCTION: functionNameOf(context, 'kafka-read') }),
    price: 'by-invoked-run',
    invokes: () => 'kafka-read',
  },
  'lambda:Invoke run': {
    signedAs: 'lambda:Invoke',
    grants: (where) => [
      {
        sid: 'StartTheRun',
        actions: ['lambda:InvokeFunction'],
        resources: [`${functionArnOf(where, runOf(where))}:${durableAlias}`],
      },
    ],
    packages: ['@aws-sdk/client-lambda'],
    variables: (where) => ({ MSKEEPER_RUN_FUNCTION: functionNameOf(where.context, runOf(where)) }),
    price: 'by-invoked-run',
    invokes: runOf,
  },
  'lambda:ListDurableExecutionsByFunction run': {
    signedAs: 'lambda:ListDurableExecutionsByFunction',
    // Asked without a version.
    grants: (where) => {
      const run = functionArnOf(where, runOf(where));
      return [{ sid: 'FindTheRun', actions: ['lambda:ListDurableExecutionsByFunction'], resources: [run, `${run}:*`] }];
    },
    packages: ['@aws-sdk/client-lambda'],
    price: 'nothing',
  },
  'lambda:GetDurableExecution run': {
    signedAs: 'lambda:GetDurableExecution',
    grants: (where) => [
      {
        sid: 'SeeHowRunsEnded',
        actions: ['lambda:GetDurableExecution'],
        resources: [executionsOf(where.context, runOf(where))],
      },
    ],
    packages: ['@aws-sdk/client-lambda'],
    price: 'nothing',
  },
  'lambda:CheckpointDurableExecution': checkpointing('CheckpointDurableExecution'),
  'lambda:GetDurableExecutionState': checkpointing('GetDurableExecutionState'),
  's3:GetObject state': reading('OwnState', stateKeyOf),
  's3:PutObject state': rewriting('OwnState', stateKeyOf, stateFolderOf),
  's3:GetObject claim': reading('OwnClaim', claimKeyOf),
  's3:PutObject claim': rewriting('OwnClaim', claimKeyOf, stateFolderOf),
  's3:PutObject report': writing('KeepReports', reportKeyOf, reportFolderOf),
  's3:GetObject audit': reading('OwnAudit', auditKeyOf),
  's3:PutObject audit': retaining('OwnAudit', auditKeyOf, auditFolderOf),
  's3:GetObject budget': reading('SharedBudget', budgetKeyOf),
  's3:PutObject budget': rewriting('SharedBudget', budgetKeyOf, budgetFolderOf),
  // Who asks may write a request and not read one; no function may answer a callback.
  's3:PutObject approval': writing('AskForApproval', approvalKeyOf, approvalFolderOf),
  // Who tells people may say that they were told and not read it; who acts may read it and not say it.
  's3:GetObject receipt': reading('SeeThatPeopleWereTold', receiptKeyOf),
  's3:PutObject receipt': writing('SayThatPeopleWereTold', receiptKeyOf, receiptFolderOf),
  'ssm:GetParameter kill-switch': {
    signedAs: 'ssm:GetParameter',
    grants: (where) => [
      { sid: 'AskTheKillSwitch', actions: ['ssm:GetParameter'], resources: [killSwitchArnOf(where)] },
    ],
    packages: ['@aws-sdk/client-ssm'],
    price: 'nothing',
  },
  'ssm:GetParameterHistory kill-switch': {
    signedAs: 'ssm:GetParameterHistory',
    grants: (where) => [
      { sid: 'SeeWhoChangedTheKillSwitch', actions: ['ssm:GetParameterHistory'], resources: [killSwitchArnOf(where)] },
    ],
    packages: ['@aws-sdk/client-ssm'],
    price: 'nothing',
  },
  'ssm:GetParameter cluster-claim': {
    signedAs: 'ssm:GetParameter',
    grants: ({ context }) => [
      {
        sid: 'AskWhoKeepsTheCluster',
        actions: ['ssm:GetParameter'],
        resources: [parameterArnOf(context, clusterClaimNameOf(context))],
      },
    ],
    packages: ['@aws-sdk/client-ssm'],
    variables: ({ context }) => ({
      MSKEEPER_CLUSTER_CLAIM: clusterClaimNameOf(context),
      MSKEEPER_STACK_ID: ref('AWS::StackId'),
    }),
    price: 'nothing',
  },
  'sns:Publish emergency': publishing('emergency', 'MSKEEPER_TOPIC_EMERGENCY'),
  'sns:Publish critical': publishing('critical', 'MSKEEPER_TOPIC_CRITICAL'),
  'sns:Publish warning': publishing('warning', 'MSKEEPER_TOPIC_WARNING'),
  'sns:Publish maintenance': publishing('maintenance', 'MSKEEPER_TOPIC_MAINTENANCE'),
  'sns:Publish operations': publishing('operations', 'MSKEEPER_TOPIC_OPERATIONS'),
  'sns:Publish amazon-q': {
    signedAs: 'sns:Publish',
    grants: ({ context }) => {
      const topics = amazonQEndpointsOf(context).map(([name]) => ref(amazonQTopicLogicalId(name)));
      return topics.length === 0 ? [] : [{ sid: 'TellChats', actions: ['sns:Publish'], resources: topics }];
    },
    packages: ['@aws-sdk/client-sns'],
    // `chat=arn:… other=arn:…`: names of endpoints have neither signs of equality nor spaces.
    variables: ({ context }) => {
      const pairs = amazonQEndpointsOf(context).map(([name]) => ({
        'Fn::Join': ['=', [name, ref(amazonQTopicLogicalId(name))]],
      }));
      return pairs.length === 0 ? {} : { MSKEEPER_TOPICS_AMAZON_Q: { 'Fn::Join': [' ', pairs] } };
    },
    price: 'notification',
  },
  'secretsmanager:GetSecretValue channels': {
    signedAs: 'secretsmanager:GetSecretValue',
    grants: ({ context }) => channelSecretGrants(context),
    packages: ['@aws-sdk/client-secrets-manager'],
    price: 'nothing',
  },
  'ssm:GetParameter channels': {
    signedAs: 'ssm:GetParameter',
    grants: ({ context }) => channelParameterGrants(context),
    packages: ['@aws-sdk/client-ssm'],
    price: 'nothing',
  },
  // Addresses of people, by whoever looks whether SNS has them.
  'secretsmanager:GetSecretValue addresses': {
    signedAs: 'secretsmanager:GetSecretValue',
    grants: ({ context }) => addressSecretGrants(context),
    packages: ['@aws-sdk/client-secrets-manager'],
    price: 'nothing',
  },
  'ssm:GetParameter addresses': {
    signedAs: 'ssm:GetParameter',
    grants: ({ context }) => addressParameterGrants(context),
    packages: ['@aws-sdk/client-ssm'],
    price: 'nothing',
  },
  'sns:ListSubscriptionsByTopic': {
    signedAs: 'sns:ListSubscriptionsByTopic',
    grants: ({ context }) => subscriptionGrants(context),
    packages: ['@aws-sdk/client-sns'],
    // `emergency=arn:… critical=arn:…`: those of people are named where it speaks to them.
    variables: () => ({
      MSKEEPER_TOPICS_SELF: {
        'Fn::Join': [' ', selfTopics.map((topic) => ({ 'Fn::Join': ['=', [topic, ref(selfTopicLogicalId(topic))]] }))],
      },
    }),
    price: 'nothing',
  },
  'sns:GetSMSSandboxAccountStatus': askingOfSms('GetSMSSandboxAccountStatus'),
  'sns:ListSMSSandboxPhoneNumbers': askingOfSms('ListSMSSandboxPhoneNumbers'),
  'sns:CheckIfPhoneNumberIsOptedOut': askingOfSms('CheckIfPhoneNumberIsOptedOut'),
  's3:GetObject open-findings': reading('ReadOpenFindings', openFindingsKeyOf),
  'events:PutEvents': {
    signedAs: 'events:PutEvents',
    grants: () => [{ sid: 'TellTheBus', actions: ['events:PutEvents'], resources: [getAtt(busLogicalId, 'Arn')] }],
    packages: ['@aws-sdk/client-eventbridge'],
    variables: () => ({ MSKEEPER_BUS_NAME: ref(busLogicalId) }),
    price: 'by-event',
  },
  'secretsmanager:GetSecretValue brokers': {
    signedAs: 'secretsmanager:GetSecretValue',
    grants: ({ context }) => secretGrants(context),
    packages: ['@aws-sdk/client-secrets-manager'],
    price: 'nothing',
  },
  'kafka-cluster:Read': {
    grants: ({ context }) => kafkaClusterGrants(context),
    // The signer brings STS, for credentials by a role's ARN, which are not used here.
    packages: ['@aws-sdk/client-sts', 'aws-msk-iam-sasl-signer-js', 'kafkajs'],
    price: 'nothing',
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof operations;

/** @throws Error for a name that is no row of the table: a deployment's types let none through */
export const operationOf = (name: string): Operation => {
  const found: Readonly<Record<string, Operation>> = operations;
  const operation = Object.hasOwn(found, name) ? found[name] : undefined;
  if (operation === undefined) throw new Error(`no operation "${name}" in shared/deployment/operations.ts`);
  return operation;
};

/** By what a call is billed, as it is signed: rows of one operation have one price. */
export const priceOfCall = (signedAs: string): CallPrice | undefined =>
  Object.values<Operation>(operations).find((operation) => operation.signedAs === signedAs)?.price;
