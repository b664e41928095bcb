import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { arnOf, bucketLogicalId, functionNameOf, type StackContext } from '../../shared/deployment/names.ts';
import { allow, getAtt, type Statement } from '../../shared/deployment/template.ts';

/** osls' alias of a durable function's newest version. */
export const durableAlias = 'durable';

/**
 * A durable function's executions on every version: Lambda authorises these calls by the execution's ARN, which has a
 * version and never an alias (Lambda guide, "Security and permissions for Lambda durable functions").
 */
export const executionsOf = (context: StackContext, slug: string): string =>
  arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}:*/durable-execution/*/*`);

/**
 * What a durable function needs to be one: its own checkpoints, and a place to ask a person for approval, which it may
 * write and not read. No function may answer a callback.
 */
export const durableStatements = (context: StackContext, { slug }: FunctionDefinition): readonly Statement[] => [
  allow(
    'OwnCheckpoints',
    ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    executionsOf(context, slug),
  ),
  allow('AskForApproval', ['s3:PutObject'], {
    'Fn::Join': ['', [getAtt(bucketLogicalId, 'Arn'), `/approvals/${context.clusterKey}/*`]],
  }),
];

/** What an intake needs to start its run or to find it: the alias to invoke, and the list, which is asked without a version. */
export const intakeStatements = (context: StackContext, runSlug: string): readonly Statement[] => {
  const run = arnOf(context, 'lambda', `function:${functionNameOf(context, runSlug)}`);
  return [
    allow('StartTheRun', ['lambda:InvokeFunction'], `${run}:${durableAlias}`),
    allow('FindTheRun', ['lambda:ListDurableExecutionsByFunction'], [run, `${run}:*`]),
  ];
};
