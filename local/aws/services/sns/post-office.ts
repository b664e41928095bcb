import { deliverWithRetries, type FailedDelivery } from '../../retry.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { lambdaEvent, type Notification, notificationJson } from './notification.ts';
import type { SnsProtocol, Subscription } from './topic.ts';

export type InboxMessage = Notification & { readonly protocol: SnsProtocol; readonly endpoint: string };

/** Carries notifications to their subscriptions. */
export type PostOffice = {
  readonly inbox: readonly InboxMessage[];
  readonly undelivered: readonly { subscription: Subscription; reason: string }[];
  send(subscription: Subscription, notification: Notification): Promise<void>;
};

/** AWS tries Lambda and SQS 100,015 times over 23 days. Source: SNS Developer Guide, "Message delivery retries". */
const RETRIES = { maximumRetryAttempts: 100_015, maximumEventAgeMs: 23 * 24 * 3_600_000 };

export function createPostOffice(world: AwsWorld): PostOffice {
  const inbox: InboxMessage[] = [];
  const undelivered: { subscription: Subscription; reason: string }[] = [];

  const giveUp = async (subscription: Subscription, { delivery, error }: FailedDelivery): Promise<void> => {
    undelivered.push({ subscription, reason: error.message });
    if (subscription.deadLetterQueueArn === undefined) return;
    try {
      await world.deliver({ ...delivery, targetArn: subscription.deadLetterQueueArn });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      undelivered.push({ subscription, reason: `dead-letter queue: ${cause.message}` });
    }
  };

  return {
    inbox,
    undelivered,
    async send(subscription, notification) {
      const { protocol, endpoint } = subscription;
      if (!subscription.isConfirmed) {
        undelivered.push({ subscription, reason: 'the subscription is pending confirmation' });
        return;
      }
      if (protocol !== 'lambda' && protocol !== 'sqs') {
        inbox.push({ ...notification, protocol, endpoint });
        return;
      }
      const raw = subscription.isRaw ? notification.message : notificationJson(notification);
      const delivery = {
        sender: { kind: 'service', service: 'sns.amazonaws.com', sourceArn: subscription.topicArn } as const,
        targetArn: endpoint,
        payload: protocol === 'lambda' ? lambdaEvent(notification, subscription.arn) : raw,
      };
      await deliverWithRetries(world, delivery, RETRIES, (failed) => giveUp(subscription, failed));
    },
  };
}
