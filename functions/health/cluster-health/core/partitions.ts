import type { ClusterView, PartitionView, TopicView } from '../../../../shared/core/cluster-view.ts';

export type Located = { readonly topic: TopicView; readonly partition: PartitionView };

/** By topic name and partition, whatever order the brokers answered in. */
export const allPartitions = (view: ClusterView): readonly Located[] =>
  view.topics
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((topic) =>
      topic.partitions
        .toSorted((left, right) => left.partition - right.partition)
        .map((partition) => ({ topic, partition })),
    );

/** By broker, the partitions with a copy there, also one that is offline; in the order given. */
export const byHolder = (located: readonly Located[]): ReadonlyMap<number, readonly Located[]> => {
  const held = new Map<number, Located[]>();
  for (const each of located) {
    const { replicaIds, offlineReplicaIds } = each.partition;
    const isWithin = offlineReplicaIds.every((id) => replicaIds.includes(id));
    for (const id of isWithin ? replicaIds : new Set([...replicaIds, ...offlineReplicaIds])) {
      const known = held.get(id);
      if (known === undefined) held.set(id, [each]);
      else known.push(each);
    }
  }
  return held;
};

/** `orders-0`, as the Kafka tools name a partition; in the order given. */
export const partitionNames = (located: readonly Located[]): string[] =>
  located.map(({ topic, partition }) => `${topic.name}-${partition.partition}`);
