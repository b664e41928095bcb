import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Policy } from '../../iam/policy.ts';

export type QueueMessage = {
  readonly messageId: string;
  readonly body: string;
  readonly md5: string;
  /** First sent; a move to a dead-letter queue keeps it, and retention counts from it. */
  readonly sentMs: number;
  readonly senderId: string;
  /** Message attributes, all of them strings. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Since when it lies in this very queue: its age in the queue's metric. */
  readonly arrivedMs: number;
  /** How often it had been received before it came here: by another queue's readers. */
  readonly receivedElsewhereCount: number;
  receiveCount: number;
  firstReceivedMs: number | undefined;
  /** Not given out before; moved by each receive. */
  visibleMs: number;
  receiptHandle: string | undefined;
  /** Of a dead letter: the ARN of the queue that it was received from too often. */
  readonly deadLetterSourceArn: string | undefined;
};

/** A standard queue: at least once, in no promised order. */
export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Where a message goes that was received `maxReceiveCount` times and is asked for once more. */
  readonly redrive: { readonly maxReceiveCount: number; readonly to: Queue } | undefined;
  policies: readonly Policy[];
  messages: QueueMessage[];
  /** Told of each message that arrives: who polls need not look at an empty queue. */
  readonly listeners: Set<() => void>;
};

/** SQS Developer Guide: what a queue has that names none. */
const usualVisibilitySeconds = 30;
const usualRetentionSeconds = 345_600;

export const visibilitySecondsOf = ({ attributes }: Queue): number =>
  Number(attributes.VisibilityTimeout ?? usualVisibilitySeconds);

export function addMessage(
  queue: Queue,
  clock: Clock,
  sent: {
    readonly body: string;
    readonly senderId: string;
    readonly attributes?: Readonly<Record<string, string>>;
  },
): QueueMessage {
  const nowMs = clock.nowMs();
  const message = {
    attributes: {},
    ...sent,
    messageId: randomUUID(),
    md5: createHash('md5').update(sent.body).digest('hex'),
    sentMs: nowMs,
    arrivedMs: nowMs,
    receivedElsewhereCount: 0,
    receiveCount: 0,
    firstReceivedMs: undefined,
    visibleMs: nowMs,
    receiptHandle: undefined,
    deadLetterSourceArn: undefined,
  };
  arrive(queue, message);
  return message;
}

/**
 * Hides what it gives for `visibilitySeconds`; drops what is older than the queue's retention, and moves to the dead
 * letters what has been received as often as it may be.
 *
 * @param fits whether one more message may come along; the first that may not ends the taking
 */
export function takeMessages(
  queue: Queue,
  clock: Clock,
  {
    count,
    visibilitySeconds,
    fits = () => true,
  }: { count: number; visibilitySeconds: number; fits?: (message: QueueMessage) => boolean },
): readonly QueueMessage[] {
  const nowMs = clock.nowMs();
  const retentionMs = Number(queue.attributes.MessageRetentionPeriod ?? usualRetentionSeconds) * 1000;
  queue.messages = queue.messages.filter((message) => nowMs - message.sentMs <= retentionMs);
  buryTooOften(queue, nowMs);
  const taken: QueueMessage[] = [];
  for (const message of visibleOf(queue, nowMs)) {
    if (taken.length >= count || !fits(message)) break;
    taken.push(message);
  }
  for (const message of taken) {
    message.receiveCount += 1;
    message.firstReceivedMs ??= nowMs;
    message.visibleMs = nowMs + visibilitySeconds * 1000;
    message.receiptHandle = randomUUID();
  }
  return taken;
}

export const visibleOf = ({ messages }: Queue, nowMs: number): readonly QueueMessage[] =>
  messages.filter(({ visibleMs }) => visibleMs <= nowMs);

/** By the handle of its last receive; an older handle deletes nothing. */
export function deleteMessage(queue: Queue, receiptHandle: string | undefined): void {
  queue.messages = queue.messages.filter((message) => message.receiptHandle !== receiptHandle);
}

/** GetQueueAttributes' form: every value is a string. */
export function attributesOf(queue: Queue, clock: Clock): Record<string, string> {
  const visibleCount = visibleOf(queue, clock.nowMs()).length;
  return {
    VisibilityTimeout: String(usualVisibilitySeconds),
    MessageRetentionPeriod: String(usualRetentionSeconds),
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visibleCount),
    ApproximateNumberOfMessagesNotVisible: String(queue.messages.length - visibleCount),
    ApproximateNumberOfMessagesDelayed: '0',
  };
}

function arrive(queue: Queue, message: QueueMessage): void {
  queue.messages.push(message);
  for (const listener of [...queue.listeners]) listener();
}

/** SQS Developer Guide, "Using dead-letter queues": a message that is moved keeps its id and its enqueue timestamp. */
function buryTooOften(queue: Queue, nowMs: number): void {
  const { redrive } = queue;
  if (redrive === undefined) return;
  const buried = visibleOf(queue, nowMs).filter(({ receiveCount }) => receiveCount >= redrive.maxReceiveCount);
  queue.messages = queue.messages.filter((message) => !buried.includes(message));
  for (const message of buried) {
    arrive(redrive.to, {
      ...message,
      arrivedMs: nowMs,
      receivedElsewhereCount: message.receiveCount,
      receiptHandle: undefined,
      deadLetterSourceArn: queue.arn,
    });
  }
}
