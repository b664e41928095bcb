import * as SqsClient from '@aws-sdk/client-sqs';
import type { Receiver, Sender } from '../../delivery.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { addQueueResources } from './creators.ts';
import { queueOperations } from './operations.ts';
import { addMessage, type Queue, type QueueMessage } from './queue.ts';

/** SQS: services deliver by a queue's policy; functions by event source mappings and tests by the SDK read. */
export type Sqs = {
  /** @throws AwsError QueueDoesNotExist. */
  queue(nameOrUrlOrArn: string): Queue;
  all(): readonly Queue[];
};

const MAX_MESSAGE_BYTES = 1_048_576;
/** Whose id a message of a service carries: an account of AWS's own. */
const SERVICE_SENDER_ID = 'AIDALOCALSERVICE00000';

/** Adds SQS to the world. */
export function createSqs(world: AwsWorld): Sqs {
  const queues = new Map<string, Queue>();
  const find = (nameOrUrlOrArn: string): Queue => {
    const queue = queues.get(nameOrUrlOrArn.split(/[/:]/).at(-1) ?? '');
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', 400, 'The specified queue does not exist.');
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
  const receive: Receiver = async ({ sender, targetArn, payload, attributes = {} }) => {
    const queue = find(targetArn);
    world.authorizeSender(sender, { action: 'sqs:SendMessage', resource: queue.arn });
    useKey(queue, sender);
    send(queue, { body: payload, senderId: SERVICE_SENDER_ID, attributes });
  };
  const send = (queue: Queue, sent: Parameters<typeof addMessage>[2]): QueueMessage => {
    if (Buffer.byteLength(sent.body) > MAX_MESSAGE_BYTES) {
      throw new AwsError(
        'InvalidParameterValue',
        400,
        `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_MESSAGE_BYTES} bytes.`,
      );
    }
    return addMessage(queue, world.clock, sent);
  };

  addQueueResources(world, queues, find);
  world.addReceiver('sqs', receive);
  world.addResourcePolicies('sqs', (arn) => queues.get(arn.split(':').at(-1) ?? '')?.policies ?? []);
  world.addService({
    signingName: 'sqs',
    protocol: 'aws-json-1.0',
    clientModule: SqsClient,
    operations: queueOperations({ clock: world.clock, find, send }),
  });
  return { queue: find, all: () => [...queues.values()] };
}
