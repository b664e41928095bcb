import type { UnlistedTopicView, ViewProblem } from '../../core/cluster-view.ts';
import { type MetadataAnswer, metadata } from '../codecs/metadata.ts';
import { kafkaErrorCode, problemOfCode } from '../wire/kafka-error.ts';
import type { Reply } from './address-link.ts';
import { type AgreedTopic, agreeOnTopics } from './agreed-topics.ts';
import type { Agreement } from './agreement.ts';
import type { AskableLinks } from './any-broker.ts';
import type { BrokerLink } from './broker-link.ts';
import { hedge } from './hedge.ts';
import { testimonyOf } from './testimony.ts';

export type NamedTopics = {
  /** What a broker described after all when it was asked by name. */
  readonly topics: readonly AgreedTopic[];
  readonly unlisted: readonly UnlistedTopicView[];
};

/** Codes that say of a name that nobody may, or can, be told of it. */
const isUndescribed = (code: number): boolean =>
  code !== kafkaErrorCode.none && code !== kafkaErrorCode.leaderNotAvailable;

type Word = { readonly brokerId: number; readonly reply: Reply<MetadataAnswer> };

const codeOf = (answer: MetadataAnswer, name: string): number | undefined =>
  answer.topics.find((topic) => topic.name === name)?.errorCode;

/** That it is not there needs two who say so, where there are two: one may not have heard of it yet. */
const problemOfName = (name: string, words: readonly Word[], isAlone: boolean): ViewProblem => {
  const codes = words.flatMap(({ reply }) => (reply.isAnswered ? [codeOf(reply.answer, name) ?? -1] : []));
  const { topicAuthorizationFailed: denied } = kafkaErrorCode;
  if (codes.includes(denied)) return problemOfCode(denied);
  const [other] = codes.filter((code) => code !== kafkaErrorCode.unknownTopicOrPartition);
  if (other !== undefined) return problemOfCode(other);
  if (codes.length > 1 || (codes.length === 1 && isAlone)) return problemOfCode(kafkaErrorCode.unknownTopicOrPartition);
  const failed = words.flatMap(({ reply }) => (reply.isAnswered ? [] : [reply.problem]))[0];
  const reason = failed?.message ?? 'no second broker could be asked';
  const message =
    codes.length === 1 ? `one broker knows no such topic, and no second one said so: ${reason}` : `not told: ${reason}`;
  return { kind: failed?.kind ?? 'unreachable', message };
};

/** Two who answer, each with another one behind it for when it does not. */
const askTwo = async (links: AskableLinks, names: readonly string[]): Promise<readonly Word[]> => {
  const inTurn = [...links.trusted, ...links.doubted].slice(0, 4);
  const ask = (link: BrokerLink) => link.ask(metadata, { topics: names });
  const askOne = async (turns: readonly BrokerLink[]): Promise<readonly Word[]> => {
    const { winner, others } = await hedge(turns, ask, ({ isAnswered }) => isAnswered);
    const { candidate, value } = winner ?? others[0] ?? {};
    return candidate === undefined || value === undefined ? [] : [{ brokerId: candidate.brokerId, reply: value }];
  };
  const words = await Promise.all([0, 1].map((seat) => askOne(inTurn.filter((_, index) => index % 2 === seat))));
  return words.flat();
};

/**
 * Asks two brokers by name for topics that no list has: Kafka leaves out of a list what we may not see, and says so only
 * where it is asked for that name.
 */
export const fetchNamedTopics = async (
  links: AskableLinks,
  names: readonly string[],
  { brokers, brokerList }: Pick<Agreement, 'brokers' | 'brokerList'>,
): Promise<NamedTopics> => {
  if (names.length === 0) return { topics: [], unlisted: [] };
  const words = await askTwo(links, names);
  const told = words.flatMap(({ brokerId, reply }) => {
    if (!reply.isAnswered) return [];
    const topics = reply.answer.topics.filter(({ errorCode }) => !isUndescribed(errorCode));
    return [testimonyOf({ host: `broker ${brokerId}`, port: 0 }, 'full', { ...reply.answer, topics })];
  });
  const { topics } = agreeOnTopics(told, brokerList);
  const described = new Set(topics.map(({ name }) => name));
  const unlisted = names
    .filter((name) => !described.has(name))
    .map((name) => ({ name, problem: problemOfName(name, words, brokers.length === 1) }));
  return { topics: topics.filter(({ name }) => names.includes(name)), unlisted };
};
