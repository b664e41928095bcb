import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { untilEnd } from '../infra/checks/child-end.ts';
import { runCommand, UsageError } from '../infra/command-line.ts';

const help = `Runs a command beside processes that each keep a core busy, and ends them with it: what holds on an idle machine
must hold on this one too, later. Its exit status is the command's.

  node bench/busy.ts -- npm run check           beside two of them
  node bench/busy.ts --processes 4 -- npm test
  --help
`;

const usualCount = 2;

/** Works without end, in pieces between which it hears that its standard input has closed: then nobody wants it any more. */
const spinner = `
  process.stdin.on('end', () => process.exit()).on('error', () => process.exit()).resume();
  const work = () => { const end = performance.now() + 50; while (performance.now() < end); setImmediate(work); };
  work();
`;

/** Its standard input is a pipe of ours, which the system closes however we end. */
const startSpinner = (): ChildProcess =>
  spawn(process.execPath, ['-e', spinner], { stdio: ['pipe', 'ignore', 'inherit'] });

const countOf = (text: string | undefined): number => {
  if (text === undefined) return usualCount;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new UsageError(`--processes must be a whole number from 1 to 99, not ${text}`);
};

await runCommand({
  help,
  options: { processes: { type: 'string' } },
  allowPositionals: true,
  run: async ({ values, positionals }) => {
    const [command, ...args] = positionals;
    const count = countOf(values.processes);
    if (command === undefined) throw new UsageError('after -- a command must stand; --help shows one');
    const spinners = Array.from({ length: count }, startSpinner);
    try {
      return await untilEnd(spawn(command, args, { stdio: 'inherit' }));
    } finally {
      for (const { stdin } of spinners) stdin?.end();
    }
  },
});
