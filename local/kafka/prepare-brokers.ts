import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BrokerPlan } from './broker.ts';
import {
  type BrokerPorts,
  brokerSettings,
  type ControllerPorts,
  controllerSettings,
  formatProperties,
} from './broker-settings.ts';
import { type CertificateFiles, type ClientCertificates, makeCertificates } from './certificates.ts';
import { clientSettings } from './client-settings.ts';
import { formatArguments, formatStorage, newClusterId, type ScramUser } from './format.ts';
import type { Launch, Runtime } from './launch.ts';
import { isSecured, type ListenerName, type SecuredListener } from './listeners.ts';
import { fetchFreePorts } from './ports.ts';
import { clientSettingsPath } from './run-tool.ts';
import { localKafkaFile } from './versions.ts';

const brokerHeapMegabytes = 256;

export type PrepareBrokersInput = {
  readonly brokerCount: number;
  readonly runtime: Runtime;
  readonly directory: string;
  readonly listeners?: readonly ListenerName[];
  /** By broker id: secured listeners that this one lacks, as while a listener is rolled out. */
  readonly missingListeners?: Readonly<Record<number, readonly ListenerName[]>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly heapMegabytes?: number;
  /** True: a controller that is no broker, reached by a port of its own that somebody else must hand on to it. */
  readonly hasControllerApart?: boolean;
  /** Where ZooKeeper keeps the metadata: then no data directory is formatted, and SCRAM users are made there. */
  readonly zooKeeperAddress?: string | undefined;
  /** SCRAM users beside `mskeeper`, each with a password of this start only. */
  readonly scramUsers?: readonly string[];
  readonly signal?: AbortSignal;
};

/** No broker has it. */
const controllerId = 100;

const takePorts = async (
  { brokerCount, missingListeners = {} }: PrepareBrokersInput,
  listeners: readonly ListenerName[],
): Promise<BrokerPorts[]> => {
  const ports = await fetchFreePorts(brokerCount * (listeners.length + 2));
  const take = (): number => ports.pop() ?? Number.NaN;
  return Array.from({ length: brokerCount }, (_, index) => {
    const id = index + 1;
    const open = listeners.filter((listener) => !missingListeners[id]?.includes(listener));
    const portByListener = { plaintext: take(), ...Object.fromEntries(open.map((listener) => [listener, take()])) };
    return { id, controllerPort: take(), portByListener };
  });
};

/** Logging configurations live with the data, where a container sees them too. */
const copyLoggingConfiguration = async (directory: string): Promise<void> => {
  for (const file of ['log4j.properties', 'log4j2.properties'])
    await copyFile(localKafkaFile(`./${file}`), join(directory, file));
};

export type PreparedBrokers = {
  /** Absent with ZooKeeper: the first broker that starts makes it. */
  readonly clusterId?: string;
  readonly plans: readonly BrokerPlan[];
  /** Absent where only plaintext was asked for. */
  readonly certificates?: ClientCertificates;
  readonly credentials?: ScramUser;
  /** Every SCRAM user, `credentials` first. */
  readonly scramUsers: readonly ScramUser[];
  readonly controller?: { readonly plan: BrokerPlan; readonly ports: ControllerPorts };
};

type Security = {
  readonly files: CertificateFiles;
  readonly certificates: ClientCertificates;
  readonly user: ScramUser;
  readonly users: readonly ScramUser[];
};

const newUser = (username: string): ScramUser => ({ username, password: randomBytes(18).toString('base64url') });

/** Certificates, SCRAM users with passwords of this start only, and the tools' settings for each secured listener. */
const prepareSecurity = async (
  directory: string,
  listeners: readonly SecuredListener[],
  moreUsers: readonly string[],
): Promise<Security | undefined> => {
  if (listeners.length === 0) return undefined;
  const { files, certificates } = await makeCertificates(join(directory, 'certificates'));
  const user = newUser('mskeeper');
  for (const listener of listeners) {
    const settings = formatProperties(clientSettings(listener, files, user));
    await writeFile(clientSettingsPath(directory, listener), settings, { mode: 0o600 });
  }
  return { files, certificates, user, users: [user, ...moreUsers.map(newUser)] };
};

/** Takes the controller's ports: its own, and the one that everybody is told. */
const takeController = async (): Promise<ControllerPorts> => {
  const [port = Number.NaN, advertisedPort = Number.NaN] = await fetchFreePorts(2);
  return { id: controllerId, port, advertisedPort };
};

/** Where one broker keeps its data. */
export const brokerLogDirectory = (directory: string, id: number): string => join(brokerHome(directory, id), 'data');

const brokerHome = (directory: string, id: number): string => join(directory, `broker-${id}`);

/** Takes ports, writes each broker's properties and formats its data directory; starts nothing. */
export const prepareBrokers = async (input: PrepareBrokersInput): Promise<PreparedBrokers> => {
  const { runtime, directory, zooKeeperAddress, signal } = input;
  const listeners = (input.listeners ?? []).filter(isSecured);
  const clusterId = zooKeeperAddress === undefined ? newClusterId() : undefined;
  await copyLoggingConfiguration(directory);
  const security = await prepareSecurity(directory, listeners, input.scramUsers ?? []);
  const cluster = await takePorts(input, listeners);
  const controller = input.hasControllerApart === true ? await takeController() : undefined;

  const planNode = async (
    node: Pick<BrokerPlan, 'id' | 'portByListener'>,
    settingsOf: (logDirectory: string) => Record<string, string>,
  ): Promise<BrokerPlan> => {
    const { id, portByListener } = node;
    const home = brokerHome(directory, id);
    await mkdir(home);
    const propertiesPath = join(home, 'server.properties');
    await writeFile(propertiesPath, formatProperties(settingsOf(brokerLogDirectory(directory, id))));
    const launch: Launch = {
      mainClass: 'kafka.Kafka',
      args: [propertiesPath],
      name: `${basename(directory)}-broker-${id}`,
      heapMegabytes: input.heapMegabytes ?? brokerHeapMegabytes,
      logLevel: 'INFO',
      directory,
    };
    if (clusterId !== undefined) {
      await formatStorage(
        runtime,
        {
          ...launch,
          mainClass: 'kafka.tools.StorageTool',
          args: formatArguments(clusterId, propertiesPath, security?.users),
          name: `${launch.name}-format`,
          logLevel: 'WARN',
        },
        signal,
      );
    }
    return { id, portByListener, logPath: join(home, 'broker.log'), runtime, launch };
  };

  const { settings } = input;
  const shared = { cluster, controller, zooKeeperAddress, certificates: security?.files, settings };
  const [plans, controllerPlan] = await Promise.all([
    Promise.all(
      cluster.map((broker) => planNode(broker, (logDirectory) => brokerSettings({ ...shared, broker, logDirectory }))),
    ),
    controller &&
      planNode({ id: controller.id, portByListener: { plaintext: controller.port } }, (logDirectory) =>
        controllerSettings({ cluster, controller, logDirectory, settings }),
      ),
  ]);
  return {
    ...(clusterId !== undefined && { clusterId }),
    plans,
    scramUsers: security?.users ?? [],
    ...(security && { certificates: security.certificates, credentials: security.user }),
    ...(controller && controllerPlan && { controller: { ports: controller, plan: controllerPlan } }),
  };
};
