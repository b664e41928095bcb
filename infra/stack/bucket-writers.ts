import { pairKeyOf } from '../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { roleLogicalId, roleNameOf, type StackContext } from '../../shared/deployment/names.ts';
import { operationOf } from '../../shared/deployment/operations.ts';
import { getAtt, type Json, pascalCase } from '../../shared/deployment/template.ts';
import { whereOf } from './permissions.ts';

/** Who writes into the bucket, by the ARN of its role, and the folders that are its own. */
export type BucketWriter = { readonly name: string; readonly roleArn: Json; readonly folders: readonly string[] };

const foldersOf = (context: StackContext, definition: FunctionDefinition): readonly string[] => [
  ...new Set(
    Object.keys(definition.calls).flatMap((name) => {
      const folder = operationOf(name).writesUnder?.(whereOf(context, definition));
      return folder === undefined ? [] : [folder];
    }),
  ),
];

/** What the pair's stack leaves here, since it must outlive its own Region, and the one procedure that writes it (D1, D13). */
const folderByProcedure = { 'metadata-backup': 'backups/', 'primary-watch': 'heartbeat/' } as const;

/** The pair's functions that write, by the names of their roles: the other stack may not be there yet, or not any more. */
export const pairWritersOf = (context: StackContext): readonly BucketWriter[] => {
  const key = pairKeyOf(context.configuration, context.clusterKey);
  const cluster = key === undefined ? undefined : context.configuration.clusters[key];
  if (key === undefined || cluster === undefined) return [];
  const its = { ...context, clusterKey: key, cluster };
  return Object.entries(folderByProcedure).map(([procedure, folder]) => ({
    name: `Pair${pascalCase(procedure)}`,
    roleArn: `arn:${context.partition}:iam::${cluster.accountId}:role/${roleNameOf(its, procedure)}`,
    folders: [folder],
  }));
};

/** The stack's own functions that write, as their deployments declare it. */
export const ownWritersOf = (context: StackContext): readonly BucketWriter[] =>
  context.functions.flatMap((definition): readonly BucketWriter[] => {
    const folders = foldersOf(context, definition);
    const { slug } = definition;
    return folders.length === 0
      ? []
      : [{ name: pascalCase(slug), roleArn: getAtt(roleLogicalId(slug), 'Arn'), folders }];
  });
