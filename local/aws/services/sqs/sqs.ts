import { randomUUID } from 'node:crypto';
import * as SqsClient from '@aws-sdk/client-sqs';
import type { Receiver, Sender } from '../../delivery.ts';
import { parsePolicy } from '../../iam/policy.ts';
import { AwsError, type OperationHandler } from '../../service.ts';
import type { ResourceCreator } from '../../template/resource.ts';
import type { AwsWorld } from '../../world.ts';
import { addMessage, attributesOf, type Queue, takeMessages } from './queue.ts';

/** SQS as the target of failures: services deliver by the queue's policy, tests read with the SDK. */
export type Sqs = {
  /** @throws AwsError QueueDoesNotExist. */
  queue(nameOrUrlOrArn: string): Queue;
  all(): readonly Queue[];
};

const MAX_MESSAGE_BYTES = 1_048_576;

/** Adds SQS to the world. */
export function createSqs(world: AwsWorld): Sqs {
  const queues = new Map<string, Queue>();
  const find = (nameOrUrlOrArn: string): Queue => {
    const queue = queues.get(nameOrUrlOrArn.split(/[/:]/).at(-1) ?? '');
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', 400, 'The specified queue does not exist.');
  };

  const createQueue: ResourceCreator = ({ logicalId, properties, stackName, region, accountId }) => {
    const name = String(properties.QueueName ?? `${stackName}-${logicalId}-${randomUUID().slice(0, 12)}`);
    const { QueueName: _name, Tags: _tags, ...attributes } = properties;
    const url = `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
    const texts = Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    queues.set(name, { name, arn, url, attributes: Object.fromEntries(texts), policies: [], messages: [] });
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  };
  const createPolicy: ResourceCreator = ({ logicalId, properties }) => {
    const policy = parsePolicy(properties.PolicyDocument);
    const urls = Array.isArray(properties.Queues) ? properties.Queues : [];
    for (const url of urls) find(String(url)).policies = [policy];
    return { ref: logicalId, attributes: {} };
  };
  /**
   * What a role needs to send into a queue under a key of the user's (SQS Developer Guide, "Amazon SQS Key management"). What
   * a service may stands in the key's own policy, which is not in the template.
   */
  const useKey = ({ attributes }: Queue, sender: Sender): void => {
    const resource = attributes.KmsMasterKeyId;
    if (resource === undefined || sender.kind === 'service') return;
    const context = { 'kms:ViaService': `sqs.${world.region}.amazonaws.com` };
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt'])
      world.authorizeSender(sender, { action, resource, context });
  };
  const receive: Receiver = async (delivery) => {
    const queue = find(delivery.targetArn);
    world.authorizeSender(delivery.sender, { action: 'sqs:SendMessage', resource: queue.arn });
    useKey(queue, delivery.sender);
    send(queue, delivery.payload, { ...delivery.attributes });
  };
  const send = (queue: Queue, body: string, attributes: Record<string, string>) => {
    if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES) {
      throw new AwsError(
        'InvalidParameterValue',
        400,
        `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_MESSAGE_BYTES} bytes.`,
      );
    }
    return addMessage(queue, world.clock, body, attributes);
  };

  world.addCreator('AWS::SQS::Queue', createQueue);
  world.addCreator('AWS::SQS::QueuePolicy', createPolicy);
  world.addReceiver('sqs', receive);
  world.addResourcePolicies('sqs', (arn) => queues.get(arn.split(':').at(-1) ?? '')?.policies ?? []);

  const onQueue = <Input extends { QueueUrl?: string | undefined }>(
    action: string,
    run: (queue: Queue, input: Input) => unknown,
  ): OperationHandler<Input> => ({
    authorize: (input) => [{ action: `sqs:${action}`, resource: find(input.QueueUrl ?? '').arn }],
    run: (input) => run(find(input.QueueUrl ?? ''), input),
  });
  world.addService({
    signingName: 'sqs',
    protocol: 'aws-json-1.0',
    clientModule: SqsClient,
    operations: {
      SendMessage: onQueue('SendMessage', (queue, input: SqsClient.SendMessageCommandInput) => {
        const sent = send(queue, input.MessageBody ?? '', {});
        return { MessageId: sent.messageId, MD5OfMessageBody: sent.md5 };
      }),
      ReceiveMessage: onQueue('ReceiveMessage', (queue, input: SqsClient.ReceiveMessageCommandInput) => {
        const visibility = input.VisibilityTimeout ?? Number(queue.attributes.VisibilityTimeout ?? 30);
        const taken = takeMessages(queue, world.clock, input.MaxNumberOfMessages ?? 1, visibility);
        return taken.length === 0 ? {} : { Messages: taken.map(toSdkMessage) };
      }),
      DeleteMessage: onQueue('DeleteMessage', (queue, input: SqsClient.DeleteMessageCommandInput) => {
        queue.messages = queue.messages.filter((message) => message.receiptHandle !== input.ReceiptHandle);
      }),
      GetQueueAttributes: onQueue('GetQueueAttributes', (queue, input: SqsClient.GetQueueAttributesCommandInput) => {
        const all = Object.entries(attributesOf(queue, world.clock));
        const wanted: readonly string[] = input.AttributeNames ?? [];
        return {
          Attributes: Object.fromEntries(all.filter(([name]) => wanted.includes('All') || wanted.includes(name))),
        };
      }),
      GetQueueUrl: {
        authorize: (input: { QueueName: string }) => [
          { action: 'sqs:GetQueueUrl', resource: find(input.QueueName).arn },
        ],
        run: (input: { QueueName: string }) => ({ QueueUrl: find(input.QueueName).url }),
      },
    },
  });
  return { queue: find, all: () => [...queues.values()] };
}

function toSdkMessage(message: ReturnType<typeof takeMessages>[number]): SqsClient.Message {
  const attributes = Object.entries(message.attributes);
  return {
    MessageId: message.messageId,
    Body: message.body,
    MD5OfBody: message.md5,
    ReceiptHandle: message.receiptHandle,
    Attributes: { SentTimestamp: String(message.sentMs), ApproximateReceiveCount: String(message.receiveCount) },
    ...(attributes.length > 0 && {
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }),
  };
}
