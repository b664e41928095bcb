import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { untilEnd } from './child-end.ts';
import type { Choice, Part } from './parts.ts';
import type { PartResult } from './run-parts.ts';
import { readDrillReport, readTestReport, type TestReport } from './test-report.ts';

const projectRoot = join(import.meta.dirname, '../..');
/** Linux counts processor time in hundredths of a second, whatever the machine (proc_pid_stat(5), `sysconf(_SC_CLK_TCK)`). */
const ticksPerSecond = 100;

/** Processor time of all children that have ended until now; undefined where the system does not tell. */
const childSeconds = (): number | undefined => {
  if (!existsSync('/proc/self/stat')) return undefined;
  // After the command's name, which may hold anything, comes the third field; children's user and system time are 16 and 17.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
};

const reportPathOf = ({ name, counts }: Part, root: string): string | undefined => {
  if (counts === undefined) return undefined;
  return counts === 'drill' ? join(root, 'out/drill/report.json') : join(root, 'out/checks', `${name}.json`);
};

const readReport = (part: Part, path: string | undefined): TestReport | undefined => {
  if (path === undefined || !existsSync(path)) return undefined;
  return part.counts === 'drill' ? readDrillReport(path) : readTestReport(path);
};

/** npm names itself to its scripts; without it, whichever is on the path. */
const npmCommand = (): readonly [string, readonly string[]] => {
  const own = process.env.npm_execpath;
  return own === undefined ? ['npm', []] : [process.execPath, [own]];
};

const endOf = ({ script, args }: Part, cwd: string, env: NodeJS.ProcessEnv): Promise<number> => {
  const [command, before] = npmCommand();
  const given = [...before, 'run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])];
  return untilEnd(spawn(command, given, { cwd, env, stdio: 'inherit' }));
};

/** Runs a part as a script of the package.json at `root`: its output is the check's, its exit status the part's. */
export const runScript = async (
  part: Part,
  { seed, isDeep }: Choice,
  root: string = projectRoot,
): Promise<PartResult> => {
  const reportPath = reportPathOf(part, root);
  // What an earlier run counted is not this one's.
  if (reportPath !== undefined) rmSync(reportPath, { force: true });
  const [beganMs, beganSeconds] = [performance.now(), childSeconds()];
  const exitCode = await endOf(part, root, {
    ...process.env,
    MSKEEPER_SEED: String(seed),
    ...(isDeep && { MSKEEPER_DEEP: '1' }),
    ...(part.counts === 'vitest' && { MSKEEPER_TEST_REPORT: reportPath }),
  });
  const endedSeconds = childSeconds();
  return {
    name: part.name,
    exitCode,
    tookSeconds: (performance.now() - beganMs) / 1000,
    cpuSeconds: beganSeconds === undefined || endedSeconds === undefined ? undefined : endedSeconds - beganSeconds,
    tests: readReport(part, reportPath),
  };
};
