import {
  CheckIfPhoneNumberIsOptedOutCommand,
  GetSMSSandboxAccountStatusCommand,
  ListSMSSandboxPhoneNumbersCommand,
  ListSubscriptionsByTopicCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import * as z from 'zod';
import type { CallScope } from '../run/call-scope.ts';
import { entriesOf, fetchAllPages, parseAnswer } from './answer.ts';
import { callAws } from './call.ts';

/**
 * One subscription of a topic.
 *
 * @property address a person's: it is told nowhere, and is no part of an error
 * @property state SNS gives no ARN before the person behind the address has agreed (`PendingConfirmation`), and none after it was
 *   deleted (`Deleted`)
 */
export type TopicSubscription = {
  readonly protocol: string;
  readonly address: string;
  readonly state: 'confirmed' | 'pending' | 'gone';
};

const stateOf = (arn: string | undefined): TopicSubscription['state'] => {
  if (arn?.startsWith('arn:') === true) return 'confirmed';
  return arn === 'PendingConfirmation' ? 'pending' : 'gone';
};

/** @throws DependencyError naming `sns:ListSubscriptionsByTopic` */
export const fetchSubscriptions = (
  client: SNSClient,
  calls: CallScope,
  topicArn: string,
): Promise<readonly TopicSubscription[]> => {
  const call = 'sns:ListSubscriptionsByTopic';
  return fetchAllPages(call, async (nextToken) => {
    const command = new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: nextToken });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return {
      items: entriesOf(answer.Subscriptions).map(({ Protocol = 'unknown', Endpoint = '', SubscriptionArn }) => ({
        protocol: Protocol,
        address: Endpoint,
        state: stateOf(SubscriptionArn),
      })),
      nextToken: answer.NextToken,
    };
  });
};

/**
 * Whether SNS sends text messages of this account and Region to verified numbers only.
 *
 * @throws DependencyError naming `sns:GetSMSSandboxAccountStatus`
 */
export const fetchIsInSmsSandbox = async (client: SNSClient, calls: CallScope): Promise<boolean> => {
  const call = 'sns:GetSMSSandboxAccountStatus';
  const answer = await callAws(calls, call, (options) =>
    client.send(new GetSMSSandboxAccountStatusCommand({}), options),
  );
  return parseAnswer(call, z.object({ IsInSandbox: z.boolean() }), answer).IsInSandbox;
};

/** Numbers that the sandbox reaches. @throws DependencyError naming `sns:ListSMSSandboxPhoneNumbers` */
export const fetchVerifiedNumbers = (client: SNSClient, calls: CallScope): Promise<readonly string[]> => {
  const call = 'sns:ListSMSSandboxPhoneNumbers';
  return fetchAllPages(call, async (nextToken) => {
    const command = new ListSMSSandboxPhoneNumbersCommand({ NextToken: nextToken });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return {
      items: entriesOf(answer.PhoneNumbers).flatMap(({ PhoneNumber: number, Status: status }) =>
        number !== undefined && status === 'Verified' ? [number] : [],
      ),
      nextToken: answer.NextToken,
    };
  });
};

/**
 * Whether whoever has a number told SNS to stop (SNS API Reference, "CheckIfPhoneNumberIsOptedOut").
 *
 * @throws DependencyError naming `sns:CheckIfPhoneNumberIsOptedOut`
 */
export const fetchIsOptedOut = async (client: SNSClient, calls: CallScope, number: string): Promise<boolean> => {
  const call = 'sns:CheckIfPhoneNumberIsOptedOut';
  const answer = await callAws(calls, call, (options) =>
    client.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: number }), options),
  );
  return parseAnswer(call, z.object({ isOptedOut: z.boolean() }), answer).isOptedOut;
};
