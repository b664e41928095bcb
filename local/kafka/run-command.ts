import { spawn } from 'node:child_process';
import { hasErrorCode } from './error-code.ts';

export type CommandResult = { readonly stdout: string; readonly stderr: string; readonly code: number };

/** What a shell reports for a command that is not installed. */
export const commandNotFound = 127;

/**
 * Runs a command to its end and returns what it printed, whatever its exit status (128 + n when a signal ended it, 127
 * when it is not installed). Rejects when `signal` aborts, with the command killed.
 */
export const runCommand = (
  command: readonly [string, ...string[]],
  options: {
    readonly input?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly environment?: NodeJS.ProcessEnv | undefined;
  } = {},
): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const [file, ...args] = command;
    const child = spawn(file, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: options.environment ?? process.env,
      killSignal: 'SIGKILL',
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // A command that doesn't read its input to the end is judged by its exit status.
    child.stdin.on('error', () => undefined).end(options.input ?? '');
    child.once('error', (error) =>
      hasErrorCode(error, 'ENOENT')
        ? resolve({ stdout, stderr: `${file}: command not found\n`, code: commandNotFound })
        : reject(error),
    );
    child.once('close', (code) => resolve({ stdout, stderr, code: code ?? 128 }));
  });
