import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type BoundProcess, startBoundProcess } from './bound-process.ts';
import { LocalKafkaError } from './errors.ts';
import { type Launch, lastWords, launchCommand, type Runtime, signalCommand } from './launch.ts';
import type { ListenerName } from './listeners.ts';
import { fetchBrokerIds } from './metadata-probe.ts';
import { runCommand } from './run-command.ts';

/** One broker of a local cluster, and everything bad that can be done to it. */
export type LocalBroker = {
  readonly id: number;
  readonly host: '127.0.0.1';
  readonly portByListener: Readonly<Partial<Record<ListenerName, number>> & { plaintext: number }>;
  /** Process id of the running broker (of the container engine's client where containers are used); undefined when down. */
  readonly pid: number | undefined;
  /** The broker's own log, kept over restarts. */
  readonly logPath: string;
  isRunning(): boolean;
  /** SIGKILL: no goodbye to the controller. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM: hands its leaderships over first. Resolves when the process is gone; after two minutes it is killed. */
  stop(): Promise<void>;
  /** Stops it if it runs, starts it, and resolves when it is registered and serves. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open and nobody answers. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): Promise<void>;
};

export type BrokerPlan = {
  readonly id: number;
  readonly portByListener: LocalBroker['portByListener'];
  readonly logPath: string;
  readonly runtime: Runtime;
  readonly launch: Launch;
};

// On a busy machine Java alone takes a minute to start: these end what hangs, not what is slow.
const stopMs = 120_000;
const readyMs = 300_000;
const probeMs = 1_000;
const pollMs = 50;

/** Starts nothing by itself: `start` does, and `ready` waits until the broker knows all of `brokerIds` to be alive. */
export const makeBroker = (
  plan: BrokerPlan,
): LocalBroker & {
  start(): Promise<void>;
  ready(brokerIds: readonly number[], signal?: AbortSignal): Promise<void>;
} => {
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
    if (isRunning()) throw new LocalKafkaError(`broker ${plan.id} is running already`);
    const log = openSync(plan.logPath, 'a');
    try {
      const command = launchCommand(plan.runtime, plan.launch);
      current = await startBoundProcess(command, log, lastWords(plan.runtime, plan.launch.name));
    } finally {
      closeSync(log);
    }
  };

  const ready = async (brokerIds: readonly number[], signal?: AbortSignal): Promise<void> => {
    const deadlineMs = Date.now() + readyMs;
    for (;;) {
      signal?.throwIfAborted();
      const known = await fetchBrokerIds(plan.portByListener.plaintext, probeMs);
      if (known !== undefined && brokerIds.every((id) => known.includes(id))) return;
      if (!isRunning())
        throw new LocalKafkaError(`broker ${plan.id} ended while starting:\n${await logTail(plan.logPath)}`);
      if (Date.now() > deadlineMs)
        throw new LocalKafkaError(
          `broker ${plan.id} was not ready after ${readyMs / 1000} s: it knows brokers [${known ?? 'no answer'}]:\n` +
            (await logTail(plan.logPath)),
        );
      await delay(pollMs, undefined, { signal });
    }
  };

  return {
    id: plan.id,
    host: '127.0.0.1',
    portByListener: plan.portByListener,
    logPath: plan.logPath,
    get pid() {
      return isRunning() ? current?.pid : undefined;
    },
    isRunning,
    kill,
    stop,
    freeze: () => send('SIGSTOP'),
    thaw: () => send('SIGCONT'),
    start,
    ready,
    restart: async () => {
      await stop();
      await start();
      await ready([plan.id]);
    },
  };
};

/** The last lines of a log that people need when a broker doesn't start: its errors, or else its end. */
const logTail = async (path: string): Promise<string> => {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const telling = lines.filter((line) => / (ERROR|FATAL) |Exception|^Error|not found/.test(line));
  return (telling.length > 0 ? telling : lines).slice(-12).join('\n');
};
