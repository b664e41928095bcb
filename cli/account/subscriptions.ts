import { GetSMSAttributesCommand, GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { callAws } from '../../shared/aws/call.ts';
import { fetchSubscriptions as fetchAddresses, fetchIsInSmsSandbox } from '../../shared/aws/sns-people.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/** One subscription, without its address: that is a person's. */
export type TopicSubscription = { readonly protocol: string; readonly isConfirmed: boolean };

/** @throws DependencyError naming `sns:ListSubscriptionsByTopic` */
export const fetchSubscriptions = async (
  client: SNSClient,
  calls: CallScope,
  topicArn: string,
): Promise<readonly TopicSubscription[]> => {
  const found = await fetchAddresses(client, calls, topicArn);
  return found.map(({ protocol, state }) => ({ protocol, isConfirmed: state === 'confirmed' }));
};

/** The key that a topic is encrypted with. @throws DependencyError naming `sns:GetTopicAttributes` */
export const fetchTopicKeyArn = async (
  client: SNSClient,
  calls: CallScope,
  topicArn: string,
): Promise<string | undefined> => {
  const command = new GetTopicAttributesCommand({ TopicArn: topicArn });
  const answer = await callAws(calls, 'sns:GetTopicAttributes', (options) => client.send(command, options));
  const key = answer.Attributes?.KmsMasterKeyId;
  return key?.startsWith('arn:') === true ? key : undefined;
};

/** What SNS lets this account send by SMS in the Region. */
export type SmsLimits = {
  /** In the sandbox SNS sends to verified numbers only. */
  readonly isInSandbox: boolean;
  /** USD a month; undefined where the account has never changed SNS's own, which is 1. */
  readonly monthlySpendLimitUsd: number | undefined;
  /** What names no type of its own is sent as what matters; SNS's own is Promotional (API Reference, SetSMSAttributes). */
  readonly isTransactional: boolean;
};

/** @throws DependencyError naming `sns:GetSMSSandboxAccountStatus` or `sns:GetSMSAttributes` */
export const fetchSmsLimits = async (client: SNSClient, calls: CallScope): Promise<SmsLimits> => {
  const isInSandbox = await fetchIsInSmsSandbox(client, calls);
  const { attributes } = await callAws(calls, 'sns:GetSMSAttributes', (options) =>
    client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit', 'DefaultSMSType'] }), options),
  );
  const limit = Number(attributes?.MonthlySpendLimit ?? Number.NaN);
  return {
    isInSandbox,
    monthlySpendLimitUsd: Number.isNaN(limit) ? undefined : limit,
    isTransactional: attributes?.DefaultSMSType === 'Transactional',
  };
};
