import { deliverWithRetries, type FailedDelivery } from '../../retry.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { lambdaEvent, type Notification, notificationJson } from './notification.ts';
import { type Sms, type SmsSettings, smsFailure, smsOf } from './sms.ts';
import type { SnsProtocol, Subscription, Topic } from './topic.ts';

/** What reached an endpoint of people's; `sms` is how a telephone got it. */
type InboxMessage = Notification & {
  readonly protocol: SnsProtocol;
  readonly endpoint: string;
  readonly sms?: Sms;
};

/** A count of AWS/SNS: of a topic, or of the account's text messages. */
export type SnsCount =
  | { readonly topicName: string; readonly metric: TopicMetric; readonly value: number }
  | { readonly topicName: undefined; readonly metric: 'SMSMonthToDateSpentUSD'; readonly value: number };
type TopicMetric =
  | 'NumberOfMessagesPublished'
  | 'NumberOfNotificationsDelivered'
  | 'NumberOfNotificationsFailed'
  | 'NumberOfNotificationsFilteredOut'
  | 'NumberOfNotificationsFilteredOut-NoMessageAttributes';

/** Carries notifications to their subscriptions. */
export type PostOffice = {
  readonly inbox: readonly InboxMessage[];
  /** What reached people so far, or did not, is put away. */
  forget(): void;
  readonly undelivered: readonly { subscription: Subscription; reason: string }[];
  send(topic: Topic, subscription: Subscription, notification: Notification): Promise<void>;
  /** Deliveries to an endpoint fail from now on, until the function that this gives is called. */
  breakEndpoint(endpoint: string, reason: string): () => void;
  /** Whoever answers at an address of AWS's own: its messages come here, and no person's inbox has them. */
  onHttps(endpoint: string, take: (notification: Notification) => void): void;
};

/** AWS tries Lambda and SQS 100,015 times over 23 days. Source: SNS Developer Guide, "Message delivery retries". */
const RETRIES = { maximumRetryAttempts: 100_015, maximumEventAgeMs: 23 * 24 * 3_600_000 };

/**
 * @param sms the account's settings, asked for with each text message
 * @param count told of each delivery's end
 */
export function createPostOffice(
  world: AwsWorld,
  sms: () => SmsSettings,
  count: (count: SnsCount) => void,
): PostOffice {
  const inbox: InboxMessage[] = [];
  const undelivered: { subscription: Subscription; reason: string }[] = [];
  const brokenEndpoints = new Map<string, string>();
  const takers = new Map<string, (notification: Notification) => void>();
  const spent = { month: '', usd: 0 };

  const fail = (topic: Topic, subscription: Subscription, reason: string): void => {
    undelivered.push({ subscription, reason });
    count({ topicName: topic.name, metric: 'NumberOfNotificationsFailed', value: 1 });
  };
  const giveUp = async (
    topic: Topic,
    subscription: Subscription,
    { delivery, error }: FailedDelivery,
  ): Promise<void> => {
    fail(topic, subscription, error.message);
    if (subscription.deadLetterQueueArn === undefined) return;
    try {
      await world.deliver({ ...delivery, targetArn: subscription.deadLetterQueueArn });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      undelivered.push({ subscription, reason: `dead-letter queue: ${cause.message}` });
    }
  };
  /** What the account has spent on text messages since the calendar month began. */
  const spentUsd = (addedUsd: number): number => {
    const month = new Date(world.clock.nowMs()).toISOString().slice(0, 7);
    if (month !== spent.month) Object.assign(spent, { month, usd: 0 });
    spent.usd += addedUsd;
    return spent.usd;
  };

  /** To an endpoint that is no resource of AWS's. SNS tries again for hours; here the first failure is the last. */
  const bring = (topic: Topic, subscription: Subscription, notification: Notification): void => {
    const { protocol, endpoint } = subscription;
    const text = protocol === 'sms' ? smsOf(notification.message, topic) : undefined;
    const settings = sms();
    const failure =
      brokenEndpoints.get(endpoint) ??
      (text === undefined ? undefined : smsFailure(text, endpoint, settings, spentUsd(0)));
    if (failure !== undefined) {
      fail(topic, subscription, failure);
      return;
    }
    if (text !== undefined) {
      const value = spentUsd(text.partCount * settings.usdPerPart);
      count({ topicName: undefined, metric: 'SMSMonthToDateSpentUSD', value });
    }
    const take = takers.get(endpoint);
    if (take === undefined) inbox.push({ ...notification, protocol, endpoint, ...(text && { sms: text }) });
    else take(notification);
    count({ topicName: topic.name, metric: 'NumberOfNotificationsDelivered', value: 1 });
  };

  return {
    inbox,
    forget() {
      inbox.length = 0;
      undelivered.length = 0;
    },
    undelivered,
    onHttps: (endpoint, take) => void takers.set(endpoint, take),
    breakEndpoint(endpoint, reason) {
      brokenEndpoints.set(endpoint, reason);
      return () => void brokenEndpoints.delete(endpoint);
    },
    async send(topic, subscription, notification) {
      const { protocol, endpoint, filter } = subscription;
      if (!subscription.isConfirmed) {
        undelivered.push({ subscription, reason: 'the subscription is pending confirmation' });
        return;
      }
      if (filter?.matches(notification.attributes) === false) {
        const filteredOut = 'NumberOfNotificationsFilteredOut';
        count({ topicName: topic.name, metric: filteredOut, value: 1 });
        const hasAttributes = Object.keys(notification.attributes).length > 0;
        if (!hasAttributes) count({ topicName: topic.name, metric: `${filteredOut}-NoMessageAttributes`, value: 1 });
        return;
      }
      if (protocol !== 'lambda' && protocol !== 'sqs') return bring(topic, subscription, notification);
      let hasFailed = false;
      const delivery = {
        sender: { kind: 'service', service: 'sns.amazonaws.com', sourceArn: subscription.topicArn } as const,
        targetArn: endpoint,
        ...payloadFor(subscription, notification),
      };
      await deliverWithRetries(world, delivery, RETRIES, (failed) => {
        hasFailed = true;
        return giveUp(topic, subscription, failed);
      });
      if (!hasFailed) count({ topicName: topic.name, metric: 'NumberOfNotificationsDelivered', value: 1 });
    },
  };
}

function payloadFor({ protocol, arn, isRaw }: Subscription, notification: Notification) {
  if (protocol === 'lambda') return { payload: lambdaEvent(notification, arn) };
  if (!isRaw) return { payload: notificationJson(notification) };
  const attributes = Object.entries(notification.attributes).map(([name, { stringValue }]) => [name, stringValue]);
  return { payload: notification.message, attributes: Object.fromEntries(attributes) };
}
