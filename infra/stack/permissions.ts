import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { arnOf, functionNameOf, type StackContext } from '../../shared/deployment/names.ts';
import type { Grant, Where } from '../../shared/deployment/operation.ts';
import { operationOf } from '../../shared/deployment/operations.ts';
import { environmentGrants, keyGrants } from '../../shared/deployment/own-keys.ts';
import { allow, getAtt, type Json, type Statement } from '../../shared/deployment/template.ts';
import { inboxLogicalId } from './inbox-names.ts';
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

/**
 * What Lambda itself does with the role to take from the function's queue (Lambda Developer Guide, "Using Lambda with Amazon
 * SQS"): no call of the code's, so no row of the operations. The key of the queues is in the statement on failed runs.
 */
const takingFromQueue = ({ slug, queue }: FunctionDefinition): readonly Statement[] =>
  queue === undefined
    ? []
    : [
        allow(
          'LambdaTakesFromTheQueue',
          ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          getAtt(inboxLogicalId(slug), 'Arn'),
        ),
      ];

const union = <Item>(left: readonly Item[], right: readonly Item[]): readonly Item[] => {
  const known = new Set(left.map((item) => JSON.stringify(item)));
  return [...left, ...right.filter((item) => !known.has(JSON.stringify(item)))];
};

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** Two grants of one name are one statement only where that grants nothing which neither of them does. */
const merge = (left: Grant, right: Grant): Grant => {
  const isCross = !isSame(left.actions, right.actions) && !isSame(left.resources, right.resources);
  if (isCross || !isSame(left.condition, right.condition))
    throw new Error(
      `shared/deployment/operations.ts: two grants are called ${left.sid} and are about different things`,
    );
  return {
    ...left,
    actions: union(left.actions, right.actions),
    resources: union(left.resources, right.resources),
  };
};

const mergeBySid = (grants: readonly Grant[]): readonly Grant[] => {
  const bySid = new Map<string, Grant>();
  for (const grant of grants) {
    const before = bySid.get(grant.sid);
    bySid.set(grant.sid, before === undefined ? grant : merge(before, grant));
  }
  return [...bySid.values()];
};

const oneOrAll = (resources: readonly Json[]): Json => {
  const [only, ...others] = resources;
  return only !== undefined && others.length === 0 ? only : resources;
};

export const statementOf = ({ sid, actions, resources, condition }: Grant): Statement => ({
  ...allow(sid, actions, oneOrAll(resources)),
  ...(condition !== undefined && { Condition: condition }),
});

/** A function as the rows of the operations' table see it. */
export const whereOf = (context: StackContext, { slug, procedure, starts }: FunctionDefinition): Where => ({
  context,
  slug,
  procedure,
  ...(starts !== undefined && { starts }),
});

/** What its declared calls need, and nothing else. */
const declared = (context: StackContext, definition: FunctionDefinition): readonly Statement[] =>
  mergeBySid(
    Object.keys(definition.calls).flatMap((name) => operationOf(name).grants(whereOf(context, definition))),
  ).map(statementOf);

/** What a sender needs of a queue's key (SQS Developer Guide, "Amazon SQS Key management"). */
export const writingToQueues: readonly string[] = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Everything that one function may do. */
export const statementsOf = (context: StackContext, definition: FunctionDefinition): readonly Statement[] => [
  ownLogs(context, definition),
  ...(definition.isInVpc ? networkInterfaces(context, definition) : []),
  // Lambda puts a failed run's event there with the function's own role.
  ...(definition.isProcedure
    ? [
        allow('KeepFailedRuns', ['sqs:SendMessage'], getAtt(queueLogicalId('failed-runs'), 'Arn')),
        ...keyGrants(context, 'queues', writingToQueues).map(statementOf),
      ]
    : []),
  ...takingFromQueue(definition),
  ...environmentGrants(context).map(statementOf),
  ...declared(context, definition),
];
