import type { Configuration } from '../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { actingProceduresOf } from '../functions.ts';
import { earlyAlarms } from '../procedures.ts';
import type { Mistake } from './mistake.ts';

/** What of mskeeper.yml may be there for nobody: a policy with its groups of quantities, modes and approvals. */
type Named = {
  readonly policy: Readonly<Record<string, unknown>>;
  readonly modes: Readonly<Record<string, unknown>>;
  readonly approvals: Readonly<Record<string, unknown>>;
};

const quantityGroups: readonly string[] = ['limits', 'floors', 'scaling'];

/** What the packaging itself reads of a policy. */
const readByPackaging: readonly string[] = ['preset'];

/** What the door of acts reads, for every procedure (shared/acting/door-on-aws.ts). */
const readByTheDoor: readonly string[] = ['mustTell'];

const pathsOfPolicy = (policy: Named['policy']): readonly (readonly string[])[] =>
  Object.entries(policy).flatMap(([key, value]) =>
    quantityGroups.includes(key) && typeof value === 'object' && value !== null
      ? Object.keys(value).map((quantity) => [key, quantity])
      : [[key]],
  );

/**
 * Settings that a file names and no procedure reads yet, by what the procedures declare to judge: nothing is wrong with
 * them, and nobody must rely on them.
 */
export const findUnreadSettings = (named: Named, functions: readonly FunctionDefinition[]): Mistake[] => {
  const read = new Set<string>([
    ...readByPackaging,
    ...readByTheDoor,
    ...earlyAlarms.flatMap(({ judges }) => judges),
    ...functions.flatMap(({ judges }) => judges),
  ]);
  const acting = actingProceduresOf(functions);
  const ofProcedures = (group: 'modes' | 'approvals') =>
    Object.keys(named[group])
      .filter((procedure) => !acting.includes(procedure))
      .map((procedure) => [group, procedure]);
  const paths = [
    ...pathsOfPolicy(named.policy)
      .filter((path) => !read.has(path.join('.')))
      .map((path) => ['policy', ...path]),
    ...ofProcedures('modes'),
    ...ofProcedures('approvals'),
  ];
  return paths.map((path) => ({ path, message: 'nothing reads this yet' }));
};

/** The same of a resolved configuration, where the preset's numbers stand beside the file's, and a mode that asks for nothing is none. */
export const findUnreadOf = (configuration: Configuration, functions: readonly FunctionDefinition[]): Mistake[] =>
  findUnreadSettings(
    {
      policy: configuration.policy,
      modes: Object.fromEntries(Object.entries(configuration.modes).filter(([, mode]) => mode !== 'plan')),
      approvals: Object.fromEntries(Object.entries(configuration.approvals).filter(([, { isRequired }]) => isRequired)),
    },
    functions,
  );
