import type { TopicView } from '../../../../shared/core/cluster-view.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { HealthFacts } from './facts.ts';
import type { HealthState, OffsetMark } from './memory.ts';
import type { HealthExpectation } from './observation.ts';
import { isSeenLater } from './overtaken.ts';

/**
 * Alarms wake runs seconds after a scheduled one, and a slow topic is silent for seconds without being stopped: a mark is
 * measured from until it is this old, then a new one is made.
 */
const restMinutes = 4;

/** Whether a mark is old enough to judge a topic that did not move: `minutes` since the mark was made. */
export const isLongEnough = (minutes: number): boolean => minutes >= restMinutes;

const minutesSince = (mark: OffsetMark, nowMs: number): number => (nowMs - mark.atMs) / minuteMs;

/** How far a topic's ends moved since the mark, or why nothing can be said of it. `overtaken`: a later look made the mark. */
export type Movement =
  | { readonly kind: 'moved'; readonly messages: bigint; readonly minutes: number }
  | { readonly kind: 'baseline' | 'recreated' | 'overtaken' }
  | { readonly kind: 'unreadable'; readonly partitions: readonly number[] };

/** The mark that the runs before left of a topic; a topic may be called `constructor`. */
export const markOf = (name: string, previous: HealthState | undefined): OffsetMark | undefined =>
  previous !== undefined && Object.hasOwn(previous.offsetsByTopic, name) ? previous.offsetsByTopic[name] : undefined;

/** Messages between two looks, partition by partition: offsets are never summed over topics or clusters (6.7). */
export function compareEnds(topic: TopicView, mark: OffsetMark | undefined, nowMs: number): Movement {
  const unreadable = topic.partitions.filter(({ latestOffset }) => latestOffset === undefined);
  if (topic.problem !== undefined || unreadable.length > 0 || topic.partitions.length === 0) {
    return { kind: 'unreadable', partitions: unreadable.map(({ partition }) => partition) };
  }
  // A mark from far ahead was made by a clock that is wrong: it would stay for good.
  if (mark === undefined || (mark.atMs > nowMs && !isSeenLater(mark.atMs, nowMs))) return { kind: 'baseline' };
  if (mark.atMs > nowMs) return { kind: 'overtaken' };
  if (mark.topicId !== topic.topicId) return { kind: 'recreated' };
  let messages = 0n;
  for (const { partition, latestOffset } of topic.partitions) {
    const moved = (latestOffset ?? 0n) - BigInt(mark.latestByPartition[partition] ?? '0');
    if (moved < 0n) return { kind: 'recreated' };
    messages += moved;
  }
  return { kind: 'moved', messages, minutes: minutesSince(mark, nowMs) };
}

/** Topics whose growth is judged. */
const isMeasured = (name: string, expected: HealthExpectation): boolean =>
  expected.isDeadLetterTopic(name) || expected.flowingTopics.some((topic) => topic.name === name);

/**
 * The ends that the next run compares with. A topic whose ends could not be read, or whose mark is young or a later
 * look's, keeps its mark, so that growth in between is not missed.
 */
export function planOffsetMarks({ seen, expected, previous }: HealthFacts): HealthState['offsetsByTopic'] {
  const kept = Object.entries(previous?.offsetsByTopic ?? {}).filter(([name]) => isMeasured(name, expected));
  const topics = seen.view.isKnown ? seen.view.value.topics : [];
  const marks = topics
    .filter(({ name }) => isMeasured(name, expected))
    .flatMap((topic) => {
      const before = markOf(topic.name, previous);
      const movement = compareEnds(topic, before, seen.nowMs);
      const isYoung = movement.kind === 'moved' && !isLongEnough(movement.minutes);
      if (isYoung || movement.kind === 'overtaken') return [];
      const mark = markEnds(topic, seen.nowMs);
      return mark === undefined ? [] : [[topic.name, mark] as const];
    });
  return Object.fromEntries([...kept, ...marks]);
}

function markEnds({ partitions, topicId }: TopicView, nowMs: number): OffsetMark | undefined {
  const latestByPartition: Record<string, string> = {};
  for (const { partition, latestOffset } of partitions) {
    if (latestOffset === undefined) return undefined;
    latestByPartition[partition] = String(latestOffset);
  }
  return partitions.length === 0
    ? undefined
    : { atMs: nowMs, latestByPartition, ...(topicId !== undefined && { topicId }) };
}
