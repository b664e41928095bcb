/** What to fill a cluster with. */
export type BenchSize = {
  readonly brokers: number;
  readonly partitions: number;
  readonly groups: number;
  readonly commitsPerGroup: number;
};

const partitionsPerTopic = 100;

const topicName = (index: number): string => `bench-${String(index).padStart(4, '0')}`;
export const groupName = (index: number): string => `bench-group-${String(index).padStart(5, '0')}`;

/** Topics and their partitions, in order. */
export const topicsOf = ({
  partitions,
}: BenchSize): readonly { readonly topic: string; readonly partitions: number }[] => {
  const count = Math.ceil(partitions / partitionsPerTopic);
  return Array.from({ length: count }, (_, index) => ({
    topic: topicName(index),
    partitions: Math.min(partitionsPerTopic, partitions - index * partitionsPerTopic),
  }));
};

/** Each group commits in a run of partitions of one topic, groups spread over all topics. */
export const commitsOf = (
  size: BenchSize,
  group: number,
): { readonly topic: string; readonly partitions: readonly number[] }[] => {
  const topics = topicsOf(size);
  const chosen: { topic: string; partitions: readonly number[] }[] = [];
  let left = size.commitsPerGroup;
  for (let step = 0; left > 0; step += 1) {
    const topic = topics[(group + step) % topics.length];
    if (topic === undefined) throw new RangeError('more commits a group than partitions');
    const count = Math.min(left, topic.partitions);
    chosen.push({ topic: topic.topic, partitions: Array.from({ length: count }, (_, partition) => partition) });
    left -= count;
  }
  return chosen;
};
