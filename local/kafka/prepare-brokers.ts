import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BrokerPlan } from './broker.ts';
import { type BrokerPorts, brokerSettings, formatProperties } from './broker-settings.ts';
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
  readonly signal?: AbortSignal;
};

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
  readonly clusterId: string;
  readonly plans: readonly BrokerPlan[];
  /** Absent where only plaintext was asked for. */
  readonly certificates?: ClientCertificates;
  readonly credentials?: ScramUser;
};

type Security = {
  readonly files: CertificateFiles;
  readonly certificates: ClientCertificates;
  readonly user: ScramUser;
};

/** Certificates, a SCRAM user with a password of this start only, and the tools' settings for each secured listener. */
const prepareSecurity = async (
  directory: string,
  listeners: readonly SecuredListener[],
): Promise<Security | undefined> => {
  if (listeners.length === 0) return undefined;
  const { files, certificates } = await makeCertificates(join(directory, 'certificates'));
  const user = { username: 'mskeeper', password: randomBytes(18).toString('base64url') };
  for (const listener of listeners) {
    const settings = formatProperties(clientSettings(listener, files, user));
    await writeFile(clientSettingsPath(directory, listener), settings, { mode: 0o600 });
  }
  return { files, certificates, user };
};

/** Takes ports, writes each broker's properties and formats its data directory; starts nothing. */
export const prepareBrokers = async (input: PrepareBrokersInput): Promise<PreparedBrokers> => {
  const { runtime, directory, signal } = input;
  const listeners = (input.listeners ?? []).filter(isSecured);
  const clusterId = newClusterId();
  await copyLoggingConfiguration(directory);
  const security = await prepareSecurity(directory, listeners);
  const cluster = await takePorts(input, listeners);

  const plans = await Promise.all(
    cluster.map(async (broker): Promise<BrokerPlan> => {
      const home = join(directory, `broker-${broker.id}`);
      await mkdir(home);
      const propertiesPath = join(home, 'server.properties');
      const settings = brokerSettings({
        broker,
        cluster,
        logDirectory: join(home, 'data'),
        certificates: security?.files,
        settings: input.settings,
      });
      await writeFile(propertiesPath, formatProperties(settings));
      const launch: Launch = {
        mainClass: 'kafka.Kafka',
        args: [propertiesPath],
        name: `${basename(directory)}-broker-${broker.id}`,
        heapMegabytes: input.heapMegabytes ?? brokerHeapMegabytes,
        logLevel: 'INFO',
        directory,
      };
      await formatStorage(
        runtime,
        {
          ...launch,
          mainClass: 'kafka.tools.StorageTool',
          args: formatArguments(clusterId, propertiesPath, security?.user),
          name: `${launch.name}-format`,
          logLevel: 'WARN',
        },
        signal,
      );
      const { id, portByListener } = broker;
      return { id, portByListener, logPath: join(home, 'broker.log'), runtime, launch };
    }),
  );
  if (security === undefined) return { clusterId, plans };
  return { clusterId, plans, certificates: security.certificates, credentials: security.user };
};
