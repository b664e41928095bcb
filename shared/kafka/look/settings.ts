import type { TopicView, ViewProblem } from '../../core/cluster-view.ts';
import { describeConfigs } from '../codecs/describe-configs.ts';
import { problemUnlessNone } from '../wire/kafka-error.ts';
import { type AskableLinks, askAnyBroker, nobodyToAsk } from './any-broker.ts';
import { chunksOf } from './chunks.ts';

type Settings = Pick<TopicView, 'settings' | 'settingsProblem'>;

/** Any broker answers for every topic; an answer of a thousand topics with a few settings is some 100 kB. */
const topicsPerRequest = 2_000;

/** The named settings of topics, by topic; nothing is asked where no setting is named. */
export const fetchSettings = async (
  links: AskableLinks,
  topics: readonly string[],
  settings: readonly string[],
): Promise<ReadonlyMap<string, Settings>> => {
  const settingsByTopic = new Map<string, Settings>();
  if (settings.length === 0) return settingsByTopic;
  const fetchChunk = async (chunk: readonly string[]) => {
    const { reply } = await askAnyBroker(links, describeConfigs, { topics: chunk, settings });
    const missing: ViewProblem = reply?.isAnswered
      ? { kind: 'bad-answer', message: 'a broker left this topic out of its answer' }
      : (reply?.problem ?? nobodyToAsk(describeConfigs.name));
    for (const topic of chunk) settingsByTopic.set(topic, { settingsProblem: missing });
    if (!reply?.isAnswered) return;
    for (const { topic, errorCode, errorMessage, settings: answered } of reply.answer) {
      const problem = problemUnlessNone(errorCode, errorMessage);
      const known = answered.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
      settingsByTopic.set(
        topic,
        problem === undefined ? { settings: Object.fromEntries(known) } : { settingsProblem: problem },
      );
    }
  };
  await Promise.all(chunksOf(topics, topicsPerRequest).map(fetchChunk));
  return settingsByTopic;
};
