import * as z from 'zod';
import type { LocalKafka } from '../../../local/kafka/start-kafka.ts';

/** What Kafka's own command-line tools say of a cluster, as plain rows to compare with. Sorted text, one fact a line. */
type Tool = Parameters<LocalKafka['tool']>[0];

const run = async (kafka: LocalKafka, tool: Tool, args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await kafka.tool(tool, args);
  if (code !== 0) throw new Error(`${tool} failed: ${stdout}${stderr}`);
  return stdout;
};

const linesOf = (stdout: string): readonly string[] =>
  stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** `topic partition leader=1 replicas=1,2,3 isr=1,2,3`; leader −1 where none stands. */
export const describeTopicsByTool = async (kafka: LocalKafka): Promise<readonly string[]> => {
  const stdout = await run(kafka, 'kafka-topics', ['--describe']);
  return linesOf(stdout)
    .flatMap((line) => {
      const found = /Topic: (\S+)\s+Partition: (\d+)\s+Leader: (\S+)\s+Replicas: (\S*)\s+Isr: ?(\S*)/.exec(line);
      if (found === null) return [];
      const [, topic, partition, leader, replicas, inSync] = found;
      return [
        `${topic} ${partition} leader=${leader === 'none' ? -1 : leader} replicas=${replicas} isr=${sortedIds(inSync)}`,
      ];
    })
    .sort();
};

const sortedIds = (ids = ''): string => ids.split(',').sort().join(',');

/** `topic partition offset` of one end of every partition, internal topics included. */
export const offsetsByTool = async (kafka: LocalKafka, end: 'earliest' | 'latest'): Promise<readonly string[]> => {
  const stdout = await run(kafka, 'kafka-get-offsets', ['--time', end]);
  return linesOf(stdout)
    .map((line) => line.replace(/^(.*):(\d+):(-?\d+)$/, '$1 $2 $3'))
    .sort();
};

/** `group topic partition committed end` of every commit. */
export const commitsByTool = async (kafka: LocalKafka): Promise<readonly string[]> => {
  const stdout = await run(kafka, 'kafka-consumer-groups', ['--describe', '--all-groups']);
  return linesOf(stdout)
    .flatMap((line) => {
      const [group, topic, partition, committed, end] = line.split(/\s+/);
      return /^\d+$/.test(committed ?? '') ? [`${group} ${topic} ${partition} ${committed} ${end}`] : [];
    })
    .sort();
};

/** `group state` of every group, as the coordinator names it. */
export const statesByTool = async (kafka: LocalKafka): Promise<readonly string[]> => {
  const stdout = await run(kafka, 'kafka-consumer-groups', ['--list', '--state']);
  return linesOf(stdout)
    .flatMap((line) => {
      const columns = line.split(/\s+/);
      const [group] = columns;
      return group === 'GROUP' ? [] : [`${group} ${columns.at(-1)}`];
    })
    .sort();
};

/** `group clientId number-of-assigned-partitions` of every member. */
export const membersByTool = async (kafka: LocalKafka): Promise<readonly string[]> => {
  const stdout = await run(kafka, 'kafka-consumer-groups', ['--describe', '--all-groups', '--members']);
  return linesOf(stdout)
    .flatMap((line) => {
      const [group, , , clientId, partitionCount] = line.split(/\s+/);
      return /^\d+$/.test(partitionCount ?? '') ? [`${group} ${clientId} ${partitionCount}`] : [];
    })
    .sort();
};

const logDirs = z.object({
  brokers: z.array(
    z.object({
      broker: z.int(),
      logDirs: z.array(z.object({ logDir: z.string(), partitions: z.array(z.object({ size: z.int() })) })),
    }),
  ),
});

/** `broker directory bytes`. */
export const logDirectoriesByTool = async (kafka: LocalKafka): Promise<readonly string[]> => {
  const stdout = await run(kafka, 'kafka-log-dirs', ['--describe']);
  const json = linesOf(stdout).find((line) => line.startsWith('{'));
  const { brokers } = logDirs.parse(JSON.parse(json ?? ''));
  return brokers
    .flatMap(({ broker, logDirs: directories }) =>
      directories.map(({ logDir, partitions }) => {
        const bytes = partitions.reduce((sum, { size }) => sum + size, 0);
        return `${broker} ${logDir} ${bytes}`;
      }),
    )
    .sort();
};

/** Id of the active controller. */
export const controllerByTool = async (kafka: LocalKafka): Promise<number> => {
  const stdout = await run(kafka, 'kafka-metadata-quorum', ['describe', '--status']);
  return Number(/LeaderId:\s+(\d+)/.exec(stdout)?.[1]);
};

/** Id of the controller where ZooKeeper elects it. */
export const controllerByZooKeeper = async (kafka: LocalKafka): Promise<number> => {
  const stdout = await run(kafka, 'zookeeper-shell', ['get', '/controller']);
  return Number(/"brokerid":(\d+)/.exec(stdout)?.[1]);
};
