import type { CertificateFiles } from './certificates.ts';
import { type ListenerName, listenerNames, securityProtocol } from './listeners.ts';

/** One broker's place in a cluster: its ports on 127.0.0.1. */
export type BrokerPorts = {
  readonly id: number;
  readonly controllerPort: number;
  /** `plaintext` is always there: brokers talk to each other by it. */
  readonly portByListener: Readonly<Partial<Record<ListenerName, number>> & { plaintext: number }>;
};

/** A controller that is no broker, as on MSK. */
export type ControllerPorts = {
  readonly id: number;
  readonly port: number;
  /** What everybody is told, itself too: a way to it that can be cut (`controller-links.ts`). */
  readonly advertisedPort: number;
};

export type BrokerSettingsInput = {
  readonly broker: BrokerPorts;
  readonly cluster: readonly BrokerPorts[];
  /** Absent: every broker is a controller, too, where there is no ZooKeeper. */
  readonly controller?: ControllerPorts | undefined;
  /** `127.0.0.1:port` of what keeps the metadata instead of a quorum of controllers. Kafka 3 only. */
  readonly zooKeeperAddress?: string | undefined;
  readonly logDirectory: string;
  /** PEM files made at start; needed by every listener but `plaintext`. */
  readonly certificates?: Pick<CertificateFiles, 'authorityPath' | 'brokerPath'> | undefined;
  /** The user's own settings, by Kafka's names; they win. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
};

const isListener = (name: string): name is ListenerName => listenerNames.some((known) => known === name);

const openListeners = (broker: BrokerPorts): { name: ListenerName; port: number }[] =>
  Object.entries(broker.portByListener).flatMap(([name, port]) => (isListener(name) ? [{ name, port }] : []));

const addresses = (broker: BrokerPorts): string[] =>
  openListeners(broker).map(({ name, port }) => `${name.toUpperCase()}://127.0.0.1:${port}`);

const replication = (brokerCount: number): Record<string, string> => {
  const copies = String(Math.min(3, brokerCount));
  const inSync = String(Math.min(2, brokerCount));
  return {
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
  };
};

/** Small and quick: three brokers must start and notice each other's death on two cores. */
const small: Readonly<Record<string, string>> = {
  // As MSK's default configuration has it.
  'auto.create.topics.enable': 'false',
  'num.partitions': '1',
  'num.network.threads': '2',
  'num.io.threads': '4',
  'background.threads': '2',
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
  'share.coordinator.state.topic.num.partitions': '3',
  'group.initial.rebalance.delay.ms': '0',
  // The defaults reserve 128 MiB of heap for the cleaner and 20 MiB of index files for every partition.
  'log.cleaner.dedupe.buffer.size': '4194304',
  'log.index.size.max.bytes': '102400',
  // 1 s by default: how long a new quorum waits before it elects its first leader.
  'controller.quorum.election.timeout.ms': '500',
  // 9 s and 2 s by default: a dead broker is fenced after the first, and drills wait for it.
  'broker.session.timeout.ms': '6000',
  'broker.heartbeat.interval.ms': '1000',
};

/** The same with ZooKeeper, whose default is 18 s for both. A busy machine takes longer to connect than to notice a death. */
const zooKeeperTimes: Readonly<Record<string, string>> = {
  'zookeeper.session.timeout.ms': '6000',
  'zookeeper.connection.timeout.ms': '120000',
};

const security = (certificates: NonNullable<BrokerSettingsInput['certificates']>, listener: ListenerName) => {
  const prefix = `listener.name.${listener}.`;
  return {
    [`${prefix}ssl.keystore.type`]: 'PEM',
    [`${prefix}ssl.keystore.location`]: certificates.brokerPath,
    [`${prefix}ssl.truststore.type`]: 'PEM',
    [`${prefix}ssl.truststore.location`]: certificates.authorityPath,
    [`${prefix}ssl.client.auth`]: listener === 'mtls' ? 'required' : 'none',
    ...(listener === 'scram'
      ? {
          [`${prefix}sasl.enabled.mechanisms`]: 'SCRAM-SHA-512',
          [`${prefix}scram-sha-512.sasl.jaas.config`]:
            'org.apache.kafka.common.security.scram.ScramLoginModule required;',
        }
      : {}),
  };
};

const controllerProtocol = 'CONTROLLER:PLAINTEXT';

const voters = (cluster: readonly BrokerPorts[], controller: ControllerPorts | undefined): string =>
  controller === undefined
    ? cluster.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',')
    : `${controller.id}@127.0.0.1:${controller.advertisedPort}`;

/** The server properties of a controller that is no broker. It advertises an address as from Kafka 3.9 on (KIP-853). */
export const controllerSettings = ({
  controller,
  cluster,
  logDirectory,
  settings,
}: Pick<BrokerSettingsInput, 'cluster' | 'logDirectory' | 'settings'> & {
  readonly controller: ControllerPorts;
}): Record<string, string> => ({
  'process.roles': 'controller',
  'node.id': String(controller.id),
  'controller.quorum.voters': voters(cluster, controller),
  'controller.listener.names': 'CONTROLLER',
  listeners: `CONTROLLER://127.0.0.1:${controller.port}`,
  'advertised.listeners': `CONTROLLER://127.0.0.1:${controller.advertisedPort}`,
  'listener.security.protocol.map': controllerProtocol,
  'log.dirs': logDirectory,
  ...replication(cluster.length),
  ...small,
  ...settings,
});

/** How a broker knows of the others: by a quorum of controllers, itself one of them unless there is one apart, or by ZooKeeper. */
const membership = ({ broker, cluster, controller, zooKeeperAddress }: BrokerSettingsInput): Record<string, string> => {
  const protocols = openListeners(broker).map(({ name }) => `${name.toUpperCase()}:${securityProtocol(name)}`);
  if (zooKeeperAddress !== undefined) {
    return {
      'broker.id': String(broker.id),
      'zookeeper.connect': zooKeeperAddress,
      ...zooKeeperTimes,
      listeners: addresses(broker).join(','),
      'listener.security.protocol.map': protocols.join(','),
    };
  }
  const ownController = controller === undefined ? [`CONTROLLER://127.0.0.1:${broker.controllerPort}`] : [];
  return {
    'process.roles': controller === undefined ? 'broker,controller' : 'broker',
    'node.id': String(broker.id),
    'controller.quorum.voters': voters(cluster, controller),
    'controller.listener.names': 'CONTROLLER',
    listeners: [...addresses(broker), ...ownController].join(','),
    'listener.security.protocol.map': [...protocols, controllerProtocol].join(','),
  };
};

/**
 * The server properties of one broker. A KRaft quorum is named by static voters, which the 3.6 line and Kafka 4 both know.
 * Source: Kafka's broker configuration reference.
 */
export const brokerSettings = (input: BrokerSettingsInput): Record<string, string> => {
  const { broker, cluster, logDirectory, certificates, settings } = input;
  const secured = openListeners(broker).filter(({ name }) => name !== 'plaintext');
  if (secured.length > 0 && certificates === undefined) throw new Error('secured listeners need certificates');
  return {
    ...membership(input),
    'inter.broker.listener.name': 'PLAINTEXT',
    'advertised.listeners': addresses(broker).join(','),
    'log.dirs': logDirectory,
    ...replication(cluster.length),
    ...small,
    ...(certificates === undefined
      ? {}
      : Object.assign({}, ...secured.map(({ name }) => security(certificates, name)))),
    ...settings,
  };
};

/** Java's properties format for plain ASCII settings; a line break in a value would begin another setting. */
export const formatProperties = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => {
      if (/[\r\n]/.test(name + value)) throw new Error(`line break in setting ${name}`);
      return `${name}=${value.replaceAll('\\', '\\\\')}\n`;
    })
    .join('');
