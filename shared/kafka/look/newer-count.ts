import type { Testimony } from './testimony.ts';

/** By how many partitions the one's leader epochs are newer than the other's; below zero where they are older. */
export const newerCount = (one: Testimony, other: Testimony): number => {
  let count = 0;
  for (const [name, topic] of one.topics) {
    const theirs = other.topics.get(name);
    if (theirs === undefined || theirs.topicId !== topic.topicId) continue;
    const epochs = new Map(theirs.partitions.map(({ partition, leaderEpoch }) => [partition, leaderEpoch]));
    for (const { partition, leaderEpoch } of topic.partitions) {
      count += Math.sign(leaderEpoch - (epochs.get(partition) ?? leaderEpoch));
    }
  }
  return count;
};
