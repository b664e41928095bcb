import { type ChildProcess, spawn } from 'node:child_process';
import { memoryOf } from './memory.ts';
import type { InvokeMessage, RuntimeMessage } from './messages.ts';
import { createOutput, type OutputLine } from './output.ts';
import { endOfProcess, exited, type SandboxEnd, timedOut } from './sandbox-end.ts';

export type SandboxRequest = {
  readonly runtimeFile: string;
  readonly taskRoot: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly message: InvokeMessage;
  /** The world's own, so that it ends no other world's processes. */
  readonly group?: SandboxGroup;
  /** Handed the way to kill the process, as soon as there is one. */
  readonly onStart?: ((kill: () => void) => void) | undefined;
};

/** The processes that run for one world. */
export type SandboxGroup = Set<ChildProcess>;

export type SandboxResult = SandboxEnd & {
  readonly initMs: number | undefined;
  readonly durationMs: number;
  readonly maxMemoryBytes: number;
  readonly output: readonly OutputLine[];
};

/** Lambda gives the loading of a handler 10 s of its own; what it takes beyond counts against the function's timeout. */
const initAllowanceMs = 10_000;
const memoryCheckMs = 100;

const running = new Set<ChildProcess>();
// What is not killed here sees its channel close and ends itself.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Runs one invocation in a process of its own, kills it at its timeout or over its memory, and never rejects for what
 * the function does.
 */
export function runInSandbox(request: SandboxRequest): Promise<SandboxResult> {
  const { memoryMb, message } = request;
  const child = spawn(
    process.execPath,
    // Lambda's bootstrap gives the old generation nine tenths of the memory and the young one a twentieth.
    [
      `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
      `--max-semi-space-size=${Math.max(1, Math.floor(memoryMb * 0.05))}`,
      request.runtimeFile,
    ],
    {
      cwd: request.taskRoot,
      env: request.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    },
  );
  running.add(child);
  request.group?.add(child);
  const output = createOutput(child.stdout, child.stderr);
  const spawnedMs = performance.now();
  const limitBytes = memoryMb * 1024 * 1024;
  let end: SandboxEnd | undefined;
  let initMs: number | undefined;
  let invokedMs = spawnedMs;
  let endedMs: number | undefined;
  let maxMemoryBytes = 0;

  const kill = (because: SandboxEnd): void => {
    end ??= because;
    endedMs ??= performance.now();
    child.kill('SIGKILL');
  };
  let timeout = setTimeout(
    () => kill(timedOut(message.requestId, message.timeoutMs)),
    initAllowanceMs + message.timeoutMs,
  );
  const memoryCheck = setInterval(() => {
    const memory = child.pid === undefined ? undefined : memoryOf(child.pid);
    if (memory === undefined) return;
    maxMemoryBytes = Math.max(maxMemoryBytes, memory.maxRssBytes);
    if (memory.rssBytes > limitBytes) kill(exited(message.requestId, 'with error: signal: killed', 'out-of-memory'));
  }, memoryCheckMs);

  child.on('message', (answer: RuntimeMessage) => {
    if (answer.type === 'ready') {
      initMs = answer.initMs;
      clearTimeout(timeout);
      invokedMs = performance.now();
      timeout = setTimeout(() => kill(timedOut(message.requestId, message.timeoutMs)), message.timeoutMs);
      child.send(message);
      return;
    }
    maxMemoryBytes = Math.max(maxMemoryBytes, answer.maxRssBytes);
    endedMs ??= performance.now();
    end ??=
      answer.type === 'returned'
        ? { status: 'success', payload: answer.payload }
        : { status: 'error', error: answer.error };
  });

  request.onStart?.(() => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timeout);
      clearInterval(memoryCheck);
      running.delete(child);
      request.group?.delete(child);
      end ??= endOfProcess(message.requestId, code, signal, output.lines);
      resolve({
        ...end,
        initMs,
        durationMs: (endedMs ?? performance.now()) - invokedMs,
        maxMemoryBytes,
        output: output.lines,
      });
    });
  });
}

/** Ends every function of a world that still runs; resolves when their processes are gone. */
export async function killSandboxes(group: SandboxGroup): Promise<void> {
  const closed = [...group].map((child) => new Promise<void>((resolve) => child.once('close', () => resolve())));
  for (const child of group) child.kill('SIGKILL');
  await Promise.all(closed);
}
