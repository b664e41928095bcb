import type { Policy } from '../../iam/policy.ts';
import { hourMs } from '../../units.ts';
import type { FilterPolicy } from './filter-policy.ts';

export const PROTOCOLS = ['lambda', 'sqs', 'email', 'email-json', 'sms', 'http', 'https'] as const;
export type SnsProtocol = (typeof PROTOCOLS)[number];

export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: SnsProtocol;
  readonly endpoint: string;
  readonly isRaw: boolean;
  /** It gets every message where it has none. */
  readonly filter: FilterPolicy | undefined;
  readonly deadLetterQueueArn: string | undefined;
  readonly createdMs: number;
  /** E-mail and HTTPS endpoints get nothing until a person confirmed. */
  isConfirmed: boolean;
};

export type Topic = {
  readonly arn: string;
  readonly name: string;
  /** What stands before its text messages. */
  readonly displayName: string | undefined;
  /** Who publishes to an encrypted topic needs its key too. */
  readonly keyArn: string | undefined;
  policies: readonly Policy[];
  subscriptions: Subscription[];
};

/** SNS Developer Guide, "Deleting an Amazon SNS topic and subscription": one that nobody confirmed is deleted after 48 hours. */
const pendingMs = 48 * hourMs;

/** A topic's subscriptions; drops those that nobody confirmed in time. */
export function subscriptionsOf(topic: Topic, nowMs: number): readonly Subscription[] {
  topic.subscriptions = topic.subscriptions.filter(
    ({ isConfirmed, createdMs }) => isConfirmed || nowMs - createdMs < pendingMs,
  );
  return topic.subscriptions;
}
