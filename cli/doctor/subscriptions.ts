import { isToldByName, subscribedTo, subscribedToSelf } from '../../infra/stack/subscriptions.ts';
import {
  type NotificationTopic,
  notificationTopics,
  type SelfTopic,
  selfTopics,
} from '../../shared/core/configuration.ts';
import type { Answered } from '../../shared/core/known.ts';
import { reachedBy } from '../../shared/core/reached.ts';
import { amazonQEndpointsOf } from '../../shared/deployment/channel-grants.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import type { TopicSubscription } from '../account/subscriptions.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'subscriptions';

type Subscriptions = Answered<readonly TopicSubscription[]>;

/** @property byEndpoint of the topics of Amazon Q's channels, by the endpoint's name */
export type SubscriptionFacts = {
  readonly byTopic: Readonly<Record<NotificationTopic | `self-${SelfTopic}`, Subscriptions>>;
  readonly byEndpoint: Readonly<Record<string, Subscriptions>>;
};

type Topic = keyof SubscriptionFacts['byTopic'];

/** Topics that page: what reaches nobody there is an outage that nobody hears of. */
const paging: readonly Topic[] = ['emergency', 'critical', 'self-emergency', 'self-critical'];

const plural = (count: number): string => `${count} subscription${count === 1 ? '' : 's'}`;

const judgeTopic = (topic: Topic, expectedCount: number, fetched: Subscriptions): DoctorFinding => {
  const subject = `topic ${topic}`;
  const whereItPages = paging.includes(topic) ? 'failed' : 'warning';
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const all = fetched.value;
  const pending = all.filter(({ isConfirmed }) => !isConfirmed);
  const confirmedCount = all.length - pending.length;
  const pendingText = `${plural(pending.length)} not confirmed (${pending.map(({ protocol }) => protocol).join(', ')})`;
  const confirm = 'confirm by the link in the mail that SNS sent; after three days it must be subscribed anew (deploy)';
  if (all.length === 0)
    return {
      check,
      subject,
      status: whereItPages,
      message: 'has no subscription: what is published there reaches nobody',
      advice:
        expectedCount > 0
          ? 'deploy again: mskeeper.yml names channels for it'
          : `name a channel for ${topic.replace(/^self-/, '')} in mskeeper.yml (channels.byTopic), or subscribe somebody by hand`,
    };
  if (confirmedCount === 0)
    return { check, subject, status: whereItPages, message: `reaches nobody: ${pendingText}`, advice: confirm };
  if (pending.length > 0) return { check, subject, status: 'warning', message: pendingText, advice: confirm };
  if (all.length < expectedCount)
    return {
      check,
      subject,
      status: 'warning',
      message: `${plural(all.length)}, mskeeper.yml names channels for ${expectedCount}: somebody unsubscribed`,
      advice: 'take the channel out of mskeeper.yml, or subscribe it anew',
    };
  return {
    check,
    subject,
    status: 'ok',
    message: `${plural(all.length)} confirmed (${all.map(({ protocol }) => protocol).join(', ')})`,
  };
};

/**
 * Whether SNS has anybody to reach by a topic: `operations` goes by severity where it names nobody, and where a function tells
 * people SNS may reach none of those that a topic names.
 */
const isOfSns = (context: StackContext, topic: NotificationTopic): boolean => {
  const names = reachedBy(topic, context.configuration);
  if (names.length === 0) return topic !== 'operations';
  return !isToldByName(context) || subscribedTo(context, topic).length > 0;
};

/** Amazon Q subscribes by itself once its configuration is there, and confirms. Asked through SNS, since the configuration proves no more. */
const judgeAmazonQ = (name: string, fetched: Subscriptions | undefined): DoctorFinding | undefined => {
  const subject = `channel ${name}`;
  if (fetched === undefined) return undefined;
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  return fetched.value.some(({ protocol, isConfirmed }) => protocol === 'https' && isConfirmed)
    ? { check, subject, status: 'ok', message: 'Amazon Q listens to its topic' }
    : {
        check,
        subject,
        status: 'failed',
        message: 'Amazon Q does not listen to its topic: what is sent there reaches nobody, and nobody hears of that',
        advice:
          'deploy again, once the workspace is authorized in the console of Amazon Q Developer in chat applications',
      };
};

/** Whether each topic reaches somebody: SNS delivers nothing to an address that has not agreed, and tells nobody. */
export const evaluateSubscriptions = (context: StackContext, facts: SubscriptionFacts): readonly DoctorFinding[] => [
  ...notificationTopics
    .filter((topic) => isOfSns(context, topic))
    .map((topic) => judgeTopic(topic, subscribedTo(context, topic).length, facts.byTopic[topic])),
  ...selfTopics.map((topic) => {
    const name = `self-${topic}` as const;
    return judgeTopic(name, subscribedToSelf(context, topic).length, facts.byTopic[name]);
  }),
  ...amazonQEndpointsOf(context).flatMap(([name]) => judgeAmazonQ(name, facts.byEndpoint[name]) ?? []),
];
