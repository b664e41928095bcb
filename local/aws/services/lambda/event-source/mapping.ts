import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../../service.ts';
import type { ResourceRequest } from '../../../template/resource.ts';
import { type Queue, visibilitySecondsOf } from '../../sqs/queue.ts';
import type { Sqs } from '../../sqs/sqs.ts';
import type { FunctionRegistry, ResolvedFunction } from '../function-registry.ts';

/** From one queue to one function. */
export type EventSourceMapping = {
  readonly id: string;
  readonly arn: string;
  readonly queue: Queue;
  /** As the mapping names it, with or without a qualifier. */
  readonly functionReference: string;
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Invocations at once, where the mapping limits them. */
  readonly maximumConcurrency: number | undefined;
  readonly reportsItemFailures: boolean;
};

const whole = z.coerce.number().int();

/** What CloudFormation takes for a queue. Batches that are filtered, and pollers that are paid for, are not served here. */
const properties = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string().regex(/^arn:aws:sqs:/, 'only queues are served here'),
  BatchSize: whole.min(1).max(10_000).default(10),
  MaximumBatchingWindowInSeconds: whole.min(0).max(300).default(0),
  ScalingConfig: z.strictObject({ MaximumConcurrency: whole.min(2).max(1000).optional() }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).max(1).default([]),
  Enabled: z.union([z.boolean(), z.stringbool()]).default(true),
  Tags: z.array(z.unknown()).optional(),
});

/**
 * Reads AWS::Lambda::EventSourceMapping as CreateEventSourceMapping judges it. That the queue's visibility timeout should be
 * six times the function's is advice (Lambda Developer Guide, "Creating and configuring an Amazon SQS event source
 * mapping"): what is refused is a shorter one than the function's.
 *
 * @throws ZodError naming the property; AwsError in Lambda's own words
 */
export function readMapping(
  resource: ResourceRequest,
  { registry, queues }: { readonly registry: FunctionRegistry; readonly queues: Pick<Sqs, 'queue'> },
): { readonly mapping: EventSourceMapping; readonly target: ResolvedFunction } {
  const read = properties.parse(resource.properties);
  const target = registry.resolve(read.FunctionName);
  const queue = findQueue(queues, read.EventSourceArn);
  if (queue.name.endsWith('.fifo')) throw invalid('FIFO queues are not served here.');
  if (target.configuration.durable !== undefined) throw invalid('Durable functions on a queue are not served here.');
  if (read.BatchSize > 10 && read.MaximumBatchingWindowInSeconds === 0) {
    throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  const visibilitySeconds = visibilitySecondsOf(queue);
  const { timeoutSeconds } = target.configuration;
  if (visibilitySeconds < timeoutSeconds) {
    throw invalid(
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
  const id = randomUUID();
  const mapping = {
    id,
    arn: `arn:aws:lambda:${resource.region}:${resource.accountId}:event-source-mapping:${id}`,
    queue,
    functionReference: read.FunctionName,
    isEnabled: read.Enabled,
    batchSize: read.BatchSize,
    batchingWindowSeconds: read.MaximumBatchingWindowInSeconds,
    maximumConcurrency: read.ScalingConfig?.MaximumConcurrency,
    reportsItemFailures: read.FunctionResponseTypes.length > 0,
  };
  return { mapping, target };
}

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', 400, message, { Type: 'User' });

function findQueue(queues: Pick<Sqs, 'queue'>, arn: string): Queue {
  try {
    return queues.queue(arn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(
      `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ${error.message}`,
    );
  }
}
