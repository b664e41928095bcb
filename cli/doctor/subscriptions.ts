import { subscribedEndpointsOf } from '../../infra/stack/channels.ts';
import { type NotificationTopic, notificationTopics } from '../../shared/core/configuration.ts';
import type { Answered } from '../../shared/core/known.ts';
import { type SelfTopic, type StackContext, selfTopics } from '../../shared/deployment/names.ts';
import type { TopicSubscription } from '../account/subscriptions.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'subscriptions';

export type SubscriptionFacts = Readonly<
  Record<NotificationTopic | `self-${SelfTopic}`, Answered<readonly TopicSubscription[]>>
>;

/** Topics that page: what reaches nobody there is an outage that nobody hears of. */
const paging: readonly string[] = ['emergency', 'critical', 'self-critical'];

const plural = (count: number): string => `${count} subscription${count === 1 ? '' : 's'}`;

const judgeTopic = (
  topic: keyof SubscriptionFacts,
  expectedCount: number,
  fetched: Answered<readonly TopicSubscription[]>,
): DoctorFinding => {
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

/** Whether each topic reaches somebody: SNS delivers nothing to an address that has not agreed, and tells nobody. */
export const evaluateSubscriptions = (context: StackContext, facts: SubscriptionFacts): readonly DoctorFinding[] => [
  ...notificationTopics.map((topic) => judgeTopic(topic, subscribedEndpointsOf(context, topic).length, facts[topic])),
  ...selfTopics.map((topic) => {
    const name = `self-${topic}` as const;
    return judgeTopic(name, subscribedEndpointsOf(context, topic).length, facts[name]);
  }),
];
