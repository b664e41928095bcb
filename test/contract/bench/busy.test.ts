import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';

const program = join(import.meta.dirname, '../../../bench/busy.ts');
/** Tells the processes of one test from all others. */
const mark = crypto.randomUUID();
const environment = { ...process.env, MSKEEPER_BUSY_MARK: mark };

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** Process ids of spinners that the test's command started. */
const spinners = (): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [command = '', variables = ''] = ['cmdline', 'environ'].map((file) =>
        readFileSync(`/proc/${pid}/${file}`, 'utf8'),
      );
      return variables.includes(mark) && command.includes('setImmediate(work)');
    } catch {
      // It ended while being read.
      return false;
    }
  });

const run = (...args: string[]) =>
  new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { env: environment }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });

test('the command runs with its words as they are, its exit status is kept, and nothing is left over', async () => {
  const script = 'console.log(process.argv.slice(1).join("|")); process.exitCode = 5';
  const { code, stdout } = await run('--processes', '1', '--', process.execPath, '-e', script, 'a b', '--help');
  expect({ code, stdout }).toEqual({ code: 5, stdout: 'a b|--help\n' });
  await eventually(() => expect(spinners()).toEqual([]));
});

/** Waits, and ends when whoever started it has ended. */
const waits = 'const parent = process.ppid; setInterval(() => { if (process.ppid !== parent) process.exit(); }, 50);';

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'two processes work beside it, and end with it even by %s',
  async (signal) => {
    const command = [process.execPath, '-e', waits];
    const child = spawn(process.execPath, [program, '--', ...command], { env: environment, stdio: 'ignore' });
    running.push(child);
    await eventually(() => expect(spinners()).toHaveLength(2));
    child.kill(signal);
    await eventually(() => expect(spinners()).toEqual([]));
  },
);

test.each([
  [[], 'after -- a command must stand; --help shows one\n'],
  [['--processes', '0', '--', 'true'], '--processes must be a whole number from 1 to 99, not 0\n'],
])('%j is refused in one line', async (args, stderr) => {
  expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr });
});
