import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { localKafkaFile } from './versions.ts';

/** A process in a group of its own which the kernel's end-of-pipe takes down with its parent. */
export type BoundProcess = {
  readonly pid: number;
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  isRunning(): boolean;
  /** Sends a signal to the process; one that has ended is left alone. */
  signal(name: NodeJS.Signals): void;
};

const watch = (child: ChildProcess): BoundProcess['ended'] =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));

/**
 * Starts `command` bound to this process: it dies with it, also on SIGKILL, and Ctrl-C at a terminal doesn't reach it
 * directly. Output goes to the open file `logFile`. `lastWords` is a shell command for the moment this process is gone.
 * Throws where the shell cannot be started; a command that is not there ends with code 127.
 */
export const startBoundProcess = async (
  command: readonly string[],
  logFile: number,
  lastWords = ':',
): Promise<BoundProcess> => {
  const child = spawn('sh', [localKafkaFile('./with-parent.sh'), lastWords, ...command], {
    detached: true,
    stdio: ['pipe', logFile, logFile],
  });
  const ended = watch(child);
  // Nothing is ever written: the stream's only news is that its far end has closed, which `ended` tells better.
  child.stdin?.on('error', () => undefined);
  await once(child, 'spawn');
  const pid = child.pid;
  if (pid === undefined) throw new Error(`no process id for ${command[0]}`);
  void ended.then(() => child.stdin?.destroy());
  return {
    pid,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    signal: (name) => void child.kill(name),
  };
};

/** Removes `directory` when `sweep` is called, or when this process ends without having called it. */
export const startSweeper = async (directory: string): Promise<{ sweep(): Promise<void> }> => {
  const child = spawn('sh', [localKafkaFile('./sweep.sh'), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = watch(child);
  await once(child, 'spawn');
  child.unref();
  return {
    sweep: async () => {
      child.ref();
      child.stdin?.end();
      const { code } = await ended;
      if (code !== 0) throw new Error(`could not remove ${directory}`);
    },
  };
};
