import { LocalKafkaError } from './errors.ts';
import type { ListenerName } from './listeners.ts';
import type { KafkaVersion } from './versions.ts';

type Tool = {
  readonly mainClass: string;
  /** Option that takes a file of client settings; it moved when Kafka 4.2 gave all tools the same one (KIP-1147). */
  readonly settingsOption: string;
};

/** The official tools that serve as oracle, by the names of their scripts, with the main classes of Kafka 4. */
const newTools = {
  'kafka-acls': 'org.apache.kafka.tools.AclCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-producer-perf-test': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
} as const;
export type ToolName = keyof typeof newTools | 'zookeeper-shell';

const oldTools: Readonly<Record<ToolName, string>> = {
  ...newTools,
  'kafka-acls': 'kafka.admin.AclCommand',
  'kafka-console-consumer': 'kafka.tools.ConsoleConsumer',
  'kafka-console-producer': 'kafka.tools.ConsoleProducer',
  'kafka-consumer-groups': 'kafka.admin.ConsumerGroupCommand',
  'kafka-get-offsets': 'kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'kafka.admin.LeaderElectionCommand',
  'kafka-reassign-partitions': 'kafka.admin.ReassignPartitionsCommand',
  'kafka-topics': 'kafka.admin.TopicCommand',
  'zookeeper-shell': 'org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka',
};

const oldSettingsOption: Readonly<Partial<Record<ToolName, string>>> = {
  'kafka-console-consumer': '--consumer.config',
  'kafka-console-producer': '--producer.config',
  'kafka-leader-election': '--admin.config',
  'kafka-producer-perf-test': '--producer.config',
};

/**
 * Where a version keeps a tool. Source: bin/*.sh of both releases.
 *
 * @throws LocalKafkaError for one that the version has not
 */
export const findTool = (name: ToolName, version: KafkaVersion): Tool => {
  if (version.startsWith('3.'))
    return { mainClass: oldTools[name], settingsOption: oldSettingsOption[name] ?? '--command-config' };
  if (name === 'zookeeper-shell')
    throw new LocalKafkaError(`Kafka ${version} has no zookeeper-shell: ZooKeeper went with Kafka 4`);
  return { mainClass: newTools[name], settingsOption: '--command-config' };
};

/** How a tool reaches a cluster. */
export type ToolClient = {
  readonly listener: ListenerName;
  readonly bootstrapServers: readonly string[];
  readonly settingsPath: string;
  /** Absent on KRaft. */
  readonly zooKeeperAddress?: string | undefined;
};

/**
 * The arguments as the tool needs them: the bootstrap servers (for `zookeeper-shell` its server) and the client settings of a
 * listener are added where the caller gave none.
 *
 * @throws LocalKafkaError for `zookeeper-shell` where there is no ZooKeeper
 */
export const toolArguments = (
  name: ToolName,
  version: KafkaVersion,
  args: readonly string[],
  client: ToolClient,
): string[] => {
  if (name === 'zookeeper-shell') {
    if (client.zooKeeperAddress === undefined)
      throw new LocalKafkaError('zookeeper-shell has nobody to ask: this cluster has no ZooKeeper');
    return ['-server', client.zooKeeperAddress, ...args];
  }
  const { settingsOption } = findTool(name, version);
  const has = (option: string): boolean => args.includes(option);
  const isServerGiven = ['--bootstrap-server', '--bootstrap-controller', '--producer-props', '--zookeeper'].some(has);
  const servers = client.bootstrapServers.join(',');
  const bootstrap =
    name === 'kafka-producer-perf-test' && version.startsWith('3.')
      ? ['--producer-props', `bootstrap.servers=${servers}`]
      : ['--bootstrap-server', servers];
  return [
    ...(isServerGiven ? [] : bootstrap),
    ...(client.listener === 'plaintext' || has(settingsOption) ? [] : [settingsOption, client.settingsPath]),
    ...args,
  ];
};
