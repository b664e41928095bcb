import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';

const program = join(import.meta.dirname, '../../../local/drill/main.ts');

export type RunningDrill = {
  readonly child: ChildProcess;
  /** Everything on its standard error until now. */
  readonly said: () => string;
  readonly printed: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Resolves when the text has been said; fails at once where the drill ends without it. */
  readonly hasSaid: (text: string) => Promise<void>;
  readonly temporaryFolder: string;
  readonly outputFolder: string;
};

/** Starts a drill whose temporary files and processes can be told from everybody else's. */
export const startDrill = async (folder: string, args: readonly string[]): Promise<RunningDrill> => {
  const own = await mkdtemp(join(folder, 'drill-'));
  const [temporaryFolder, outputFolder] = [join(own, 'tmp'), join(own, 'out')];
  await mkdir(temporaryFolder);
  const child = spawn(process.execPath, [program, ...args, '--output', outputFolder], {
    env: { ...process.env, TMPDIR: temporaryFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, printed] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return {
    child,
    said: () => said,
    printed: () => printed,
    ended,
    temporaryFolder,
    outputFolder,
    hasSaid: async (text) => {
      await Promise.race([
        eventually(
          () => {
            if (!said.includes(text)) throw new Error(`not said yet: ${text}\n${said}`);
          },
          // A start, packaging and a scenario, beside whatever else the machine does: until the test's own end.
          { intervalMs: 20, patienceMs: 280_000 },
        ),
        ended.then(() => {
          if (!said.includes(text)) throw new Error(`ended without saying: ${text}\n${said}`);
        }),
      ]);
    },
  };
};

/** Command lines of processes that know the folder, by argument or by environment. */
export const processesOf = (folder: string): readonly string[] =>
  readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return [];
    try {
      const [command, environment] = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
      const isOwn = command?.includes(folder) || environment?.includes(folder);
      return isOwn ? [`${pid} ${command?.replaceAll('\0', ' ').slice(0, 200)}`] : [];
    } catch {
      // It ended while being read, or belongs to somebody else.
      return [];
    }
  });

export const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
