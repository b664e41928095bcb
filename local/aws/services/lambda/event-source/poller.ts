import { randomUUID } from 'node:crypto';
import type { Timer } from '../../../../clock.ts';
import type { AwsWorld } from '../../../world.ts';
import { deleteMessage, type QueueMessage, takeMessages, visibilitySecondsOf, visibleOf } from '../../sqs/queue.ts';
import { releasePlace, takePlace } from '../concurrency.ts';
import type { Execution, ExecutionAnswer } from '../executor.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import { isPollAllowed } from './access.ts';
import { failedIds, recordOf } from './batch.ts';
import type { EventSourceMapping } from './mapping.ts';

export type PollerOptions = {
  readonly world: AwsWorld;
  readonly registry: FunctionRegistry;
  readonly execute: (execution: Execution) => Promise<ExecutionAnswer>;
  readonly onThrottle: (functionName: string) => void;
  /** Keeps a promise until it settles, so that whoever waits for the world's rest waits for it, too. */
  readonly track: (work: Promise<void>) => Promise<void>;
  readonly isOver: () => boolean;
};

/** Developer Guide, "Understanding polling and batching": Lambda begins with five pollers; here it never adds any. */
const pollerCount = 5;
/** A batch and its envelope make one synchronous invocation. */
const payloadBytes = 6 * 1024 * 1024 - 1024;
/** What a receive adds to a record: its handle, and the time of the first. */
const handleBytes = 64;
/** How long a poller waits that was refused: as long as a long poll takes. */
const refusedDelayMs = 20_000;
const firstThrottleDelayMs = 1000;

/**
 * Carries a queue's messages to a function: as many as a batch holds, or as came while its window lasted; what the function
 * did is deleted, and what it did not becomes visible again when the queue's visibility timeout ends. A throttled batch is
 * tried again until then.
 *
 * @returns ends the polling
 */
export function startPoller(mapping: EventSourceMapping, options: PollerOptions): () => void {
  const { world, registry, execute, onThrottle, track, isOver } = options;
  const { clock } = world;
  const { queue, batchSize, batchingWindowSeconds, maximumConcurrency = pollerCount } = mapping;
  const target = () => registry.resolve(mapping.functionReference);
  let gathered: readonly QueueMessage[] = [];
  let gatheredBytes = 0;
  let windowEndsMs: number | undefined;
  let runningCount = 0;
  let timer: Timer | undefined;
  let isClosed = false;

  const bytesOf = (message: QueueMessage): number =>
    Buffer.byteLength(JSON.stringify(recordOf(message, queue, world.region))) + handleBytes;

  /** Takes what has room beside what is gathered already. */
  const gather = (): 'refused' | 'open' | 'full' => {
    const wanted = batchSize - gathered.length;
    let isFull = false;
    if (wanted > 0 && visibleOf(queue, clock.nowMs()).length > 0) {
      const { configuration } = target();
      const mayRead = (['GetQueueAttributes', 'ReceiveMessage'] as const).every((call) =>
        isPollAllowed(world, call, queue, configuration),
      );
      if (!mayRead) return 'refused';
      const taken = takeMessages(queue, clock, {
        count: wanted,
        visibilitySeconds: visibilitySecondsOf(queue),
        fits: (message) => {
          const bytes = gatheredBytes + bytesOf(message);
          isFull = gatheredBytes > 0 && bytes > payloadBytes;
          if (!isFull) gatheredBytes = bytes;
          return !isFull;
        },
      });
      gathered = [...gathered, ...taken];
    }
    return isFull || gathered.length >= batchSize ? 'full' : 'open';
  };

  /** The next batch that is ready; undefined where there is none, or no room to invoke. */
  const nextBatch = (): readonly QueueMessage[] | 'refused' | undefined => {
    if (runningCount >= maximumConcurrency) return undefined;
    const state = gather();
    if (state === 'refused' && gathered.length === 0) return 'refused';
    if (gathered.length === 0) return undefined;
    windowEndsMs ??= clock.nowMs() + batchingWindowSeconds * 1000;
    if (state === 'open' && clock.nowMs() < windowEndsMs) return undefined;
    const batch = gathered;
    gathered = [];
    gatheredBytes = 0;
    windowEndsMs = undefined;
    return batch;
  };

  const poll = async (): Promise<void> => {
    if (isClosed || isOver()) return;
    const started: Promise<void>[] = [];
    let batch = nextBatch();
    while (batch !== undefined && batch !== 'refused') {
      started.push(process(batch));
      batch = nextBatch();
    }
    wakeAt(batch === 'refused' ? clock.nowMs() + refusedDelayMs : nextChangeMs());
    await Promise.all(started);
  };

  /** When a window closes or a hidden message becomes visible; arrivals and ends of invocations wake by themselves. */
  const nextChangeMs = (): number | undefined => {
    if (runningCount >= maximumConcurrency) return undefined;
    const nowMs = clock.nowMs();
    const hidden = queue.messages.map(({ visibleMs }) => visibleMs).filter((visibleMs) => visibleMs > nowMs);
    const nextMs = Math.min(windowEndsMs ?? Number.POSITIVE_INFINITY, ...hidden);
    return Number.isFinite(nextMs) ? nextMs : undefined;
  };
  const wakeAt = (atMs: number | undefined): void => {
    timer?.cancel();
    timer = atMs === undefined ? undefined : clock.schedule(atMs, () => track(poll()));
  };

  const process = async (batch: readonly QueueMessage[]): Promise<void> => {
    runningCount += 1;
    const expiresMs = clock.nowMs() + visibilitySecondsOf(queue) * 1000;
    await attempt(batch, expiresMs, firstThrottleDelayMs);
  };
  const attempt = async (batch: readonly QueueMessage[], expiresMs: number, delayMs: number): Promise<void> => {
    if (isClosed || isOver()) return;
    const resolved = target();
    if (!takePlace(resolved.lambdaFunction)) {
      onThrottle(resolved.configuration.name);
      const nextMs = clock.nowMs() + delayMs;
      if (nextMs >= expiresMs) return end();
      clock.schedule(nextMs, () => track(attempt(batch, expiresMs, delayMs * 2)));
      return;
    }
    let answer: ExecutionAnswer;
    try {
      answer = await execute({
        target: resolved,
        payload: JSON.stringify({ Records: batch.map((message) => recordOf(message, queue, world.region)) }),
        requestId: randomUUID(),
        kind: 'sync',
        attempt: 1,
        invokedBy: queue.arn,
      });
    } catch (error) {
      if (isOver()) return;
      throw error;
    } finally {
      releasePlace(resolved.lambdaFunction);
    }
    if (isOver()) return;
    const ids = batch.map(({ messageId }) => messageId);
    const failed =
      answer.functionError === undefined ? failedIds(answer.payload, ids, mapping.reportsItemFailures) : ids;
    const done = batch.filter(({ messageId }) => !failed.includes(messageId));
    if (done.length > 0 && isPollAllowed(world, 'DeleteMessage', queue, resolved.configuration)) {
      for (const { receiptHandle } of done) deleteMessage(queue, receiptHandle);
    }
    await end();
  };
  const end = (): Promise<void> => {
    runningCount -= 1;
    return poll();
  };

  const onArrival = (): void => void track(poll());
  queue.listeners.add(onArrival);
  onArrival();
  return () => {
    isClosed = true;
    queue.listeners.delete(onArrival);
    timer?.cancel();
  };
}
