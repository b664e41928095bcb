import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Policy } from '../../iam/policy.ts';

export type QueueMessage = {
  readonly messageId: string;
  readonly body: string;
  readonly md5: string;
  readonly sentMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  receiveCount: number;
  /** Not given out before; moved by each receive. */
  visibleMs: number;
  receiptHandle: string | undefined;
};

/** A standard queue: at least once, in no promised order. */
export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly attributes: Readonly<Record<string, string>>;
  policies: readonly Policy[];
  messages: QueueMessage[];
};

export function addMessage(
  queue: Queue,
  clock: Clock,
  body: string,
  attributes: Record<string, string> = {},
): QueueMessage {
  const nowMs = clock.nowMs();
  const md5 = createHash('md5').update(body).digest('hex');
  const message = {
    messageId: randomUUID(),
    body,
    md5,
    sentMs: nowMs,
    attributes,
    receiveCount: 0,
    visibleMs: nowMs,
    receiptHandle: undefined,
  };
  queue.messages.push(message);
  return message;
}

/** Hides what it gives for `visibilitySeconds`; drops what is older than the queue's retention. */
export function takeMessages(
  queue: Queue,
  clock: Clock,
  count: number,
  visibilitySeconds: number,
): readonly QueueMessage[] {
  const nowMs = clock.nowMs();
  const retentionMs = Number(queue.attributes.MessageRetentionPeriod ?? 345_600) * 1000;
  queue.messages = queue.messages.filter((message) => nowMs - message.sentMs <= retentionMs);
  const taken = queue.messages.filter((message) => message.visibleMs <= nowMs).slice(0, count);
  for (const message of taken) {
    message.receiveCount += 1;
    message.visibleMs = nowMs + visibilitySeconds * 1000;
    message.receiptHandle = randomUUID();
  }
  return taken;
}

/** GetQueueAttributes' form: every value is a string. */
export function attributesOf(queue: Queue, clock: Clock): Record<string, string> {
  const hidden = queue.messages.filter((message) => message.visibleMs > clock.nowMs()).length;
  return {
    VisibilityTimeout: '30',
    MessageRetentionPeriod: '345600',
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.messages.length - hidden),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: '0',
  };
}
