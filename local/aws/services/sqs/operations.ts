import type * as SqsClient from '@aws-sdk/client-sqs';
import type { Clock } from '../../../clock.ts';
import type { Call, OperationHandler } from '../../service.ts';
import {
  type addMessage,
  attributesOf,
  deleteMessage,
  type Queue,
  type QueueMessage,
  takeMessages,
  visibilitySecondsOf,
} from './queue.ts';

/** SQS's API, as far as it is used. */
export function queueOperations({
  clock,
  find,
  send,
}: {
  readonly clock: Clock;
  readonly find: (nameOrUrlOrArn: string) => Queue;
  /** As addMessage, with the size judged. */
  readonly send: (queue: Queue, sent: Parameters<typeof addMessage>[2]) => QueueMessage;
}): Readonly<Record<string, OperationHandler>> {
  const onQueue = <Input extends { QueueUrl?: string | undefined }>(
    action: string,
    run: (queue: Queue, input: Input, call: Call) => unknown,
  ): OperationHandler<Input> => ({
    authorize: (input) => [{ action: `sqs:${action}`, resource: find(input.QueueUrl ?? '').arn }],
    run: (input, call) => run(find(input.QueueUrl ?? ''), input, call),
  });
  return {
    SendMessage: onQueue('SendMessage', (queue, input: SqsClient.SendMessageCommandInput, { caller }) => {
      const given = Object.entries(input.MessageAttributes ?? {});
      const sent = send(queue, {
        body: input.MessageBody ?? '',
        senderId: caller.principalArn,
        attributes: Object.fromEntries(given.map(([name, { StringValue = '' }]) => [name, StringValue])),
      });
      return { MessageId: sent.messageId, MD5OfMessageBody: sent.md5 };
    }),
    ReceiveMessage: onQueue('ReceiveMessage', (queue, input: SqsClient.ReceiveMessageCommandInput) => {
      const visibilitySeconds = input.VisibilityTimeout ?? visibilitySecondsOf(queue);
      const taken = takeMessages(queue, clock, { count: input.MaxNumberOfMessages ?? 1, visibilitySeconds });
      return taken.length === 0 ? {} : { Messages: taken.map((message) => toSdkMessage(message, input)) };
    }),
    DeleteMessage: onQueue('DeleteMessage', (queue, input: SqsClient.DeleteMessageCommandInput) =>
      deleteMessage(queue, input.ReceiptHandle),
    ),
    GetQueueAttributes: onQueue('GetQueueAttributes', (queue, input: SqsClient.GetQueueAttributesCommandInput) => ({
      Attributes: asked(attributesOf(queue, clock), input.AttributeNames),
    })),
    GetQueueUrl: {
      authorize: (input: { QueueName: string }) => [{ action: 'sqs:GetQueueUrl', resource: find(input.QueueName).arn }],
      run: (input: { QueueName: string }) => ({ QueueUrl: find(input.QueueName).url }),
    },
  };
}

/** What SQS itself says of a message, as texts. */
export const systemAttributesOf = (message: QueueMessage): Record<string, string> => ({
  SenderId: message.senderId,
  SentTimestamp: String(message.sentMs),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs ?? ''),
  ...(message.deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
});

const asked = (all: Readonly<Record<string, string>>, names: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name)));

/** Attributes come only to who asks for them. */
function toSdkMessage(message: QueueMessage, input: SqsClient.ReceiveMessageCommandInput): SqsClient.Message {
  const names: readonly string[] = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const system = asked(systemAttributesOf(message), names);
  const own = Object.entries(asked(message.attributes, input.MessageAttributeNames));
  return {
    MessageId: message.messageId,
    Body: message.body,
    MD5OfBody: message.md5,
    ReceiptHandle: message.receiptHandle,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(own.length > 0 && {
      MessageAttributes: Object.fromEntries(
        own.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }),
  };
}
