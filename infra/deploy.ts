import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { ConfigError } from '../shared/core/errors.ts';
import { runCommand } from './command-line.ts';
import { projectRoot, serverlessProgram, stackEnvironment } from './packaging/package-stack.ts';

const help = `Deploys what was packaged, or removes it. Uses the AWS credentials of the environment.

  npm run deploy                         what lies in .serverless/
  npm run deploy -- --package <folder>   what lies there (npm run package -- --all: .serverless/<cluster>)
  npm run deploy -- --remove             removes that stack; its report bucket stays
  --help
`;

/** The cluster key that a package was made for: osls calls it the stage. */
const clusterKeyOf = (folder: string): string => {
  const path = join(folder, 'serverless-state.json');
  if (!existsSync(path)) throw new ConfigError(`${folder} holds no package: run npm run package first`);
  const state: { service?: { provider?: { stage?: unknown } } } = JSON.parse(readFileSync(path, 'utf8'));
  const stage = state.service?.provider?.stage;
  if (typeof stage !== 'string') throw new ConfigError(`${path} does not say what it was made for: package again`);
  return stage;
};

const deploy = (given: { readonly package: string; readonly remove: boolean }): number => {
  const folder = resolve(given.package);
  const environment = stackEnvironment(clusterKeyOf(folder));
  if (!existsSync(join(projectRoot, environment.MSKEEPER_STACK_FILE))) {
    throw new ConfigError(`${environment.MSKEEPER_STACK_FILE} is gone: package again`);
  }
  const args = given.remove ? ['remove'] : ['deploy', '--package', relative(projectRoot, folder)];
  const { status, error } = spawnSync(process.execPath, [serverlessProgram, ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  return status ?? 1;
};

await runCommand({
  help,
  options: {
    package: { type: 'string', default: join(projectRoot, '.serverless') },
    remove: { type: 'boolean', default: false },
  },
  run: ({ values }) => deploy(values),
});
