import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { callAws } from '../../aws/call.ts';
import { createClient } from '../../aws/client.ts';
import type { Tried } from '../../core/delivery.ts';
import { DependencyError } from '../../core/errors.ts';
import type { CallScope } from '../../run/call-scope.ts';
import { findTopicMessageProblem, type TopicMessage } from '../channels/topic-message.ts';
import { delivered, notTaken, refused } from './outcome.ts';

const longestMs = 5_000;

/** A client for topics of the function's own Region, with our time limits (shared/aws/client.ts). */
export const createTopicClient = (): SNSClient => createClient(SNSClient);

/**
 * Publishes one message to a topic. What SNS takes is delivered as far as anybody hears: whether a mail, a text message or a
 * chat's message came, it does not tell. Twice published is twice there.
 */
export async function sendTopic(
  client: SNSClient,
  calls: CallScope,
  topicArn: string,
  message: TopicMessage,
): Promise<Tried> {
  const problem = findTopicMessageProblem(message);
  if (problem !== undefined) return refused(`not published: ${problem}`);
  const command = new PublishCommand({
    TopicArn: topicArn,
    Subject: message.subject,
    Message: message.message,
    ...(message.isByProtocol && { MessageStructure: 'json' }),
    MessageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? { DataType: 'String', StringValue: value }
          : { DataType: 'String.Array', StringValue: JSON.stringify(value) },
      ]),
    ),
  });
  try {
    const { MessageId: messageId } = await callAws(calls, 'sns:Publish', ({ abortSignal }) =>
      client.send(command, { abortSignal: AbortSignal.any([abortSignal, AbortSignal.timeout(longestMs)]) }),
    );
    return messageId === undefined ? notTaken('unknown', 'sns:Publish: SNS gave no message id') : delivered;
  } catch (error) {
    if (error instanceof DependencyError) return outcomeOf(error);
    throw error;
  }
}

/** What the message itself is to blame for; a key or a topic can be mended. */
const ofTheMessage = ['InvalidParameter', 'InvalidParameterException', 'InvalidParameterValue', 'ValidationException'];

/** SNS said no, once: then it has not taken it. All else may have arrived. */
function outcomeOf({ message, failure, facts: { errorName = '', httpStatus, attempts = 1 } }: DependencyError): Tried {
  const isAnswered = httpStatus !== undefined && httpStatus >= 400 && httpStatus < 500;
  if (isAnswered && ofTheMessage.includes(errorName)) return refused(message);
  if (failure === 'throttled' || (isAnswered && attempts === 1)) return notTaken('failed', message);
  return notTaken(failure === 'tls-failed' || failure === 'authentication-failed' ? 'failed' : 'unknown', message);
}
