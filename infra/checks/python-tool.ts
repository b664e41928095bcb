import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const projectRoot = join(import.meta.dirname, '../..');

/** A check of somebody else's found something, or could not be had. */
export class ToolError extends Error {}

const mostBytes = 256 * 1024 * 1024;

/** What a command says, whatever its exit status. @throws ToolError where it could not be started */
export const say = (
  command: string,
  args: readonly string[],
  { problem, input = '' }: { readonly problem: string; readonly input?: string },
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', input, maxBuffer: mostBytes });
  if (error !== undefined) throw new ToolError(`${problem}: ${error.message}`, { cause: error });
  return { status, stdout, stderr };
};

/** What a command says that ends well. @throws ToolError with its words where it does not */
export const run = (command: string, args: readonly string[], problem: string): string => {
  const { status, stdout, stderr } = say(command, args, { problem });
  if (status !== 0) throw new ToolError(`${problem}:\n${stdout}${stderr}`);
  return stdout;
};

/** @property requirements a file of exact versions with their hashes @property module what proves that all is installed */
export type PythonTool = { readonly name: string; readonly requirements: string; readonly module: string };

/**
 * The interpreter of a virtual environment of the tool's own, under `.cache/`. It is named after what is in it, so a new pin
 * makes a new one, and is moved into place when it is whole. By its interpreter a tool is run: the scripts of a moved
 * environment still name the place where it was made.
 *
 * @throws ToolError where Python is missing or too old, or an index does not have the pinned packages
 */
export const preparePython = ({ name, requirements, module }: PythonTool): string => {
  const contents = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const environment = join(projectRoot, '.cache', name, contents);
  const interpreter = join(environment, 'bin', 'python');
  if (existsSync(interpreter)) return interpreter;
  const python = process.env.PYTHON ?? 'python3';
  const isNewEnough = 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)';
  run(python, ['-c', isNewEnough], `${name} needs Python 3.11 or newer as ${python} (or named in PYTHON)`);
  const unfinished = `${environment}.${process.pid}`;
  const inside = join(unfinished, 'bin', 'python');
  run(python, ['-m', 'venv', unfinished], 'a virtual environment could not be made (Debian: apt install python3-venv)');
  const pip = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--requirement', requirements];
  try {
    run(inside, pip, `${name} could not be installed`);
    run(inside, ['-c', `import ${module}`], `${name} was installed and does not start`);
    renameSync(unfinished, environment);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Somebody else was faster, and theirs holds the same.
    if (!existsSync(interpreter)) throw error;
  }
  return interpreter;
};
