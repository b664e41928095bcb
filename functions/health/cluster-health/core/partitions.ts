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

/** `orders-0`, as the Kafka tools name a partition; in the order given. */
export const partitionNames = (located: readonly Located[]): string[] =>
  located.map(({ topic, partition }) => `${topic.name}-${partition.partition}`);
