import { globSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command-line.ts';
import { print } from '../terminal/print.ts';
import { preparePython, run, ToolError } from './python-tool.ts';

const projectRoot = join(import.meta.dirname, '../..');
const requirements = join(import.meta.dirname, 'cfn-lint-requirements.txt');

const help = `Lints packaged templates with the real cfn-lint, pinned by hash, in a virtual environment of its own.
Needs Python 3.11 or newer; the first time, a package index too.

  node infra/checks/cfn-lint.ts [template …]    without templates: all under .serverless/
`;

/** osls writes DependsOn beside the GetAtt that already says so: said twice, wrong never. */
const ignoredChecks = ['W3005'];

const lint = (given: readonly string[]): void => {
  const templates =
    given.length > 0
      ? given
      : globSync('.serverless/**/cloudformation-template-*-stack.json', { cwd: projectRoot }).map((path) =>
          join(projectRoot, path),
        );
  if (templates.length === 0) throw new ToolError('no template under .serverless/: run npm run package first');
  const python = preparePython({ name: 'cfn-lint', requirements, module: 'cfnlint.runner' });
  const options = ['--non-zero-exit-code', 'informational', '--ignore-checks', ...ignoredChecks];
  const entry = 'import sys; from cfnlint.runner import main; sys.exit(main())';
  run(python, ['-c', entry, ...options, '--template', ...templates], 'cfn-lint found');
  print(`cfn-lint: ${templates.length} templates, nothing found\n`);
};

await runCommand({
  help,
  options: {},
  allowPositionals: true,
  expectedErrors: [ToolError],
  run: ({ positionals }) => {
    lint(positionals);
    return undefined;
  },
});
