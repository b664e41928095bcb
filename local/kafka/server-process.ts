import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type BoundProcess, startBoundProcess } from './bound-process.ts';
import { LocalKafkaError } from './errors.ts';
import { type Launch, lastWords, launchCommand, type Runtime, signalCommand } from './launch.ts';
import { runCommand } from './run-command.ts';

/** A server of a local cluster (a broker, a controller, ZooKeeper) as a process that is started, signalled and watched. */
export type ServerProcess = {
  /** Process id of the running server (of the container engine's client where containers are used); undefined when down. */
  readonly pid: number | undefined;
  isRunning(): boolean;
  start(): Promise<void>;
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves when the process is gone; after two minutes it is killed. */
  stop(): Promise<void>;
  /** SIGSTOP: connections stay open and nobody answers. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): Promise<void>;
  /**
   * Asks until the server is ready.
   *
   * @param missing what is not there yet, in words; undefined: it is ready
   * @throws LocalKafkaError with the end of its log where it ends, or is not ready after five minutes
   */
  ready(missing: () => Promise<string | undefined>, signal?: AbortSignal): Promise<void>;
};

export type ServerPlan = {
  /** As errors call it: `broker 1`. */
  readonly what: string;
  readonly logPath: string;
  readonly runtime: Runtime;
  readonly launch: Launch;
};

// On a busy machine Java alone takes a minute to start: these end what hangs, not what is slow.
const stopMs = 120_000;
const readyMs = 300_000;
const pollMs = 50;

/** Starts nothing by itself. */
export const makeServerProcess = (plan: ServerPlan): ServerProcess => {
  let current: BoundProcess | undefined;
  const isRunning = (): boolean => current?.isRunning() ?? false;

  const send = async (name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void> => {
    if (!isRunning()) return;
    const command = signalCommand(plan.runtime, plan.launch.name, name);
    if (command === undefined) return current?.signal(name);
    const { code, stderr } = await runCommand(command);
    if (code !== 0 && isRunning()) throw new LocalKafkaError(`${command.join(' ')} failed: ${stderr.trim()}`);
  };

  const kill = async (): Promise<void> => {
    await send('SIGKILL');
    await current?.ended;
  };

  const stop = async (): Promise<void> => {
    if (!isRunning()) return;
    // A frozen process keeps SIGTERM for later.
    await send('SIGCONT').catch(() => undefined);
    await send('SIGTERM');
    const giveUp = new AbortController();
    await Promise.race([current?.ended, delay(stopMs, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
    giveUp.abort();
    await kill();
  };

  const start = async (): Promise<void> => {
    if (isRunning()) throw new LocalKafkaError(`${plan.what} is running already`);
    const log = openSync(plan.logPath, 'a');
    try {
      const command = launchCommand(plan.runtime, plan.launch);
      current = await startBoundProcess(command, log, lastWords(plan.runtime, plan.launch.name));
    } finally {
      closeSync(log);
    }
  };

  const ready: ServerProcess['ready'] = async (missing, signal) => {
    const deadlineMs = Date.now() + readyMs;
    for (;;) {
      signal?.throwIfAborted();
      const lack = await missing();
      if (lack === undefined) return;
      if (!isRunning()) throw new LocalKafkaError(`${plan.what} ended while starting:\n${await logTail(plan.logPath)}`);
      if (Date.now() > deadlineMs)
        throw new LocalKafkaError(
          `${plan.what} was not ready after ${readyMs / 1000} s: ${lack}:\n${await logTail(plan.logPath)}`,
        );
      await delay(pollMs, undefined, { signal });
    }
  };

  return {
    get pid() {
      return isRunning() ? current?.pid : undefined;
    },
    isRunning,
    start,
    kill,
    stop,
    freeze: () => send('SIGSTOP'),
    thaw: () => send('SIGCONT'),
    ready,
  };
};

/** The last lines of a log that people need when a server doesn't start: its errors, or else its end. */
const logTail = async (path: string): Promise<string> => {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const telling = lines.filter((line) => / (ERROR|FATAL) |Exception|^Error|not found/.test(line));
  return (telling.length > 0 ? telling : lines).slice(-12).join('\n');
};
