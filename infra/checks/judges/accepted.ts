import { selfTopics } from '../../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../../shared/deployment/function-definition.ts';
import {
  functionLogicalId,
  logGroupLogicalId,
  roleLogicalId,
  selfTopicLogicalId,
} from '../../../shared/deployment/names.ts';
import { functionDefinitions } from '../../functions.ts';
import { inboxDeadLettersLogicalId, inboxLogicalId } from '../../stack/inbox-names.ts';
import { failureQueues, queueLogicalId } from '../../stack/queues.ts';
import { type Accepted, variants } from './finding.ts';

const slugsOf = (isMeant: (one: FunctionDefinition) => boolean): readonly string[] =>
  functionDefinitions.filter(isMeant).map(({ slug }) => slug);
const all = slugsOf(() => true);
const functionsOf = (slugs: readonly string[]) =>
  slugs.map((slug) => `AWS::Lambda::Function.${functionLogicalId(slug)}`);
/** Roles of the functions that declare a call of durable functions, with parliament's words after each. */
const durableCallersOf = (): readonly string[] =>
  functionDefinitions.flatMap(({ slug, calls }) =>
    [...new Set(Object.keys(calls).map((call) => call.split(' ')[0] ?? ''))]
      .filter((action) => /^lambda:\w*Durable/.test(action))
      .map((action) => `${roleLogicalId(slug)}: Unknown action ${action}`),
  );
const armsOf = (...words: readonly string[]): readonly string[] =>
  slugsOf(({ isInVpc }) => isInVpc).flatMap((slug) => words.map((word) => `${roleLogicalId(slug)}: ${word}`));

/** As infra/checks/judges/bank.yml reserves them. */
const reservedInBank: readonly string[] = ['storage-scaling', 'storage-scaling-run'];

const networkActions = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
] as const;

const checkovs: readonly Accepted[] = [
  {
    judge: 'checkov',
    check: 'CKV_AWS_27',
    of: [
      ...failureQueues.map(queueLogicalId),
      ...slugsOf(({ queue }) => queue !== undefined).flatMap((slug) => [
        inboxLogicalId(slug),
        inboxDeadLettersLogicalId(slug),
      ]),
    ].map((id) => `AWS::SQS::Queue.${id}`),
    in: ['smallest', 'act'],
    because:
      'The queues are encrypted by SqsManagedSseEnabled, which the check does not know; stack.keys.queues brings a key.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_26',
    of: selfTopics.map((topic) => `AWS::SNS::Topic.${selfTopicLogicalId(topic)}`),
    in: variants,
    because:
      'What mskeeper says of itself must be heard where the key of its other topics is not: these have none, and carry no more than names of functions and queues.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_116',
    of: functionsOf(slugsOf(({ durable }) => durable === undefined)),
    in: variants,
    because:
      'What fails is kept by EventInvokeConfig’s OnFailure destination, which the check does not look at; kafka-read is only invoked synchronously, and its caller hears of it.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_117',
    of: functionsOf(slugsOf(({ isInVpc }) => !isInVpc)),
    in: variants,
    because:
      'Only the arm speaks to brokers. Whoever asks AWS’s APIs alone has no business in the VPC, nor any way into it.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_111',
    of: slugsOf(({ isInVpc }) => isInVpc).map((slug) => `AWS::IAM::Role.${roleLogicalId(slug)}`),
    in: variants,
    because:
      'Lambda wants its network interfaces on every resource; the function’s own code is kept from them by a Deny (Lambda guide, "Giving Lambda functions access to resources in an Amazon VPC"). Never seen on AWS.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_115',
    of: functionsOf(all),
    in: ['smallest', 'act'],
    because:
      'Reserved executions are taken from the account’s other functions: stack.reservedConcurrency, for its owner to decide.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_115',
    of: functionsOf(all.filter((slug) => !reservedInBank.includes(slug))),
    in: ['bank'],
    because: 'Reserved is what acts; a look that comes late is made up for by the next one.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_158',
    of: all.map((slug) => `AWS::Logs::LogGroup.${logGroupLogicalId(slug)}`),
    in: ['smallest', 'act'],
    because: 'Logs hold no secrets and are encrypted by CloudWatch’s own key; stack.keys.logs brings another.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_173',
    of: functionsOf(all),
    in: ['smallest', 'act'],
    because: 'Environments hold names of resources and no secrets; stack.keys.environment brings a key.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_18',
    of: ['AWS::S3::Bucket.Bucket'],
    in: ['smallest', 'act'],
    because: 'A log of accesses costs a bucket: stack.accessLog, or CloudTrail’s data events (docs/deploy.md).',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_18',
    of: ['AWS::S3::Bucket.ServerlessDeploymentBucket'],
    in: variants,
    because:
      'It holds what was packaged, in every version; who put it there CloudTrail says with the deployment itself.',
  },
  {
    judge: 'checkov',
    check: 'CKV_AWS_18',
    of: ['AWS::S3::Bucket.AccessLogBucket'],
    in: ['bank'],
    because: 'A log of accesses to the log of accesses would log its own writing.',
  },
];

const oldDatabase =
  'Its database is older than Lambda’s durable functions; their actions stand in the Service Authorization Reference.';

const parliaments: readonly Accepted[] = [
  {
    judge: 'parliament',
    check: 'UNKNOWN_ACTION',
    of: durableCallersOf(),
    in: variants,
    because: oldDatabase,
  },
  {
    judge: 'parliament',
    check: 'UNKNOWN_ACTION',
    of: [
      'SendDurableExecutionCallbackFailure',
      'SendDurableExecutionCallbackSuccess',
      'ListDurableExecutionsByFunction',
      'GetDurableExecutionHistory',
    ].map((action) => `ApproverRole: Unknown action lambda:${action}`),
    in: ['act', 'bank'],
    because: oldDatabase,
  },
  {
    judge: 'parliament',
    check: 'UNKNOWN_CONDITION_FOR_ACTION',
    of: armsOf(
      ...[...networkActions, 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'].map(
        (action) => `Unknown condition lambda:SourceFunctionArn for action ${action}`,
      ),
    ),
    in: variants,
    because:
      'The Deny that the Lambda guide itself gives for network interfaces: Lambda sends the key with what a function asks.',
  },
  {
    judge: 'parliament',
    check: 'RESOURCE_STAR',
    of: armsOf(...networkActions),
    in: variants,
    because: 'As CKV_AWS_111: Lambda takes no narrower resource, and the function’s own code is denied them.',
  },
];

const cfnLints: readonly Accepted[] = [
  {
    judge: 'cfn-lint',
    check: 'W3005',
    of: [
      ...all.map((slug) => `${functionLogicalId(slug)}: DependsOn`),
      ...slugsOf(({ durable }) => durable !== undefined).map(
        (slug) => `${functionLogicalId(slug).replace('LambdaFunction', 'DurableLambdaAlias')}: DependsOn`,
      ),
    ],
    in: variants,
    because: 'osls writes DependsOn beside the reference that already says so: said twice, and wrong never.',
  },
];

/**
 * What the judges find in our templates and a person looked at, each with its reason. What is not here fails, and what is here
 * and is found no more fails too: a reason without its finding hides the next one.
 */
export const acceptedFindings: readonly Accepted[] = [...cfnLints, ...checkovs, ...parliaments];
