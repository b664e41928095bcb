import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalBroker, makeBroker } from './broker.ts';
import type { ClientCertificates } from './certificates.ts';
import { withClassArchive } from './class-archive.ts';
import { type ControllerLinks, openControllerLinks } from './controller-links.ts';
import { fetchDistribution, isCached } from './distribution.ts';
import { LocalKafkaError } from './errors.ts';
import type { ScramUser } from './format.ts';
import type { Runtime } from './launch.ts';
import type { ListenerName } from './listeners.ts';
import { brokerLogDirectory, prepareBrokers } from './prepare-brokers.ts';
import type { CommandResult } from './run-command.ts';
import { runTool, type ToolOptions } from './run-tool.ts';
import { fetchFacilities, javaCommand, planRuntime } from './runtime.ts';
import { makeSweptDirectory, type SweptDirectory } from './swept-directory.ts';
import type { ToolName } from './tools.ts';
import { type KafkaVersion, newestKafka } from './versions.ts';
import { addScramUsers, type LocalZooKeeper, prepareZooKeeper, readClusterId } from './zookeeper.ts';

export type StartKafkaOptions = {
  readonly brokerCount: number;
  readonly version?: KafkaVersion;
  /** `plaintext` is always open, since brokers talk to each other by it. */
  readonly listeners?: readonly ListenerName[];
  /** By broker id: secured listeners that this one lacks, as while a listener is rolled out. */
  readonly missingListeners?: Readonly<Record<number, readonly ListenerName[]>>;
  /** Broker settings by Kafka's names; they win over the small defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly heapMegabytes?: number;
  /** True: a controller that is no broker, as on MSK, and links to it that can be cut. Kafka 4 only. */
  readonly hasControllerApart?: boolean;
  /** True: ZooKeeper instead of KRaft, as MSK's older clusters have it. Kafka 3 only. */
  readonly hasZooKeeper?: boolean;
  /** Users of the `scram` listener beside `mskeeper`. */
  readonly scramUsers?: readonly string[];
  /** An empty or new directory, kept afterwards; else one under the temporary directory, removed at the end. */
  readonly dataDirectory?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
};

/** A running cluster of real brokers on loopback. It ends with `stop`, or with the process that started it. */
export type LocalKafka = {
  readonly version: KafkaVersion;
  readonly clusterId: string;
  readonly brokers: readonly LocalBroker[];
  readonly dataDirectory: string;
  /** There where a secured listener was asked for. */
  readonly certificates?: ClientCertificates;
  /** The user of the `scram` listener (SCRAM-SHA-512 inside TLS). */
  readonly credentials?: ScramUser;
  /** Every user of it, `credentials` first. */
  readonly scramUsers: readonly ScramUser[];
  /** There where the controller is apart. */
  readonly controllerLinks?: ControllerLinks;
  /** There where it was asked for: a single server in a process of its own. */
  readonly zooKeeper?: LocalZooKeeper;
  bootstrapServers(listener?: ListenerName): string[];
  /** Runs an official tool to its end. Bootstrap servers and client settings are added where `args` has none. */
  tool(name: ToolName, args: readonly string[], options?: ToolOptions): Promise<CommandResult>;
  stop(): Promise<void>;
};

const fetchRuntime = async (options: StartKafkaOptions, version: KafkaVersion): Promise<Runtime> => {
  const areJarsCached = await isCached(version);
  const planned = planRuntime(version, areJarsCached, await fetchFacilities(areJarsCached));
  if (planned.kind === 'container') return { ...planned, version };
  const directory = await fetchDistribution(version, options);
  const jars = (await readdir(directory)).sort().map((jar) => join(directory, jar));
  return withClassArchive({ kind: 'java', version, java: javaCommand(), jars }, directory, options);
};

/** A directory of the caller's is kept; one of ours goes with the brokers. */
const fetchEmptyDirectory = async (wanted: string | undefined): Promise<{ directory: string } | SweptDirectory> => {
  if (wanted === undefined) return makeSweptDirectory('mskeeper-kafka-');
  await mkdir(wanted, { recursive: true });
  if ((await readdir(wanted)).length > 0) throw new LocalKafkaError(`data directory ${wanted} is not empty`);
  return { directory: wanted };
};

const startOnce = async (options: StartKafkaOptions, runtime: Runtime): Promise<LocalKafka> => {
  const { version } = runtime;
  const data = await fetchEmptyDirectory(options.dataDirectory);
  const { directory } = data;
  let brokers: ReturnType<typeof makeBroker>[] = [];
  let controller: ReturnType<typeof makeBroker> | undefined;
  let links: ControllerLinks | undefined;
  let zooKeeper: Awaited<ReturnType<typeof prepareZooKeeper>> | undefined;

  const stop = async (): Promise<void> => {
    // Data that nobody keeps needs no clean end.
    await Promise.all(brokers.map((broker) => ('sweep' in data ? broker.kill() : broker.stop())));
    await controller?.kill();
    await links?.close();
    await zooKeeper?.kill();
    if ('sweep' in data) await data.sweep();
  };

  try {
    if (options.hasZooKeeper === true) zooKeeper = await prepareZooKeeper(runtime, directory);
    const zooKeeperAddress = zooKeeper?.address;
    const prepared = await prepareBrokers({ ...options, runtime, directory, zooKeeperAddress });
    brokers = prepared.plans.map(makeBroker);
    if (zooKeeper !== undefined) {
      const { address } = zooKeeper;
      await zooKeeper.start();
      await zooKeeper.ready(options.signal);
      const cluster = { runtime, directory, bootstrapServers: [], zooKeeperAddress: address };
      await addScramUsers(cluster, prepared.scramUsers, options.signal);
    }
    if (prepared.controller !== undefined) {
      const { plan, ports } = prepared.controller;
      links = await openControllerLinks(ports.advertisedPort, ports.port);
      controller = makeBroker(plan);
      await controller.start();
    }
    const ids = brokers.map(({ id }) => id);
    await Promise.all(brokers.map((broker) => broker.start()));
    await Promise.all(brokers.map((broker) => broker.ready(ids, options.signal)));
    const bootstrapServers = (listener: ListenerName = 'plaintext'): string[] =>
      brokers.map(({ id, host, portByListener }) => {
        const port = portByListener[listener];
        if (port === undefined)
          throw new LocalKafkaError(`broker ${id} has no ${listener} listener: ask for it at start`);
        return `${host}:${port}`;
      });
    return {
      version,
      clusterId: prepared.clusterId ?? (await readClusterId(brokerLogDirectory(directory, 1))),
      ...(prepared.certificates && { certificates: prepared.certificates }),
      ...(prepared.credentials && { credentials: prepared.credentials }),
      scramUsers: prepared.scramUsers,
      ...(links && { controllerLinks: links }),
      ...(zooKeeper && { zooKeeper }),
      brokers,
      dataDirectory: directory,
      bootstrapServers,
      tool: async (name, args, tool = {}) => {
        const cluster = { runtime, directory, bootstrapServers: bootstrapServers(tool.listener), zooKeeperAddress };
        return runTool(cluster, name, args, tool);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const attempts = 3;

/** Ports are chosen before brokers bind them: somebody may have been quicker. */
const isPortTaken = (error: unknown): boolean =>
  error instanceof LocalKafkaError && /Address already in use|BindException/.test(error.message);

const refuseImpossible = ({ hasControllerApart, hasZooKeeper }: StartKafkaOptions, version: KafkaVersion): void => {
  const isOld = version.startsWith('3.');
  if (hasControllerApart === true && isOld)
    throw new LocalKafkaError(
      `Kafka ${version} has no controller apart here: a controller cannot advertise its address`,
    );
  if (hasZooKeeper === true && !isOld)
    throw new LocalKafkaError(`Kafka ${version} has no ZooKeeper: it went with Kafka 4. Ask for version 3.6.2`);
};

/**
 * Starts a cluster, KRaft unless ZooKeeper was asked for, and resolves when every broker knows all others to be alive, judged by their own answers.
 * Throws LocalKafkaError with the reason, and leaves nothing behind. Settings: `broker-settings.ts`.
 */
export const startKafka = async (options: StartKafkaOptions): Promise<LocalKafka> => {
  const { brokerCount, dataDirectory, onProgress } = options;
  if (!Number.isInteger(brokerCount) || brokerCount < 1)
    throw new LocalKafkaError(`brokerCount must be a positive whole number, not ${brokerCount}`);
  const version = options.version ?? newestKafka;
  refuseImpossible(options, version);
  const runtime = await fetchRuntime(options, version);
  for (let attempt = 1; ; attempt += 1) {
    onProgress?.(`Kafka ${version}: starting ${brokerCount} broker${brokerCount === 1 ? '' : 's'}`);
    const startedAtMs = Date.now();
    try {
      const kafka = await startOnce(options, runtime);
      onProgress?.(`Kafka ${version}: ready after ${Date.now() - startedAtMs} ms`);
      return kafka;
    } catch (error) {
      // A directory that is kept is not empty any more.
      if (attempt === attempts || dataDirectory !== undefined || !isPortTaken(error)) throw error;
      onProgress?.(`Kafka ${version}: a port was taken meanwhile, trying others`);
    }
  }
};
