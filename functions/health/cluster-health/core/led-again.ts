import type { ClusterView, PartitionView, TopicView } from '../../../../shared/core/cluster-view.ts';
import { describingLooks } from './looks.ts';
import type { HealthObservation } from './observation.ts';
import { isAnyOffline, isLed, isOffline } from './partition-state.ts';

/** A look with what the last later look says of partitions that had no leader in it, and how many have one by then. */
export type Reconsidered = { readonly view: ClusterView; readonly ledAgainCount: number };

/** The later word counts where it is of the same topic, and of no older election. */
const isLedSince = (before: PartitionView, topic: TopicView, now: PartitionView, nowTopic: TopicView): boolean =>
  isOffline(before) &&
  isLed(now) &&
  topic.topicId === nowTopic.topicId &&
  (now.leaderEpoch ?? -1) >= (before.leaderEpoch ?? -1);

const withoutEnds = ({ earliestOffset: _earliest, latestOffset: _latest, ...rest }: PartitionView): PartitionView =>
  rest;

/**
 * An election takes a moment, in which a partition has no leader: it is offline where the last look that described the
 * cluster says so, too. Of its ends stays what the first look asked.
 */
export function reconsiderOffline(
  view: ClusterView,
  seen: Pick<HealthObservation, 'secondView' | 'thirdView'>,
): Reconsidered {
  const last = describingLooks(seen).at(-1);
  if (last === undefined || last === view || !isAnyOffline(view)) return { view, ledAgainCount: 0 };
  const laterByName = new Map(last.topics.map((topic) => [topic.name, topic]));
  let ledAgainCount = 0;
  const topics = view.topics.map((topic) => {
    const later = laterByName.get(topic.name);
    if (later === undefined || !topic.partitions.some(isOffline)) return topic;
    const byNumber = new Map(later.partitions.map((each) => [each.partition, each]));
    const partitions = topic.partitions.map((before) => {
      const now = byNumber.get(before.partition);
      if (now === undefined || !isLedSince(before, topic, now, later)) return before;
      ledAgainCount += 1;
      const { offsetsProblem } = before;
      return { ...withoutEnds(now), ...(offsetsProblem !== undefined && { offsetsProblem }) };
    });
    return { ...topic, partitions };
  });
  return { view: { ...view, topics }, ledAgainCount };
}
