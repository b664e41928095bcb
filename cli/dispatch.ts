import { UsageError } from '../infra/command-line.ts';
import { findNearest } from '../infra/configuration/suggestion.ts';
import { joined, type Shown, shown, shownLines, tamed } from '../infra/terminal/shown.ts';
import { columns, foldSpace } from '../infra/terminal/table.ts';
import { ConfigError, DependencyError } from '../shared/core/errors.ts';
import { textOfAny } from '../shared/text/any-value.ts';
import type { Command, Output } from './command.ts';

/** A command by its name: loaded when it is called, so that `--help` waits for no AWS client. */
type CommandEntry = { readonly summary: string; readonly load: () => Promise<Command> };
export type CommandTable = Readonly<Record<string, CommandEntry>>;

const helpOf = (commands: CommandTable): Shown => {
  const rows = Object.entries(commands).map(([name, { summary }]) => [`  ${name}`, summary]);
  return joined([
    shown`Talks to a deployed mskeeper and to the AWS account that it lives in. Uses the AWS credentials of the environment.

  npm run mskeeper -- <command> [arguments]

`,
    joined(columns(rows, { hasColors: false }), '\n'),
    shown`

  npm run mskeeper -- <command> --help

Exit status: 0 done and nothing wrong, 1 done and something is wrong, 2 it could not be done.
`,
  ]);
};

const refuse = (name: string | undefined, commands: CommandTable): never => {
  const names = Object.keys(commands);
  if (name === undefined) throw new UsageError(`name a command: ${names.join(', ')}; --help tells what they do`);
  const nearest = findNearest(name, names);
  const hint = nearest === undefined ? `there are ${names.join(', ')}` : `did you mean ${nearest}?`;
  throw new UsageError(`no command is called ${JSON.stringify(name)}; ${hint}`);
};

/** What a person can mend is a line; anything else is a fault of ours, with its stack. */
const expected = [UsageError, DependencyError];
const describeError = (error: unknown): Shown => {
  if (!(error instanceof Error)) return shown`${textOfAny(error)}`;
  // It lists mistakes, one a line, which are ours; what AWS said is nobody's list.
  if (error instanceof ConfigError) return shownLines(error.message);
  if (expected.some((kind) => error instanceof kind)) return shown`${foldSpace(error.message)}`;
  return shownLines(error.stack ?? error.message);
};

/**
 * Runs the command that the line names.
 *
 * @returns its exit status; 2 for a line that names none, and where the command failed to run
 */
export const dispatch = async (args: readonly string[], commands: CommandTable, given: Output): Promise<number> => {
  const out: Output = {
    ...given,
    write: (text) => given.write(tamed(text)),
    writeError: (text) => given.writeError(tamed(text)),
  };
  const [name, ...rest] = args;
  try {
    if (name === '--help' || name === 'help') {
      out.write(helpOf(commands));
      return 0;
    }
    const entry = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) return refuse(name, commands);
    const command = await entry.load();
    return await command(rest, out);
  } catch (error) {
    out.writeError(joined([describeError(error), shown`\n`]));
    return 2;
  }
};
