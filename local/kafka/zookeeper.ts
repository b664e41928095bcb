import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { formatProperties } from './broker-settings.ts';
import { LocalKafkaError } from './errors.ts';
import type { ScramUser } from './format.ts';
import type { Runtime } from './launch.ts';
import { fetchFreePorts } from './ports.ts';
import { runTool, type ToolCluster } from './run-tool.ts';
import { makeServerProcess, type ServerProcess } from './server-process.ts';

/** A single ZooKeeper server, in a process of its own. */
export type LocalZooKeeper = Pick<ServerProcess, 'pid' | 'isRunning'> & {
  /** `127.0.0.1:port`. */
  readonly address: string;
};

const heapMegabytes = 128;

/** The properties of a standalone server. Source: ZooKeeper's administrator's guide. */
export const zooKeeperSettings = (port: number, dataDirectory: string): Record<string, string> => ({
  dataDir: dataDirectory,
  clientPort: String(port),
  clientPortAddress: '127.0.0.1',
  // A session lasts 2 to 20 ticks, and is ended at a tick's end: brokers ask for one of 6 s.
  tickTime: '500',
  maxClientCnxns: '0',
  'admin.enableServer': 'false',
  '4lw.commands.whitelist': 'srvr',
  // Nobody needs these data after a power cut.
  forceSync: 'no',
});

/** Asks a server for its state: the first line names its version. @returns undefined where it does not answer */
const fetchGreeting = (port: number, timeoutMs: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    const deadline = setTimeout(() => socket.destroy(), timeoutMs);
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write('srvr'));
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('close', () => {
      clearTimeout(deadline);
      resolve(/^Zookeeper version.*$/m.exec(answer)?.[0]);
    });
    // A refused connection is an answer too: not yet.
    socket.on('error', () => undefined);
  });

const probeMs = 1_000;

/** Takes a port and writes the server's properties; starts nothing. `ready` waits until it serves. */
export const prepareZooKeeper = async (
  runtime: Runtime,
  directory: string,
): Promise<LocalZooKeeper & Pick<ServerProcess, 'start' | 'kill'> & { ready(signal?: AbortSignal): Promise<void> }> => {
  const [port = Number.NaN] = await fetchFreePorts(1);
  const home = join(directory, 'zookeeper');
  await mkdir(home);
  const propertiesPath = join(home, 'zookeeper.properties');
  await writeFile(propertiesPath, formatProperties(zooKeeperSettings(port, join(home, 'data'))));
  const server = makeServerProcess({
    what: 'ZooKeeper',
    logPath: join(home, 'zookeeper.log'),
    runtime,
    launch: {
      mainClass: 'org.apache.zookeeper.server.ZooKeeperServerMain',
      args: [propertiesPath],
      name: `${basename(directory)}-zookeeper`,
      heapMegabytes,
      logLevel: 'INFO',
      directory,
    },
  });
  const missing = async () => ((await fetchGreeting(port, probeMs)) === undefined ? 'it does not answer' : undefined);
  return {
    address: `127.0.0.1:${port}`,
    get pid() {
      return server.pid;
    },
    isRunning: server.isRunning,
    start: server.start,
    kill: server.kill,
    ready: (signal) => server.ready(missing, signal),
  };
};

/** Makes SCRAM users in ZooKeeper, where brokers look for them, also before the first of these starts. */
export const addScramUsers = async (
  cluster: ToolCluster & { readonly zooKeeperAddress: string },
  users: readonly ScramUser[],
  signal?: AbortSignal,
): Promise<void> => {
  const add = async ({ username, password }: ScramUser): Promise<void> => {
    const change = ['--alter', '--add-config', `SCRAM-SHA-512=[password=${password}]`];
    const args = [
      '--zookeeper',
      cluster.zooKeeperAddress,
      ...change,
      '--entity-type',
      'users',
      '--entity-name',
      username,
    ];
    const options = signal === undefined ? {} : { signal };
    const { code, stdout, stderr } = await runTool(cluster, 'kafka-configs', args, options);
    if (code !== 0)
      throw new LocalKafkaError(
        `kafka-configs made no user ${username} (exit status ${code}): ${(stderr + stdout).trim().slice(-1500)}`,
      );
  };
  await Promise.all(users.map(add));
};

/** The id that the first broker gave the cluster, as each keeps it beside its data. @throws LocalKafkaError where none stands */
export const readClusterId = async (logDirectory: string): Promise<string> => {
  const path = join(logDirectory, 'meta.properties');
  const id = /^cluster\.id=(\S+)$/m.exec(await readFile(path, 'utf8'))?.[1];
  if (id === undefined) throw new LocalKafkaError(`${path} names no cluster.id`);
  return id;
};
