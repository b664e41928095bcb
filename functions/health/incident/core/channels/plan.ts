import {
  type ChannelEndpoint,
  type NotificationTopic,
  notificationTopics,
  selfTopics,
} from '../../../../../shared/core/configuration.ts';
import { hearingOfUs, isOfSns, type Reaching, reachedBy } from '../../../../../shared/core/reached.ts';
import type { TopicName } from './found.ts';

/** One endpoint to look at. @property topics by which SNS is to deliver to it; none for one with a door of its own */
export type ToLookAt = {
  readonly endpoint: string;
  readonly one: ChannelEndpoint;
  readonly topics: readonly TopicName[];
};

/** The names that something reaches, each with the topics that reach it. */
function topicsByName(reaching: Reaching): ReadonlyMap<string, readonly TopicName[]> {
  const pairs: readonly (readonly [string, TopicName])[] = [
    ...notificationTopics.flatMap((topic: NotificationTopic) =>
      reachedBy(topic, reaching).map((name) => [name, topic] as const),
    ),
    ...selfTopics.flatMap((topic) =>
      hearingOfUs(topic, reaching.channels).map((name) => [name, `self-${topic}`] as const),
    ),
  ];
  const byName = new Map<string, readonly TopicName[]>();
  for (const [name, topic] of pairs) byName.set(name, [...(byName.get(name) ?? []), topic]);
  return byName;
}

/** Every endpoint that anything reaches: what nothing names is nobody's loss. */
export const planChannelLook = (reaching: Reaching): readonly ToLookAt[] =>
  [...topicsByName(reaching)].flatMap(([endpoint, topics]): readonly ToLookAt[] => {
    const { endpoints } = reaching.channels;
    const one = Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint] : undefined;
    return one === undefined ? [] : [{ endpoint, one, topics: isOfSns(one) ? topics : [] }];
  });
