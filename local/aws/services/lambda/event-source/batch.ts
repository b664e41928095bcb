import { systemAttributesOf } from '../../sqs/operations.ts';
import type { Queue, QueueMessage } from '../../sqs/queue.ts';

/** A message as a function gets it. Source: Lambda Developer Guide, "Using Lambda with Amazon SQS", the example event. */
export const recordOf = (message: QueueMessage, queue: Queue, region: string): object => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: systemAttributesOf(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, stringValue]) => [
      name,
      { stringValue, stringListValues: [], binaryListValues: [], dataType: 'String' },
    ]),
  ),
  md5OfBody: message.md5,
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: region,
});

/**
 * The ids of a batch that its function's answer leaves in the queue. Without the mapping's word that it reports failures the
 * answer is not read. An answer of nothing, or a list of none, is a success; one that cannot be read, or that names an
 * identifier which is empty, absent or not of this batch, is a failure of them all.
 * Source: Lambda Developer Guide, "Handling errors for an SQS event source", Success and failure conditions.
 *
 * @param payload the function's JSON
 */
export function failedIds(payload: string, ids: readonly string[], reportsItemFailures: boolean): readonly string[] {
  if (!reportsItemFailures) return [];
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return ids;
  }
  if (answer === null || answer === undefined) return [];
  if (typeof answer !== 'object' || Array.isArray(answer)) return ids;
  const failures: unknown = 'batchItemFailures' in answer ? answer.batchItemFailures : null;
  if (failures === null) return [];
  if (!Array.isArray(failures)) return ids;
  const named = failures.map((failure: unknown): unknown =>
    typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined,
  );
  const failed = ids.filter((id) => named.includes(id));
  return named.every((id) => ids.some((known) => known === id)) ? failed : ids;
}
