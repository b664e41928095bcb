import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { projectRoot } from '../../../infra/packaging/package-stack.ts';

/** What packaging and deploying read of the project. */
const parts = [
  'functions',
  'infra',
  'presets',
  'shared',
  'serverless.yml',
  'package.json',
  'NOTICE',
  'LICENSE',
  'tsconfig.json',
];

export type ScriptResult = { readonly code: number | null; readonly said: string };

/** The project once more, where a test may package and deploy: both write where a person's package lies. */
export type ProjectCopy = {
  readonly path: string;
  /** Runs one of its scripts, `infra/deploy.ts`. */
  run(script: string, args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<ScriptResult>;
  close(): Promise<void>;
};

export const copyProject = async (): Promise<ProjectCopy> => {
  const path = await mkdtemp(join(tmpdir(), 'mskeeper-copy-'));
  await Promise.all(parts.map((part) => cp(join(projectRoot, part), join(path, part), { recursive: true })));
  await symlink(join(projectRoot, 'node_modules'), join(path, 'node_modules'));
  return {
    path,
    run: (script, args, environment = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [join(path, script), ...args], {
          cwd: path,
          env: { PATH: process.env.PATH, HOME: path, ...environment },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let said = '';
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding('utf8');
          stream.on('data', (text: string) => {
            said += text;
          });
        }
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, said }));
      }),
    close: () => rm(path, { recursive: true, force: true }),
  };
};
