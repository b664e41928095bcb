import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveConfiguration } from '../../../../infra/configuration/resolve-configuration.ts';
import { smallFile } from '../../../support/configuration.ts';

const root = new URL('../../../../', import.meta.url).pathname;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mskeeper-configuration-'));
  await writeFile(join(directory, 'good.yml'), smallFile());
  await writeFile(join(directory, 'bad.yml'), smallFile({ region: '    region: us-east-1' }, 'timezone: UTC\n'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

type Run = { readonly code: number | string | null | undefined; readonly stdout: string; readonly stderr: string };

const run = (script: string, ...values: string[]): Promise<Run> =>
  new Promise((resolve) => {
    const path = join(root, 'infra/configuration', script);
    execFile(process.execPath, [path, ...values], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });

test('check sums up a sound file and exits with 0', async () => {
  const { code, stdout } = await run('check.ts', '--file', join(directory, 'good.yml'));
  expect(code).toBe(0);
  expect(stdout).toContain('cluster orders: orders-live in eu-west-1, primary, 3 standard brokers, iam');
  expect(stdout).toContain('may act: nothing');
});

test('check tells every mistake of a wrong file, by line, and exits with 1', async () => {
  const { code, stderr } = await run('check.ts', '--file', join(directory, 'bad.yml'));
  expect(code).toBe(1);
  expect(stderr).toContain('bad.yml:5:5  clusters.orders.region  is not the Region of the ARN, eu-west-1');
  expect(stderr).toContain('bad.yml:10:1  timezone  is not a setting; did you mean "timeZone"?');
  expect(stderr).toContain('2 mistakes');
});

test('check --json is for programs', async () => {
  const { stdout } = await run('check.ts', '--json', '--file', join(directory, 'bad.yml'));
  expect(JSON.parse(stdout)).toMatchObject({
    isValid: false,
    mistakes: [{ path: 'clusters.orders.region', line: 5, column: 5 }, { path: 'timezone' }],
  });
});

test.each(['check.ts', 'resolve.ts'])('%s --help explains itself', async (script) => {
  const { code, stdout } = await run(script, '--help');
  expect(code).toBe(0);
  expect(stdout).toContain(`node infra/configuration/${script}`);
});

test.each([
  ['a file that is not there', ['--file', '/nowhere/mskeeper.yml'], '/nowhere/mskeeper.yml: cannot be read'],
  ['an unknown option', ['--fiel', 'x'], "Unknown option '--fiel'"],
])('check exits with 2 on %s', async (_name, values, message) => {
  const { code, stderr } = await run('check.ts', ...values);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('resolve writes what resolveConfiguration returns', async () => {
  const out = join(directory, 'new/mskeeper.json');
  expect(await run('resolve.ts', '--file', join(directory, 'good.yml'), '--out', out)).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual(resolveConfiguration(join(directory, 'good.yml')));
});
