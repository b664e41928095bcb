import type { ClusterView, PartitionView, TopicView } from '../../../../shared/core/cluster-view.ts';
import { counted, finding, type Judgement, judged, nameFirst, unseen } from './judgement.ts';
import { newestValue } from './metrics.ts';
import type { HealthObservation } from './observation.ts';

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

/** Without a leader: nobody can read or write the partition (Kafka's Metadata answer has leader -1). */
export const isOffline = ({ leaderId }: PartitionView): boolean => leaderId === undefined;

/** `orders-0`, as the Kafka tools name a partition; in the order given. */
export const partitionNames = (located: readonly Located[]): string[] =>
  located.map(({ topic, partition }) => `${topic.name}-${partition.partition}`);

/** Some broker described the cluster; else the empty list means nothing. */
const isTopicListKnown = ({ problems }: ClusterView): boolean => problems.every(({ what }) => what !== 'metadata');

/** The look where it knows every topic, else nothing. */
export const knownTopics = (seen: HealthObservation): ClusterView | undefined =>
  seen.view.isAnswered && isTopicListKnown(seen.view.value) ? seen.view.value : undefined;

/** The brokers were asked and described nothing: CloudWatch's older word may call it bad, never good. */
export const isLookEmpty = (seen: HealthObservation): boolean =>
  seen.view.isAnswered && knownTopics(seen) === undefined;

/** P0: nobody can read or write them. CloudWatch speaks only where the brokers do not. */
export function evaluateOffline(seen: HealthObservation): Judgement {
  const view = knownTopics(seen);
  const check = 'offline-partitions';
  if (view !== undefined) {
    const offline = allPartitions(view).filter(({ partition }) => isOffline(partition));
    const evidence = { offlineCount: offline.length, partitionCount: allPartitions(view).length };
    if (offline.length === 0) {
      return judged(finding(check, 'cluster', ['ok', 'none'], 'Every partition has a leader.', ['brokers'], evidence));
    }
    const names = nameFirst(partitionNames(offline));
    const message = `${counted(offline.length, 'partition')} without a leader, neither read nor written: ${names}. Bring back a broker that holds a copy.`;
    const told = { ...evidence, partitions: names };
    return judged(finding(check, 'cluster', ['emergency', 'no-leader'], message, ['brokers'], told));
  }
  const count = newestValue(seen, 'OfflinePartitionsCount');
  if (count === undefined || (count === 0 && isLookEmpty(seen))) return unseen(seen, check);
  const evidence = { offlineCount: count };
  return count > 0
    ? judged(
        finding(
          check,
          'cluster',
          ['emergency', 'no-leader'],
          `CloudWatch counts ${counted(count, 'partition')} without a leader; the brokers could not be asked which.`,
          ['cloudwatch'],
          evidence,
        ),
      )
    : judged(
        finding(check, 'cluster', ['ok', 'none'], 'CloudWatch counts no offline partition.', ['cloudwatch'], evidence),
      );
}
