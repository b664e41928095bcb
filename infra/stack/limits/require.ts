import { ConfigError } from '../../../shared/core/errors.ts';
import type { Resources } from '../../../shared/deployment/template.ts';
import { findLimitProblems } from './measure.ts';

/** More than these tell nothing new. */
const mostTold = 10;

/**
 * The one place where names, texts, lists and documents of a stack meet AWS's limits, which AWS itself would tell in the middle
 * of a deployment.
 *
 * @throws ConfigError with every part that is too large, and the setting of mskeeper.yml that it comes from
 */
export const requireLimits = (clusterKey: string, resources: Resources): void => {
  const problems = findLimitProblems(resources);
  if (problems.length === 0) return;
  const lines = problems
    .slice(0, mostTold)
    .map(({ message, setting }) =>
      setting === undefined ? message : `${message}: shorten ${setting} in mskeeper.yml`,
    );
  const more = problems.length > mostTold ? [`and ${problems.length - mostTold} more`] : [];
  throw new ConfigError(`the stack of "${clusterKey}" would not deploy:\n  ${[...lines, ...more].join('\n  ')}`);
};
