import type { Configuration } from '../../shared/core/configuration.ts';
import type { Mistake } from './mistake.ts';

type Settings = Pick<Configuration, 'modes' | 'clusters'>;

/**
 * Stacks that act, and whose bucket nobody may mend: what lies there decides over acts, and the account's root, which could
 * still take the policy away, may be denied it by the organization.
 */
export const findNobodyMends = ({ modes, clusters }: Settings): Mistake[] => {
  if (!Object.values(modes).includes('act')) return [];
  const without = Object.keys(clusters).filter((key) => clusters[key]?.stack?.breakGlassRole === undefined);
  if (without.length === 0) return [];
  const message =
    `is not set for ${without.map((key) => `"${key}"`).join(', ')}, where something may act: nobody can mend a damaged ` +
    'budget, episode or record there, but by a deploy that names a role, or as the account’s root where the organization lets it';
  return [{ path: ['stack', 'breakGlassRole'], message }];
};
