import process from 'node:process';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { ConfigError } from '../shared/core/errors.ts';
import { textOfAny } from '../shared/text/any-value.ts';
import { print, printError } from './terminal/print.ts';

/** A command line that cannot be understood: said in one line, with what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Expected<Options extends ParseArgsOptionsConfig> = {
  readonly options: Options;
  /** Words beside the options; without it, one is a UsageError. */
  readonly allowPositionals?: boolean;
};

const helpOption = { help: { type: 'boolean', default: false } } as const;

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options & typeof helpOption; allowPositionals: boolean; strict: true }>
>;

/**
 * Reads the words of a command line strictly; `--help` is always among the options.
 *
 * @throws UsageError for an unknown option, a value that is missing, or a word that nothing asks for
 */
export const parseOptions = <const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  { options, allowPositionals = false }: Expected<Options>,
): Parsed<Options> => {
  try {
    return parseArgs({ args: [...args], allowPositionals, strict: true, options: { ...options, ...helpOption } });
  } catch (error) {
    // Node adds a second sentence on how to pass what looks like an option; no argument here does.
    const [first] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${first?.replace(/\s+/g, ' ')}; --help lists the options`);
  }
};

type Command<Options extends ParseArgsOptionsConfig> = Expected<Options> & {
  readonly help: string;
  /** Errors that are said by their message alone, beside ConfigError and what the system refuses. */
  readonly expectedErrors?: readonly (new (
    ...args: never[]
  ) => Error)[];
  /** Where `run` throws; 1 where not given. */
  readonly failureStatus?: number;
  /** @returns the exit status where it is not 0 */
  readonly run: (given: Parsed<Options>) => number | undefined | Promise<number | undefined>;
};

/**
 * The main of a script. Exit status: what `run` returns; 2 where the command line is wrong; 1 where `run` throws. Says one
 * sentence for what a person can mend and a stack for a mistake of ours.
 */
export const runCommand = async <const Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
): Promise<void> => {
  try {
    const given = parseOptions(process.argv.slice(2), command);
    // The options are the caller's, so the compiler cannot see this one among them.
    if ('help' in given.values && given.values.help === true) {
      print(`${command.help.trimEnd()}\n`);
      return;
    }
    process.exitCode = (await command.run(given)) ?? 0;
  } catch (error) {
    printError(`${describe(error, command.expectedErrors ?? [])}\n`);
    process.exitCode = error instanceof UsageError ? 2 : (command.failureStatus ?? 1);
  }
};

const describe = (error: unknown, expected: NonNullable<Command<ParseArgsOptionsConfig>['expectedErrors']>): string => {
  if (!(error instanceof Error)) return textOfAny(error);
  // The system's own errors (ENOENT, EADDRINUSE) carry a code and say what it is about.
  const isExpected = [UsageError, ConfigError, ...expected].some((kind) => error instanceof kind) || 'code' in error;
  return isExpected ? error.message : (error.stack ?? error.message);
};
