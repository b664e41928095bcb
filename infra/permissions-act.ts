import type { FunctionDefinition } from './functions.ts';
import { arnOf, bucketLogicalId, type StackContext } from './names.ts';
import { allow, getAtt, type Json, type Statement } from './template.ts';

/** The procedure that acts, where the definition is of its durable run. */
const procedureOf = ({ slug }: FunctionDefinition): string => slug.replace(/-run$/, '');

/**
 * What the door of acts asks and keeps (shared/act-open.ts): the kill switch, its procedure's own audit, and the budget that
 * every procedure of the cluster shares. Nobody who acts may delete a record; the bucket keeps every version.
 */
export const actingStatements = (context: StackContext, definition: FunctionDefinition): readonly Statement[] => {
  const inBucket = (path: string): Json => ({ 'Fn::Join': ['', [getAtt(bucketLogicalId, 'Arn'), path]] });
  const { clusterKey, configuration } = context;
  return [
    allow(
      'AskTheKillSwitch',
      ['ssm:GetParameter'],
      arnOf(context, 'ssm', `parameter${configuration.killSwitch.parameter}`),
    ),
    allow(
      'KeepAuditAndBudget',
      ['s3:GetObject', 's3:PutObject'],
      [inBucket(`/audit/${clusterKey}/${procedureOf(definition)}/*`), inBucket(`/budget/${clusterKey}.json`)],
    ),
  ];
};
