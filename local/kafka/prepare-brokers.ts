import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BrokerPlan } from './broker.ts';
import { type BrokerPorts, brokerSettings, formatProperties } from './broker-settings.ts';
import { formatArguments, formatStorage, newClusterId } from './format.ts';
import type { Launch, Runtime } from './launch.ts';
import type { ListenerName } from './listeners.ts';
import { fetchFreePorts } from './ports.ts';
import { localKafkaFile } from './versions.ts';

const brokerHeapMegabytes = 256;

export type PrepareBrokersInput = {
  readonly brokerCount: number;
  readonly runtime: Runtime;
  readonly directory: string;
  readonly listeners?: readonly ListenerName[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly heapMegabytes?: number;
  readonly signal?: AbortSignal;
};

const takePorts = async (brokerCount: number, listeners: readonly ListenerName[]): Promise<BrokerPorts[]> => {
  const ports = await fetchFreePorts(brokerCount * (listeners.length + 2));
  const take = (): number => ports.pop() ?? Number.NaN;
  return Array.from({ length: brokerCount }, (_, index) => ({
    id: index + 1,
    controllerPort: take(),
    portByListener: { plaintext: take(), ...Object.fromEntries(listeners.map((listener) => [listener, take()])) },
  }));
};

/** Logging configurations live with the data, where a container sees them too. */
const copyLoggingConfiguration = async (directory: string): Promise<void> => {
  for (const file of ['log4j.properties', 'log4j2.properties'])
    await copyFile(localKafkaFile(`./${file}`), join(directory, file));
};

/** Takes ports, writes each broker's properties and formats its data directory; starts nothing. */
export const prepareBrokers = async (
  input: PrepareBrokersInput,
): Promise<{ readonly clusterId: string; readonly plans: readonly BrokerPlan[] }> => {
  const { runtime, directory, signal } = input;
  const listeners = (input.listeners ?? []).filter((listener) => listener !== 'plaintext');
  const clusterId = newClusterId();
  await copyLoggingConfiguration(directory);
  const cluster = await takePorts(input.brokerCount, listeners);

  const plans = await Promise.all(
    cluster.map(async (broker): Promise<BrokerPlan> => {
      const home = join(directory, `broker-${broker.id}`);
      await mkdir(home);
      const propertiesPath = join(home, 'server.properties');
      const settings = brokerSettings({
        broker,
        cluster,
        logDirectory: join(home, 'data'),
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
          args: formatArguments(clusterId, propertiesPath),
          name: `${launch.name}-format`,
          logLevel: 'WARN',
        },
        signal,
      );
      const { id, portByListener } = broker;
      return { id, portByListener, logPath: join(home, 'broker.log'), runtime, launch };
    }),
  );
  return { clusterId, plans };
};
