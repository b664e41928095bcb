import { type ChildProcess, type IOType, spawn } from 'node:child_process';
import { once } from 'node:events';
import { LocalKafkaError } from './errors.ts';
import { localKafkaFile } from './versions.ts';

/** A process in a group of its own which the end of a pipe takes down with its parent. */
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
 * Spawns `command` bound to this process: it dies with it, also on SIGKILL, and a Ctrl-C at the terminal reaches it only
 * through its parent's end. `lastWords` is a shell command for the moment this process is gone. A command that is not
 * installed ends with code 127, as in a shell.
 */
export const spawnBound = (
  command: readonly string[],
  stdio: readonly [IOType | number, IOType | number, IOType | number],
  lastWords = ':',
): ChildProcess => {
  const child = spawn('sh', [localKafkaFile('./with-parent.sh'), lastWords, ...command], {
    detached: true,
    stdio: [...stdio, 'pipe'],
  });
  const leash = child.stdio[3];
  // Nothing is ever written: the stream's only news is that its far end has closed, which `exit` tells better.
  leash?.on('error', () => undefined);
  child.once('exit', () => leash?.destroy());
  return child;
};

/** Starts `command` as `spawnBound` does, its output going to the open file `logFile`. */
export const startBoundProcess = async (
  command: readonly string[],
  logFile: number,
  lastWords?: string,
): Promise<BoundProcess> => {
  const child = spawnBound(command, ['ignore', logFile, logFile], lastWords);
  const ended = watch(child);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new LocalKafkaError(`${command[0]} has no process id`);
  return {
    pid,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    signal: (name) => void child.kill(name),
  };
};
