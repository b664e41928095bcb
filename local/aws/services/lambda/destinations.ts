import type { AwsWorld } from '../../world.ts';
import type { ExecutionAnswer } from './executor.ts';
import type { AsyncSettings } from './function.ts';
import type { ResolvedFunction } from './function-registry.ts';

/** How an asynchronous event ended. `answer` is missing when the function never ran. */
export type AsyncEnd = {
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  readonly requestId: string;
  readonly payload: string;
  readonly invokeCount: number;
  readonly answer: ExecutionAnswer | undefined;
};

export type DeliveryFailure = {
  readonly metric: 'DestinationDeliveryFailures' | 'DeadLetterErrors';
  readonly error: unknown;
};

/**
 * Hands an event's end to its destination, and one that failed also to the dead-letter queue. Both are reached with the
 * function's own role, so a role without the permission loses the event: as on AWS, that is only a metric.
 *
 * @returns what could not be delivered
 */
export async function deliverEnd(
  world: AwsWorld,
  target: ResolvedFunction,
  settings: AsyncSettings,
  end: AsyncEnd,
): Promise<readonly DeliveryFailure[]> {
  const { configuration } = target;
  const sender = {
    kind: 'role',
    roleArn: configuration.roleArn,
    service: configuration.name,
    sourceArn: configuration.arn,
  } as const;
  const failures: DeliveryFailure[] = [];
  const attempt = async (metric: DeliveryFailure['metric'], deliver: () => Promise<void>) => {
    try {
      await deliver();
    } catch (error) {
      failures.push({ metric, error });
    }
  };
  const destinationArn = end.condition === 'Success' ? settings.onSuccessArn : settings.onFailureArn;
  if (destinationArn !== undefined) {
    const payload = JSON.stringify(destinationRecord(target, end, world.clock.nowMs()));
    await attempt('DestinationDeliveryFailures', () => world.deliver({ sender, targetArn: destinationArn, payload }));
  }
  const { deadLetterArn } = configuration;
  if (end.condition !== 'Success' && deadLetterArn !== undefined) {
    const attributes = deadLetterAttributes(end);
    await attempt('DeadLetterErrors', () =>
      world.deliver({ sender, targetArn: deadLetterArn, payload: end.payload, attributes }),
    );
  }
  return failures;
}

/** Developer Guide, "Retaining records of asynchronous invocations": the invocation record. */
function destinationRecord(target: ResolvedFunction, end: AsyncEnd, nowMs: number): unknown {
  const { answer } = end;
  return {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId: end.requestId,
      functionArn: `${target.configuration.arn}:${target.qualifier}`,
      condition: end.condition,
      approximateInvokeCount: end.invokeCount,
    },
    requestPayload: JSON.parse(end.payload),
    ...(answer === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: answer.executedVersion,
            ...(answer.functionError === undefined ? {} : { functionError: answer.functionError }),
          },
          responsePayload: JSON.parse(answer.payload),
        }),
  };
}

/** Developer Guide, "Dead-letter queues": the message is the event, the error stands in attributes of at most 1 KB. */
function deadLetterAttributes(end: AsyncEnd): Readonly<Record<string, string>> {
  const message: unknown = end.answer === undefined ? undefined : Object(JSON.parse(end.answer.payload)).errorMessage;
  return {
    RequestID: end.requestId,
    ErrorCode: end.answer === undefined ? '429' : '200',
    ErrorMessage: String(message ?? end.condition).slice(0, 1024),
  };
}
