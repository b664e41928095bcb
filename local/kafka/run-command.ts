import { spawn } from 'node:child_process';
import { spawnBound } from './bound-process.ts';
import { hasErrorCode } from './error-code.ts';

export type CommandResult = { readonly stdout: string; readonly stderr: string; readonly code: number };

export type CommandOptions = {
  readonly input?: string | undefined;
  /** Drops standard output, where nobody reads what a consumer prints for hours. */
  readonly isOutputDropped?: boolean | undefined;
  /** Ends the command (SIGTERM, after 5 s SIGKILL); `runCommand` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Binds a long-running command to this process, as brokers are; the text is run by a shell when this one is gone. */
  readonly lastWords?: string | undefined;
};

/** What a shell reports for a command that is not installed. */
export const commandNotFound = 127;

const patienceMs = 5_000;

/**
 * Runs a command to its end and returns what it printed, whatever its exit status (128 when a signal ended it, 127 when it
 * is not installed).
 */
export const runCommand = (
  command: readonly [string, ...string[]],
  { input, isOutputDropped, signal, environment = process.env, lastWords }: CommandOptions = {},
): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const [file, ...args] = command;
    const child =
      lastWords === undefined
        ? spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env: environment })
        : spawnBound(command, ['pipe', 'pipe', 'pipe'], lastWords);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (!isOutputDropped) stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // A command that doesn't read its input to the end is judged by its exit status.
    child.stdin?.on('error', () => undefined).end(input ?? '');
    let killTimer: NodeJS.Timeout | undefined;
    const abort = (): void => {
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    };
    signal?.addEventListener('abort', abort, { once: true });
    child.once('error', (error) =>
      hasErrorCode(error, 'ENOENT')
        ? resolve({ stdout, stderr: `${file}: command not found\n`, code: commandNotFound })
        : reject(error),
    );
    child.once('close', (code) => {
      signal?.removeEventListener('abort', abort);
      clearTimeout(killTimer);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ stdout, stderr, code: code ?? 128 });
    });
  });
