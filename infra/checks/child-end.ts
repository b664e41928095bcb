import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

/** Whoever stops this process stops its child. @returns ends that */
export const passSignals = (child: ChildProcess): (() => void) => {
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return () => void process.off('SIGINT', pass).off('SIGTERM', pass);
};

/** A child's exit status when it has ended; the shell's way to tell of a signal is 128 and its number. Rejects where it did not start. */
export const untilEnd = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    const stopPassing = passSignals(child);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      stopPassing();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
