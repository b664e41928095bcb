import type { ClusterView, GroupView } from '../../shared/core/cluster-view.ts';
import type { MetricPoint } from './metric-point.ts';

type PartitionLag = {
  readonly topic: string;
  readonly partition: number;
  readonly lag: number;
  readonly committed: bigint;
  readonly end: bigint;
};

/** MSK publishes lag only for these. Source: MSK Developer Guide, consumer lag. */
const isPublished = ({ groupId, state, problem }: GroupView): boolean =>
  problem === undefined &&
  ['stable', 'empty'].includes(state.toLowerCase()) &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII as a whole is what MSK allows.
  /^[\x00-\x7f]*$/.test(groupId) &&
  !groupId.includes(':');

const endOf = (view: ClusterView, topic: string, partition: number): bigint | undefined =>
  view.topics.find(({ name }) => name === topic)?.partitions.find((one) => one.partition === partition)?.latestOffset;

/** Lags of all partitions with a commit, but of no topic where one of them is not known: a part is not the sum. */
const lagsOf = (group: GroupView, view: ClusterView): PartitionLag[] => {
  const commits = (group.commits ?? []).filter(({ committedOffset }) => committedOffset !== undefined);
  const isKnown = (topic: string): boolean =>
    commits.every((commit) => commit.topic !== topic || endOf(view, topic, commit.partition) !== undefined);
  return commits.flatMap(({ topic, partition, committedOffset }) => {
    const end = endOf(view, topic, partition);
    if (committedOffset === undefined || end === undefined || !isKnown(topic)) return [];
    // A commit read after the end may be ahead of it by a moment.
    const lag = Math.max(0, Number(end - committedOffset));
    return [{ topic, partition, lag, committed: committedOffset, end }];
  });
};

/**
 * Seconds to drain the longest queue at the speed at which it was read since the look before. Where nothing was read, at
 * the speed at which it grew: MSK doesn't publish its formula. Undefined where the partition neither moved nor is empty.
 */
const drainSeconds = (now: PartitionLag, before: PartitionLag | undefined, seconds: number): number | undefined => {
  if (now.lag === 0) return 0;
  if (before === undefined || seconds <= 0) return undefined;
  const read = Number(now.committed - before.committed) / seconds;
  const arrived = Number(now.end - before.end) / seconds;
  const perSecond = read > 0 ? read : arrived;
  return perSecond > 0 ? now.lag / perSecond : undefined;
};

const longest = (lags: readonly PartitionLag[]): PartitionLag | undefined =>
  lags.reduce<PartitionLag | undefined>(
    (worst, one) => (worst === undefined || one.lag > worst.lag ? one : worst),
    undefined,
  );

/** Lag of every group and topic as MSK publishes it: nothing for a group that rebalances or has committed nothing. */
export const lagPoints = (cluster: string, before: ClusterView | undefined, after: ClusterView): MetricPoint[] =>
  (after.groups ?? []).filter(isPublished).flatMap((group) => {
    const lags = lagsOf(group, after);
    const groupBefore = before?.groups?.find(({ groupId }) => groupId === group.groupId);
    const lagsBefore = before === undefined || groupBefore === undefined ? [] : lagsOf(groupBefore, before);
    const seconds = before === undefined ? 0 : (after.takenAtMs - before.takenAtMs) / 1000;

    return [...new Set(lags.map(({ topic }) => topic))].flatMap((topic): MetricPoint[] => {
      const ofTopic = lags.filter((lag) => lag.topic === topic);
      const worst = longest(ofTopic);
      if (worst === undefined) return [];
      const dimensions = { 'Cluster Name': cluster, 'Consumer Group': group.groupId, Topic: topic };
      const earlier = lagsBefore.find((lag) => lag.topic === topic && lag.partition === worst.partition);
      const drain = drainSeconds(worst, earlier, seconds);
      return [
        { name: 'MaxOffsetLag', dimensions, value: worst.lag },
        { name: 'SumOffsetLag', dimensions, value: ofTopic.reduce((sum, { lag }) => sum + lag, 0) },
        ...(drain === undefined ? [] : [{ name: 'EstimatedMaxTimeLag', dimensions, value: drain } as const]),
      ];
    });
  });
