import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions, UsageError } from '../infra/command-line.ts';
import type { Shown } from '../infra/terminal/shown.ts';
import type { Look } from '../infra/terminal/table.ts';

/** Where a command writes. `text` ends with its own line feed, and everything of somebody else in it is escaped. */
export type Output = Look & {
  readonly write: (text: Shown) => void;
  /** For mistakes and progress: a pipe behind the command does not read it. */
  readonly writeError: (text: Shown) => void;
};

/**
 * One command.
 *
 * @param args what stands behind its name
 * @returns the exit status: 0 done and nothing wrong, 1 done and something is wrong, 2 it could not be done; a command may say more in its help
 * @throws UsageError, ConfigError, DependencyError: `dispatch` says them in a line and ends with 2
 */
export type Command = (args: readonly string[], out: Output) => Promise<number>;

/** Options that every command has, beside `--help`. */
const commonOptions = {
  file: { type: 'string', default: 'mskeeper.yml' },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig;

/**
 * A command's own line, its options together with the common ones.
 *
 * @param mostPositionals how many words without dashes it takes
 * @throws UsageError for an unknown option, one without its value, or a word too many
 */
export const parseCommandArgs = <Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  mostPositionals: number,
) => {
  const parsed = parseOptions(args, { options: { ...commonOptions, ...options }, allowPositionals: true });
  const surplus = parsed.positionals[mostPositionals];
  if (surplus === undefined) return parsed;
  throw new UsageError(`${JSON.stringify(surplus)} is a word too many; --help shows the command's form`);
};
