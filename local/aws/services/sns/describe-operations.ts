import type * as SnsClient from '@aws-sdk/client-sns';
import { pageOf } from '../../page.ts';
import type { OperationHandler } from '../../service.ts';
import type { Subscription, Topic } from './topic.ts';

/** What the account may send by SMS. */
export type SmsSettings = { readonly isInSandbox: boolean; readonly monthlySpendLimitUsd: number };

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
  accountId: string,
  sms: () => SmsSettings,
): Readonly<Record<string, OperationHandler>> => ({
  ListSubscriptionsByTopic: onTopic(
    'ListSubscriptionsByTopic',
    ({ TopicArn, NextToken }: ByTopic & { NextToken?: string }) => {
      const { items, nextToken } = pageOf(find(TopicArn).subscriptions, {
        list: TopicArn,
        pageSize: 100,
        token: NextToken,
        badTokenCode: 'InvalidParameterException',
      });
      return { Subscriptions: items.map((each) => toSdkSubscription(each, accountId)), NextToken: nextToken };
    },
  ),
  GetTopicAttributes: onTopic('GetTopicAttributes', ({ TopicArn }: ByTopic) => {
    const { arn, keyArn, subscriptions } = find(TopicArn);
    const confirmedCount = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
    return {
      Attributes: {
        TopicArn: arn,
        Owner: accountId,
        SubscriptionsConfirmed: String(confirmedCount),
        SubscriptionsPending: String(subscriptions.length - confirmedCount),
        ...(keyArn !== undefined && { KmsMasterKeyId: keyArn }),
      },
    };
  }),
  GetSMSSandboxAccountStatus: {
    authorize: () => [{ action: 'sns:GetSMSSandboxAccountStatus', resource: '*' }],
    run: () => ({ IsInSandbox: sms().isInSandbox }),
  },
  GetSMSAttributes: {
    authorize: () => [{ action: 'sns:GetSMSAttributes', resource: '*' }],
    run: ({ attributes }: SnsClient.GetSMSAttributesCommandInput) => {
      const all = { MonthlySpendLimit: String(sms().monthlySpendLimitUsd), DefaultSMSType: 'Transactional' };
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
