import { budgetKey, procedureAuditPrefix } from '../../shared/acting/core/keys.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { arnOf, bucketLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { allow, getAtt, type Json, type Statement } from '../../shared/deployment/template.ts';

/** The procedure that acts, where the definition is of its durable run. */
const procedureOf = ({ slug }: Pick<FunctionDefinition, 'slug'>): string => slug.replace(/-run$/, '');

/**
 * What the door of acts asks and keeps (shared/acting/door-on-aws.ts), beside the bus and the `s3:ListBucket` that every procedure
 * has: the kill switch, its procedure's own audit, and the budget that every procedure of the cluster shares. Nobody who
 * acts may delete a record; the bucket keeps every version.
 */
export const actingStatements = (
  context: StackContext,
  definition: Pick<FunctionDefinition, 'slug'>,
): readonly Statement[] => {
  const inBucket = (path: string): Json => ({ 'Fn::Join': ['', [getAtt(bucketLogicalId, 'Arn'), `/${path}`]] });
  const { clusterKey, configuration } = context;
  // A parameter's ARN has one slash before its name, whether or not the name begins with one.
  const parameter = configuration.killSwitch.parameter.replace(/^\//, '');
  return [
    allow('AskTheKillSwitch', ['ssm:GetParameter'], arnOf(context, 'ssm', `parameter/${parameter}`)),
    allow(
      'KeepAuditAndBudget',
      ['s3:GetObject', 's3:PutObject'],
      [inBucket(`${procedureAuditPrefix(clusterKey, procedureOf(definition))}*`), inBucket(budgetKey(clusterKey))],
    ),
  ];
};
