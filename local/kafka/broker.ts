import type { ListenerName } from './listeners.ts';
import { fetchBrokerIds } from './metadata-probe.ts';
import { makeServerProcess, type ServerPlan, type ServerProcess } from './server-process.ts';

/** One broker of a local cluster, and everything bad that can be done to it. */
export type LocalBroker = Pick<ServerProcess, 'pid' | 'isRunning' | 'freeze' | 'thaw'> & {
  readonly id: number;
  readonly host: '127.0.0.1';
  readonly portByListener: Readonly<Partial<Record<ListenerName, number>> & { plaintext: number }>;
  /** The broker's own log, kept over restarts. */
  readonly logPath: string;
  /** SIGKILL: no goodbye to the controller. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM: hands its leaderships over first. Resolves when the process is gone; after two minutes it is killed. */
  stop(): Promise<void>;
  /** Stops it if it runs, starts it, and resolves when it is registered and serves. */
  restart(): Promise<void>;
};

export type BrokerPlan = Omit<ServerPlan, 'what'> & {
  readonly id: number;
  readonly portByListener: LocalBroker['portByListener'];
};

const probeMs = 1_000;

/** Starts nothing by itself: `start` does, and `ready` waits until the broker knows all of `brokerIds` to be alive. */
export const makeBroker = (
  plan: BrokerPlan,
): LocalBroker & {
  start(): Promise<void>;
  ready(brokerIds: readonly number[], signal?: AbortSignal): Promise<void>;
} => {
  const server = makeServerProcess({ ...plan, what: `broker ${plan.id}` });
  const ready = (brokerIds: readonly number[], signal?: AbortSignal): Promise<void> =>
    server.ready(async () => {
      const known = await fetchBrokerIds(plan.portByListener.plaintext, probeMs);
      if (known !== undefined && brokerIds.every((id) => known.includes(id))) return undefined;
      return `it knows brokers [${known ?? 'no answer'}]`;
    }, signal);
  return {
    id: plan.id,
    host: '127.0.0.1',
    portByListener: plan.portByListener,
    logPath: plan.logPath,
    get pid() {
      return server.pid;
    },
    isRunning: server.isRunning,
    kill: server.kill,
    stop: server.stop,
    freeze: server.freeze,
    thaw: server.thaw,
    start: server.start,
    ready,
    restart: async () => {
      await server.stop();
      await server.start();
      await ready([plan.id]);
    },
  };
};
