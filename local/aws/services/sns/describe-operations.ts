import type * as SnsClient from '@aws-sdk/client-sns';
import { pageOf } from '../../page.ts';
import { AwsError, type OperationHandler } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import type { SmsSettings } from './sms.ts';
import { type Subscription, subscriptionsOf, type Topic } from './topic.ts';

type ByTopic = { TopicArn: string };

const onTopic = <Input extends ByTopic>(
  operation: string,
  run: (input: Input) => unknown,
): OperationHandler<Input> => ({
  authorize: ({ TopicArn }) => [{ action: `sns:${operation}`, resource: TopicArn }],
  run,
});

/** The reading half of SNS' API: subscriptions, a topic's attributes, the account's SMS settings. */
export const describeOperations = (
  find: (arn: string) => Topic,
  { accountId, clock }: Pick<AwsWorld, 'accountId' | 'clock'>,
  sms: () => SmsSettings,
): Readonly<Record<string, OperationHandler>> => ({
  ListSubscriptionsByTopic: onTopic(
    'ListSubscriptionsByTopic',
    ({ TopicArn, NextToken }: ByTopic & { NextToken?: string }) => {
      const { items, nextToken } = pageOf(subscriptionsOf(find(TopicArn), clock.nowMs()), {
        list: TopicArn,
        pageSize: 100,
        token: NextToken,
        badTokenCode: 'InvalidParameterException',
      });
      return { Subscriptions: items.map((each) => toSdkSubscription(each, accountId)), NextToken: nextToken };
    },
  ),
  GetTopicAttributes: onTopic('GetTopicAttributes', ({ TopicArn }: ByTopic) => {
    const topic = find(TopicArn);
    const { arn, keyArn, displayName } = topic;
    const subscriptions = subscriptionsOf(topic, clock.nowMs());
    const confirmedCount = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
    return {
      Attributes: {
        TopicArn: arn,
        Owner: accountId,
        ...(displayName !== undefined && { DisplayName: displayName }),
        SubscriptionsConfirmed: String(confirmedCount),
        SubscriptionsPending: String(subscriptions.length - confirmedCount),
        ...(keyArn !== undefined && { KmsMasterKeyId: keyArn }),
      },
    };
  }),
  GetSubscriptionAttributes: {
    // AWS's reference knows no resource for it.
    authorize: () => [{ action: 'sns:GetSubscriptionAttributes', resource: '*' }],
    run: ({ SubscriptionArn }: { SubscriptionArn: string }) => {
      const topicArn = SubscriptionArn.slice(0, SubscriptionArn.lastIndexOf(':'));
      const found = subscriptionsOf(find(topicArn), clock.nowMs()).find(({ arn }) => arn === SubscriptionArn);
      if (found === undefined) throw new AwsError('NotFoundException', 404, 'Subscription does not exist');
      return { Attributes: describeSubscription(found, accountId) };
    },
  },
  ListSMSSandboxPhoneNumbers: {
    authorize: () => [{ action: 'sns:ListSMSSandboxPhoneNumbers', resource: '*' }],
    run: ({ NextToken }: { NextToken?: string }) => {
      const { items, nextToken } = pageOf(sms().sandboxNumbers, {
        list: 'sandbox',
        pageSize: 100,
        token: NextToken,
        badTokenCode: 'InvalidParameterException',
      });
      return {
        PhoneNumbers: items.map(({ number, isVerified }) => ({
          PhoneNumber: number,
          Status: isVerified ? 'Verified' : 'Pending',
        })),
        NextToken: nextToken,
      };
    },
  },
  GetSMSSandboxAccountStatus: {
    authorize: () => [{ action: 'sns:GetSMSSandboxAccountStatus', resource: '*' }],
    run: () => ({ IsInSandbox: sms().isInSandbox }),
  },
  CheckIfPhoneNumberIsOptedOut: {
    authorize: () => [{ action: 'sns:CheckIfPhoneNumberIsOptedOut', resource: '*' }],
    run: ({ phoneNumber }: { phoneNumber: string }) => {
      // Source: SNS Developer Guide, "Publishing SMS messages": E.164.
      if (!/^\+[1-9]\d{1,14}$/.test(phoneNumber))
        throw new AwsError(
          'InvalidParameter',
          400,
          `Invalid parameter: PhoneNumber Reason: ${phoneNumber} is not valid to publish to`,
        );
      return { isOptedOut: sms().optedOutNumbers.includes(phoneNumber) };
    },
  },
  GetSMSAttributes: {
    authorize: () => [{ action: 'sns:GetSMSAttributes', resource: '*' }],
    run: ({ attributes }: SnsClient.GetSMSAttributesCommandInput) => {
      const all = { MonthlySpendLimit: String(sms().monthlySpendLimitUsd), DefaultSMSType: sms().defaultType };
      const asked = Object.entries(all).filter(([name]) => attributes === undefined || attributes.includes(name));
      return { attributes: Object.fromEntries(asked) };
    },
  },
});

/** SNS gives no ARN before the person behind the address has agreed. */
function toSdkSubscription(subscription: Subscription, Owner: string): SnsClient.Subscription {
  return {
    SubscriptionArn: subscription.isConfirmed ? subscription.arn : 'PendingConfirmation',
    Owner,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  };
}

/** GetSubscriptionAttributes' form: every value is a string. */
const describeSubscription = (subscription: Subscription, Owner: string): Readonly<Record<string, string>> => ({
  SubscriptionArn: subscription.arn,
  TopicArn: subscription.topicArn,
  Owner,
  Protocol: subscription.protocol,
  Endpoint: subscription.endpoint,
  PendingConfirmation: String(!subscription.isConfirmed),
  RawMessageDelivery: String(subscription.isRaw),
  ...(subscription.filter !== undefined && {
    FilterPolicy: subscription.filter.text,
    FilterPolicyScope: 'MessageAttributes',
  }),
  ...(subscription.deadLetterQueueArn !== undefined && {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: subscription.deadLetterQueueArn }),
  }),
});
