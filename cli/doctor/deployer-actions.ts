import type { StackContext } from '../../shared/deployment/names.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import type { Resources } from '../../shared/deployment/template.ts';
import { channelRowsOf } from './deployer-channel-rows.ts';
import { deployerNamesOf } from './deployer-names.ts';
import { type DeployerRow, rowsByType, usualRows } from './deployer-rows.ts';
import { settingRowsOf } from './deployer-setting-rows.ts';

/** One kind of resource that a deploy makes, and what the person who deploys must be allowed to do with it. */
export type DeployerActions = {
  /** The first cell of its row in one of docs/deploy.md's two tables. */
  readonly row: string;
  readonly actions: readonly string[];
  readonly resourceArns: readonly string[];
  readonly contextEntries?: readonly { readonly key: string; readonly values: readonly string[] }[];
};

/** A key that the stack makes has no name before it is made: what is done with it then cannot be asked about. */
const keyOfTheTopics: DeployerRow = { row: 'their key', service: 'kms', actions: 'CreateKey', on: 'any' };

/**
 * docs/deploy.md's tables of what the person who deploys may do, with a name of each kind out of the template, and of the
 * settings' table the rows of what this cluster's stack sets, and what its channels ask.
 *
 * @param resources the stack's, as packaging makes them
 */
export const planDeployerActions = (context: StackContext, resources: Resources): readonly DeployerActions[] => {
  const names = deployerNamesOf(context, resources);
  const types = new Set(Object.values(resources).map(({ Type }) => Type));
  const rows = [
    ...usualRows,
    ...Object.entries(rowsByType).flatMap(([type, own]) => (types.has(type) ? own : [])),
    ...(ownKeyOf(context, 'topics') === undefined ? [keyOfTheTopics] : []),
    ...settingRowsOf(context),
    ...channelRowsOf(context),
  ];
  return rows.flatMap(({ row, service, actions, on, ...more }): readonly DeployerActions[] => {
    const resourceArns = typeof on === 'string' ? names[on] : on.arns;
    if (resourceArns.length === 0) return [];
    const named = actions
      .trim()
      .split(/\s+/)
      .map((name) => `${service}:${name}`);
    return [{ row, actions: named, resourceArns, ...more }];
  });
};
