import type { Sender } from '../../delivery.ts';
import type { FailedDelivery } from '../../retry.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

export type LostEvent = { readonly targetArn: string; readonly reason: string; readonly payload: string };

/**
 * Sends what could not be delivered to its queue, with the reason in message attributes. Without a queue, or when the
 * queue's policy does not let the service in, the event is lost, on AWS without a trace: here it is kept in `lost`.
 * Source: EventBridge User Guide, "Using dead-letter queues".
 */
export async function sendToDeadLetterQueue(
  world: AwsWorld,
  failed: FailedDelivery,
  queue: { arn: string | undefined; sender: Sender },
  lost: LostEvent[],
): Promise<void> {
  const { delivery, error, retryAttempts, exhausted } = failed;
  const lose = (reason: string) => void lost.push({ targetArn: delivery.targetArn, reason, payload: delivery.payload });
  if (queue.arn === undefined) return lose(error.message);
  const attributes = {
    RULE_ARN: queue.sender.sourceArn,
    TARGET_ARN: delivery.targetArn,
    ERROR_CODE: errorCode(error),
    ERROR_MESSAGE: error.message,
    RETRY_ATTEMPTS: String(retryAttempts),
    ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  try {
    await world.deliver({ sender: queue.sender, targetArn: queue.arn, payload: delivery.payload, attributes });
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    lose(`${error.message}; dead-letter queue: ${cause.message}`);
  }
}

function errorCode(error: AwsError): string {
  if (error.code === 'AccessDeniedException') return 'NO_PERMISSIONS';
  if (error.status === 404) return 'NO_RESOURCE';
  return /Throttl|TooManyRequests/.test(error.code) ? 'THROTTLING' : 'SDK_CLIENT_ERROR';
}
