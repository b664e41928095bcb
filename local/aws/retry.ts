import type { Delivery } from './delivery.ts';
import { AwsError } from './service.ts';
import type { AwsWorld } from './world.ts';

/** How long a service keeps trying. EventBridge's own default is 185 attempts within 24 hours. */
export type RetryPolicy = { readonly maximumRetryAttempts: number; readonly maximumEventAgeMs: number };

export type FailedDelivery = {
  readonly delivery: Delivery;
  readonly error: AwsError;
  readonly retryAttempts: number;
  /** What ran out; undefined when the target refused for good (no permission, not found). */
  readonly exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
};

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 600_000;

/**
 * Delivers, and tries again with growing pauses on the world's clock while the target fails on its own side.
 * Resolves after the first attempt; `onFailure` is called once when the delivery is given up.
 */
export async function deliverWithRetries(
  world: AwsWorld,
  delivery: Delivery,
  policy: RetryPolicy,
  onFailure: (failed: FailedDelivery) => Promise<void>,
): Promise<void> {
  const startMs = world.clock.nowMs();
  const attempt = async (retryAttempts: number): Promise<void> => {
    try {
      await world.deliver(delivery);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const failed = { delivery, error, retryAttempts };
      if (isFinal(error)) return onFailure({ ...failed, exhausted: undefined });
      if (retryAttempts >= policy.maximumRetryAttempts)
        return onFailure({ ...failed, exhausted: 'MaximumRetryAttempts' });
      const nextMs = world.clock.nowMs() + Math.min(FIRST_DELAY_MS * 2 ** retryAttempts, LONGEST_DELAY_MS);
      if (nextMs - startMs > policy.maximumEventAgeMs)
        return onFailure({ ...failed, exhausted: 'MaximumEventAgeInSeconds' });
      world.clock.schedule(nextMs, () => attempt(retryAttempts + 1));
    }
  };
  await attempt(0);
}

/** A throttled or broken target may recover; a denial or a missing target won't by itself. */
function isFinal(error: AwsError): boolean {
  return error.status < 500 && !/Throttl|TooManyRequests|RequestLimit/.test(error.code);
}
