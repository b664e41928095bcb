import type { FunctionDefinition } from './function-definition.ts';

/**
 * The one function from which people hear of the cluster. While a registry has none, each alarm tells its topic itself.
 *
 * @throws Error where two would tell: a mistake of ours
 */
export const tellerOf = ({
  functions,
}: {
  readonly functions: readonly FunctionDefinition[];
}): FunctionDefinition | undefined => {
  const [teller, ...others] = functions.filter(({ tellsPeople }) => tellsPeople);
  if (others.length === 0) return teller;
  const slugs = [teller, ...others].map((one) => one?.slug).join(', ');
  throw new Error(`${slugs} would each tell people of the same fault: one deployment.ts may say tellsPeople`);
};
