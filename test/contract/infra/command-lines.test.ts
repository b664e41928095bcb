import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseParts } from '../../../infra/checks/parts.ts';
import { largestSeed } from '../../../infra/checks/seed.ts';

const root = new URL('../../../', import.meta.url).pathname;

const run = (script: string, ...args: string[]) =>
  new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [join(root, script), ...args], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });

describe.each([
  'bench/bundles.ts',
  'bench/busy.ts',
  'bench/kafka-look/kafka-look.ts',
  'infra/checks/cfn-lint.ts',
  'infra/checks/check.ts',
  'infra/checks/mutation.ts',
  'infra/configuration/check.ts',
  'infra/configuration/resolve.ts',
  'infra/configuration/write-schema.ts',
  'infra/cost.ts',
  'infra/deploy.ts',
  'infra/docs.ts',
  'infra/package.ts',
  'local/drill/main.ts',
  'local/kafka/pin-checksums.ts',
])('%s', (script) => {
  test('--help says what it does and how it is called, and does nothing', async () => {
    const { code, stdout, stderr } = await run(script, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/(node [a-z]+\/[a-z/-]+\.ts|npm run [a-z]+)/);
    expect(stdout.split('\n').length).toBeGreaterThan(3);
  });

  test('an unknown option is named in one line, and nothing is done', async () => {
    expect(await run(script, '--nonsense')).toEqual({
      code: 2,
      stdout: '',
      stderr: "Unknown option '--nonsense'; --help lists the options\n",
    });
  });
});

test.each([
  ['infra/cost.ts', ['mskeeper.yml'], /^Unexpected argument 'mskeeper\.yml'.*; --help lists the options\n$/],
  ['bench/kafka-look/kafka-look.ts', ['--groups', 'many'], /^--groups must be a whole number above 0, not many\n$/],
  ['local/kafka/pin-checksums.ts', ['1.0.0'], /^unknown version 1\.0\.0; known are .*\n$/],
  ['infra/checks/check.ts', ['--only', 'nonsense'], /^no part is called nonsense; there are types, .*\n$/],
  ['infra/checks/check.ts', ['--seed', 'x'], /^a seed is a whole number from 0 to \d+, not "x"\n$/],
  [
    'infra/checks/mutation.ts',
    ['--list', '--seed', '2147483648'],
    /^--seed 2147483648 is no whole number up to \d+\n$/,
  ],
  ['infra/package.ts', ['--all', '--cluster', 'orders'], /^--all and --cluster exclude each other\n$/],
])('%s %j is refused in one line', async (script, args, message) => {
  const { code, stdout, stderr } = await run(script, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test('the largest seed that a check may draw is one for each of its parts', async () => {
  for (const part of chooseParts({ seed: largestSeed, isDeep: true, only: [] })) {
    const given = part.args.includes('--seed') ? part.args : [];
    const script = { drill: 'local/drill/main.ts', mutation: 'infra/checks/mutation.ts' }[part.script];
    if (script === undefined) expect(given).toEqual([]);
    else expect(await run(script, '--list', ...given)).toMatchObject({ code: 0, stderr: '' });
  }
  expect((await run('local/drill/main.ts', '--list', '--seed', String(largestSeed))).code).toBe(0);
});

test('what a person can mend is said in one sentence without a stack', async () => {
  const { code, stderr } = await run('infra/cost.ts', '--configuration', '/nowhere/mskeeper.yml');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\/nowhere\/mskeeper\.yml: cannot be read: .*\n$/);
});
