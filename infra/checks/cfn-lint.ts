import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runCommand } from '../command-line.ts';

const projectRoot = join(import.meta.dirname, '../..');
const requirements = join(import.meta.dirname, 'cfn-lint-requirements.txt');
const cacheFolder = join(projectRoot, '.cache', 'cfn-lint');

const help = `Lints packaged templates with the real cfn-lint, pinned by hash, in a virtual environment of its own.
Needs Python 3.11 or newer; the first time, a package index too.

  node infra/checks/cfn-lint.ts [template …]    without templates: all under .serverless/
`;

/** osls writes DependsOn beside the GetAtt that already says so: said twice, wrong never. */
const ignoredChecks = ['W3005'];

class CheckError extends Error {}

const run = (command: string, args: readonly string[], problem: string): string => {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw new CheckError(`${problem}: ${error.message}`, { cause: error });
  if (status !== 0) throw new CheckError(`${problem}:\n${stdout}${stderr}`);
  return stdout;
};

/** The environment is named after what is in it, so a new pin makes a new one, and is moved into place when it is whole. */
const prepare = (): string => {
  const contents = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const environment = join(cacheFolder, contents);
  if (existsSync(join(environment, 'bin', 'cfn-lint'))) return environment;
  const python = process.env.PYTHON ?? 'python3';
  const isNewEnough = 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)';
  run(python, ['-c', isNewEnough], `cfn-lint needs Python 3.11 or newer as ${python} (or named in PYTHON)`);
  const unfinished = `${environment}.${process.pid}`;
  run(python, ['-m', 'venv', unfinished], 'a virtual environment could not be made (Debian: apt install python3-venv)');
  const pip = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--requirement', requirements];
  try {
    run(join(unfinished, 'bin', 'python'), pip, 'cfn-lint could not be installed');
    renameSync(unfinished, environment);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Somebody else was faster, and theirs holds the same.
    if (!existsSync(join(environment, 'bin', 'cfn-lint'))) throw error;
  }
  return environment;
};

const lint = (given: readonly string[]): void => {
  const templates =
    given.length > 0
      ? given
      : globSync('.serverless/**/cloudformation-template-*-stack.json', { cwd: projectRoot }).map((path) =>
          join(projectRoot, path),
        );
  if (templates.length === 0) throw new CheckError('no template under .serverless/: run npm run package first');
  // By its interpreter: the scripts of a moved environment still name the place where it was made.
  const python = join(prepare(), 'bin', 'python');
  const options = ['--non-zero-exit-code', 'informational', '--ignore-checks', ...ignoredChecks];
  const entry = 'import sys; from cfnlint.runner import main; sys.exit(main())';
  run(python, ['-c', entry, ...options, '--template', ...templates], 'cfn-lint found');
  process.stdout.write(`cfn-lint: ${templates.length} templates, nothing found\n`);
};

await runCommand({
  help,
  options: {},
  allowPositionals: true,
  expectedErrors: [CheckError],
  run: ({ positionals }) => {
    lint(positionals);
    return undefined;
  },
});
