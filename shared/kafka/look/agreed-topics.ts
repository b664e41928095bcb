import type { ViewProblem } from '../../core/cluster-view.ts';
import type { MetadataPartition, MetadataTopic } from '../codecs/metadata.ts';
import { fullVotersOf } from './agreed-brokers.ts';
import { newerCount } from './newer-count.ts';
import { keyOf } from './options.ts';
import { isSameTopic, isSameWord, stateOf } from './partition-state.ts';
import { listOf, type Testimony } from './testimony.ts';

/** A topic as its witnesses have it together. */
export type AgreedTopic = MetadataTopic & {
  /** Present where they name two topics of that name, and nobody knows which is there now. */
  readonly doubt?: ViewProblem;
};

export type AgreedTopics = {
  readonly topics: readonly AgreedTopic[];
  /** How many partitions each witness spoke of with an older epoch than another, or alone against two; by address. */
  readonly overruledCounts: ReadonlyMap<string, number>;
};

/** One witness's word on something. `isTrusted`: its list of brokers stands, and nobody knows more elections than it. */
type Word<Item> = { readonly item: Item; readonly witness: string; readonly isTrusted: boolean };

/**
 * What trusted ones say; of that what most say; else the first in the order of the texts, so that no order of asking shows.
 * Two who are behind outvote nobody: a broker that came back between their word and the others' is no lost one.
 */
const mostAgreed = <Item>(words: readonly Word<Item>[], textOf: (item: Item) => string) => {
  const groups = [...Map.groupBy(words, ({ item }) => textOf(item))].map(([text, voters]) => ({
    text,
    voters,
    isTrusted: voters.some(({ isTrusted }) => isTrusted),
  }));
  groups.sort(
    (left, right) =>
      Number(right.isTrusted) - Number(left.isTrusted) ||
      right.voters.length - left.voters.length ||
      (left.text < right.text ? -1 : 1),
  );
  const [first, second] = groups;
  const isTied =
    second !== undefined && second.voters.length === first?.voters.length && second.isTrusted === first.isTrusted;
  return { voters: first?.voters ?? [], isTied };
};

/** The newest leader epoch speaks; those of one epoch are counted. */
const agreeOnPartition = (
  words: readonly Word<MetadataPartition>[],
  overrule: (witness: string) => void,
): readonly MetadataPartition[] => {
  const [first] = words;
  if (first !== undefined && words.every(({ item }) => isSameWord(item, first.item))) return [first.item];
  const newest = Math.max(...words.map(({ item }) => item.leaderEpoch));
  const current = words.filter(({ item }) => item.leaderEpoch === newest);
  for (const { item, witness } of words) if (item.leaderEpoch < newest) overrule(witness);
  const { voters } = mostAgreed(current, stateOf);
  const isOutvoted = current.length - voters.length < voters.length;
  for (const word of current) if (isOutvoted && !voters.includes(word)) overrule(word.witness);
  return voters.slice(0, 1).map(({ item }) => item);
};

const twoIds = (name: string): ViewProblem => ({
  kind: 'bad-answer',
  message: `brokers name two topics ${name} of different ids: it was made anew a moment ago, or one of them is behind`,
});

const agreeOnTopic = (
  words: readonly Word<MetadataTopic>[],
  overrule: (witness: string) => void,
): readonly AgreedTopic[] => {
  // A broker that tells no ids contradicts nobody.
  const withId = words.filter(({ item }) => item.topicId !== undefined);
  const { voters, isTied } = mostAgreed(withId.length === 0 ? words : withId, ({ topicId }) => topicId ?? '');
  const topicId = voters[0]?.item.topicId;
  const ours = words.filter(({ item }) => item.topicId === undefined || item.topicId === topicId);
  const [topic] = ours.toSorted((left, right) => Math.abs(left.item.errorCode) - Math.abs(right.item.errorCode));
  if (topic === undefined) return [];
  const byPartition = Map.groupBy(
    ours.flatMap(({ item, ...whose }) => item.partitions.map((partition) => ({ item: partition, ...whose }))),
    ({ item }) => item.partition,
  );
  return [
    {
      ...topic.item,
      topicId,
      partitions: [...byPartition.values()].flatMap((each) => agreeOnPartition(each, overrule)),
      ...(isTied && topicId !== undefined ? { doubt: twoIds(topic.item.name) } : {}),
    },
  ];
};

/** Half of the witnesses are enough, unless they are the half that is not trusted. */
const isListedEnough = (
  listing: readonly Word<MetadataTopic>[],
  witnesses: readonly { readonly isTrusted: boolean }[],
) => {
  const silentCount = witnesses.length - listing.length;
  if (listing.length !== silentCount) return listing.length > silentCount;
  return listing.some(({ isTrusted }) => isTrusted) || witnesses.every(({ isTrusted }) => !isTrusted);
};

/** Of how many partitions a witness without a vote spoke otherwise than stands; what is newer than that is no contradiction. */
const contradictionCount = ({ topics: told }: Testimony, topics: readonly AgreedTopic[]): number =>
  topics.reduce((count, { name, topicId, partitions }) => {
    const topic = told.get(name);
    if (topic === undefined || topic.topicId !== topicId) return count;
    const standing = new Map(partitions.map((each) => [each.partition, each]));
    const contradicted = topic.partitions.filter((each) => {
      const known = standing.get(each.partition);
      if (known === undefined || isSameWord(each, known) || each.leaderEpoch > known.leaderEpoch) return false;
      return each.leaderEpoch < known.leaderEpoch || stateOf(each) !== stateOf(known);
    });
    return count + contradicted.length;
  }, 0);

/**
 * Topics and partitions that stand, of those who told everything about one cluster. A topic in one list alone is there
 * unless most lack it: it may be new, or hidden from whom the other asked.
 *
 * @param brokerList the list of brokers that stands
 */
export const agreeOnTopics = (testimonies: readonly Testimony[], brokerList: string): AgreedTopics => {
  const full = fullVotersOf(testimonies);
  const isBehind = (testimony: Testimony) =>
    full.some((other) => other !== testimony && newerCount(other, testimony) > 0);
  const witnesses = full.map((testimony) => ({
    topics: testimony.topics,
    witness: keyOf(testimony.address),
    isTrusted: listOf(testimony) === brokerList && !isBehind(testimony),
  }));
  const overruledCounts = new Map<string, number>();
  const overrule = (witness: string) => overruledCounts.set(witness, (overruledCounts.get(witness) ?? 0) + 1);
  const names = new Set(witnesses.flatMap(({ topics }) => [...topics.keys()]));
  const topics = [...names].flatMap((name) => {
    const words = witnesses.flatMap(({ topics: told, ...whose }) => {
      const item = told.get(name);
      return item === undefined ? [] : [{ item, ...whose }];
    });
    return isListedEnough(words, witnesses) ? agreeOnTopic(words, overrule) : [];
  });
  for (const other of testimonies.filter((each) => each.depth === 'full' && !full.includes(each)))
    overruledCounts.set(keyOf(other.address), contradictionCount(other, topics));
  return { topics, overruledCounts };
};

/** True where two who told everything do not say the same, topic by topic and partition by partition. */
export const areTopicsDisputed = (testimonies: readonly Testimony[]): boolean => {
  const [first, ...others] = fullVotersOf(testimonies);
  if (first === undefined) return false;
  const isSame = ({ topics }: Testimony) =>
    topics.size === first.topics.size &&
    [...topics].every(([name, topic]) => {
      const known = first.topics.get(name);
      return known !== undefined && isSameTopic(topic, known);
    });
  return !others.every(isSame);
};
