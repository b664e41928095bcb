import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Part } from '../../../../infra/checks/parts.ts';
import { runApart } from '../../../../infra/checks/run-apart.ts';
import { runScript } from '../../../../infra/checks/run-script.ts';

const choice = { seed: 41, isDeep: false, only: [] };
/** Takes enough of a processor to be seen in hundredths of a second, however long it waits for one. */
const spin = 'while (process.cpuUsage().user < 1_000_000);';
const keepEnvironment = `const { argv, env } = process;
require('node:fs').writeFileSync('seen.json', JSON.stringify([argv.slice(2), env.MSKEEPER_SEED, env.MSKEEPER_DEEP]));`;
const scripts = {
  well: `node -e "${spin}"`,
  ill: 'exit 7',
  stopped: 'node -e "process.kill(process.pid, \'SIGKILL\')"',
  looks: 'node looks.cjs',
  writes: 'node write.cjs',
  talks: 'echo one && echo two >&2 && exit 3',
};

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mskeeper-scripts-'));
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'trial', scripts }));
  await writeFile(join(root, 'looks.cjs'), keepEnvironment);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const part = (script: keyof typeof scripts, more: Partial<Part> = {}): Part => ({
  name: script,
  script,
  args: [],
  ...more,
});

test('a part that is well ends with 0, and its processor time is that of its processes', async () => {
  const { exitCode, cpuSeconds, tookSeconds, tests } = await runScript(part('well'), choice, root);
  expect({ exitCode, tests }).toEqual({ exitCode: 0, tests: undefined });
  expect(cpuSeconds).toBeGreaterThan(0.2);
  expect(tookSeconds).toBeGreaterThan(0.2);
});

test('the exit status of a part is kept, and one that was killed has not passed', async () => {
  expect((await runScript(part('ill'), choice, root)).exitCode).toBe(7);
  expect((await runScript(part('stopped'), choice, root)).exitCode).not.toBe(0);
});

test('a part is given its arguments, the seed, and that everything is to be tried', async () => {
  const seen = async () => JSON.parse(await readFile(join(root, 'seen.json'), 'utf8'));
  await runScript(part('looks', { args: ['--all'] }), choice, root);
  expect(await seen()).toEqual([['--all'], '41', null]);
  await runScript(part('looks'), { ...choice, isDeep: true }, root);
  expect(await seen()).toEqual([[], '41', '1']);
});

test('what an earlier run counted is not read again, and a drill is counted by its scenarios', async () => {
  const report = join(root, 'out/drill/report.json');
  await mkdir(join(root, 'out/drill'), { recursive: true });
  const scenarios = [
    { name: 'healthy', outcome: 'passed', durationSeconds: 40 },
    { name: 'disk-fill', outcome: 'failed', durationSeconds: 90 },
  ];
  await writeFile(report, JSON.stringify({ scenarios }));
  const { tests } = await runScript(part('well', { counts: 'drill' }), choice, root);
  expect(tests).toBeUndefined();
  const writing = `require('node:fs').writeFileSync('out/drill/report.json', JSON.stringify(${JSON.stringify({ scenarios })}))`;
  await writeFile(join(root, 'write.cjs'), writing);
  expect((await runScript(part('writes', { counts: 'drill' }), choice, root)).tests).toEqual({
    passedCount: 1,
    failedCount: 1,
    timed: [
      { name: 'drill healthy', seconds: 40 },
      { name: 'drill disk-fill', seconds: 90 },
    ],
  });
});

test('parts that run side by side each have their own lines, exit status and processor time', async () => {
  const lines: string[] = [];
  const apart = (script: keyof typeof scripts) =>
    runApart(part(script), choice, (line) => lines.push(`${script}: ${line}`), root);
  const [talks, well, stopped] = await Promise.all([apart('talks'), apart('well'), apart('stopped')]);
  // What a shell says of a process that was killed is its own.
  expect(lines.filter((line) => !line.startsWith('stopped'))).toEqual(['talks: one', 'talks: two']);
  expect(talks.exitCode).toBe(3);
  expect(well).toMatchObject({ name: 'well', exitCode: 0 });
  expect(stopped.exitCode).not.toBe(0);
  // What it spins, besides what npm takes.
  expect(well.cpuSeconds).toBeGreaterThan(0.9);
  expect(well.cpuSeconds).toBeGreaterThan(talks.cpuSeconds ?? Number.POSITIVE_INFINITY);
});
