import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { callAws } from '../aws/call.ts';
import { createClient } from '../aws/client.ts';
import { DependencyError } from '../core/errors.ts';
import type { CallScope } from '../run/call-scope.ts';
import { type Notice, planNotice } from './notice.ts';

/** A client for topics of the function's own region, with our time limits (shared/aws/client.ts). */
export const createNotifyClient = (): SNSClient => createClient(SNSClient);

/**
 * Publishes one notice to a topic, with a message for each protocol. Severity, cluster, procedure and key are message
 * attributes too, so that a subscription can filter. SNS reports no delivery: an unconfirmed subscription gets nothing.
 *
 * @returns the message's id
 * @throws DependencyError naming `sns:Publish`
 */
export async function notify(
  client: SNSClient,
  calls: CallScope,
  topicArn: string,
  notice: Notice,
): Promise<{ readonly messageId: string }> {
  const call = 'sns:Publish';
  const { subject, message } = planNotice(notice);
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
  const command = new PublishCommand({
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    MessageStructure: 'json',
    MessageAttributes: {
      severity: attribute(notice.severity),
      cluster: attribute(notice.cluster),
      procedure: attribute(notice.procedure),
      ...(notice.key !== undefined && notice.key !== '' && { key: attribute(notice.key) }),
    },
  });
  const { MessageId: messageId } = await callAws(calls, call, (options) => client.send(command, options));
  if (messageId === undefined) throw new DependencyError(call, 'bad-answer', 'bad answer: no message id');
  return { messageId };
}
