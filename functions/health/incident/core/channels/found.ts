import type { NotificationTopic, SelfTopic } from '../../../../../shared/core/configuration.ts';
import type { Answered } from '../../../../../shared/core/known.ts';
import type { SlackLook } from '../../../../../shared/telling/core/slack-look.ts';

/** A topic that SNS delivers an endpoint's messages by. */
export type TopicName = NotificationTopic | `self-${SelfTopic}`;

/**
 * One subscription of a topic. SNS names none before the person behind the address has agreed, and none after he left.
 *
 * @property address a person's: it is compared, and told nowhere
 */
export type Subscription = {
  readonly protocol: string;
  readonly address: string;
  readonly state: 'confirmed' | 'pending' | 'gone';
};

/** What SNS would send a telephone. @property verified the numbers that a sandbox reaches */
export type SmsFound = {
  readonly sandbox: Answered<{ readonly isIn: boolean; readonly verified: readonly string[] }>;
  /** Whether whoever has the number said STOP; absent where the number is not known. */
  readonly optedOut?: Answered<boolean>;
};

/** @property address as it is kept now: SNS has the one of the last deploy */
export type SnsFound = {
  readonly kind: 'email' | 'sms' | 'https';
  readonly address: Answered<string>;
  readonly topics: readonly {
    readonly name: TopicName;
    readonly subscriptions: Answered<readonly Subscription[]>;
  }[];
  readonly sms?: SmsFound;
};

export type AmazonQFound = { readonly kind: 'amazon-q'; readonly subscriptions: Answered<readonly Subscription[]> };

/**
 * @property secret whether it has what reads incidents
 * @property rest whether that is taken; absent where there is none
 */
export type PagerFound = {
  readonly kind: 'pagerduty' | 'phone';
  readonly secret: Answered<{ readonly hasRest: boolean }>;
  readonly rest?: Answered<'taken'>;
};

/** @property look absent where the bot's token cannot be read */
export type SlackFound = { readonly kind: 'slack'; readonly secret: Answered<'read'>; readonly look?: SlackLook };

/** What a look found of one endpoint, by its name in mskeeper.yml. */
export type ChannelFound = { readonly endpoint: string } & (SnsFound | AmazonQFound | PagerFound | SlackFound);
