import { bareLook, type ClusterView } from '../../../../shared/core/cluster-view.ts';
import { lookAtCluster } from '../../../../shared/kafka/look/look.ts';
import { fetchBrokerIds } from '../../../kafka/metadata-probe.ts';
import type { LocalKafka } from '../../../kafka/start-kafka.ts';

const probeMs = 2_000;

/** Which brokers each one lists, by its id; undefined for one that does not answer. */
export const listedBy = async ({ brokers }: LocalKafka): Promise<ReadonlyMap<number, string | undefined>> =>
  new Map(
    await Promise.all(
      brokers.map(async ({ id, portByListener }) => {
        const ids = await fetchBrokerIds(portByListener.plaintext, probeMs);
        return [id, ids?.join(',')] as const;
      }),
    ),
  );

const line = /^\tTopic: (\S+)\tPartition: (\d+)\tLeader: (\S+)\tReplicas: \S+\tIsr: ([\d,]*)/;

const sorted = (ids: readonly string[]): string =>
  ids.toSorted((left, right) => Number(left) - Number(right)).join(',');

/** `topic partition leader in-sync` of every partition, as `kafka-topics --describe` prints them, asked of one broker. */
export async function partitionsByTool(kafka: LocalKafka, brokerId: number): Promise<readonly string[]> {
  const broker = kafka.brokers.find(({ id }) => id === brokerId);
  const server = `127.0.0.1:${broker?.portByListener.plaintext}`;
  const { code, stdout, stderr } = await kafka.tool('kafka-topics', ['--bootstrap-server', server, '--describe']);
  if (code !== 0) throw new Error(`kafka-topics --describe failed: ${stderr}`);
  return stdout
    .split('\n')
    .flatMap((text) => {
      const [, topic, partition, leader, inSync = ''] = line.exec(text) ?? [];
      return topic === undefined ? [] : [`${topic} ${partition} ${leader} ${sorted(inSync.split(','))}`];
    })
    .toSorted();
}

const lookMs = 30_000;

/** The same of a look by these addresses, in this order. */
export const partitionsByLook = async (bootstrapServers: readonly string[]): Promise<readonly string[]> =>
  partitionsOf(
    await lookAtCluster(bareLook, {
      bootstrapServers,
      authentication: { kind: 'plaintext' },
      deadlineAtMs: Date.now() + lookMs,
    }),
  );

const partitionsOf = ({ topics }: ClusterView): readonly string[] =>
  topics
    .flatMap(({ name, partitions }) =>
      partitions.map(
        ({ partition, leaderId, inSyncReplicaIds }) =>
          `${name} ${partition} ${leaderId ?? 'none'} ${sorted(inSyncReplicaIds.map(String))}`,
      ),
    )
    .toSorted();

/** Every order of a few items. */
export const ordersOf = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length < 2
    ? [items]
    : items.flatMap((first, index) => ordersOf(items.toSpliced(index, 1)).map((rest) => [first, ...rest]));
