import type { AwsWorld } from '../../../world.ts';
import type { CloudWatch } from '../../cloudwatch/cloudwatch.ts';
import { createEvent, type EventBridgeEvent } from '../../eventbridge/event.ts';
import { deliverEnd } from '../destinations.ts';
import { defaultAsyncSettings } from '../function.ts';
import { publishLambdaMetric } from '../metrics.ts';
import type { DurableExecution } from './execution.ts';

export type Announcements = {
  readonly started: (execution: DurableExecution) => Promise<void>;
  /** What it has used up, cumulative, at each checkpoint. */
  readonly used: (execution: DurableExecution) => void;
  readonly ended: (execution: DurableExecution) => Promise<void>;
};

const endMetrics = {
  SUCCEEDED: 'DurableExecutionSucceeded',
  FAILED: 'DurableExecutionFailed',
  STOPPED: 'DurableExecutionStopped',
  TIMED_OUT: 'DurableExecutionTimedOut',
} as const;

/**
 * Tells the world of executions: metrics of AWS/Lambda, `Durable Execution Status Change` on the default bus, and the
 * dead-letter queue of an asynchronous one that ended badly. Source: Developer Guide, "Monitoring durable functions".
 */
export function createAnnouncements(options: {
  readonly world: AwsWorld;
  readonly cloudWatch: Pick<CloudWatch, 'publish' | 'metrics'>;
  readonly putEvent: (event: EventBridgeEvent) => Promise<void> | void;
  readonly runningCount: (functionName: string) => number;
}): Announcements {
  const { world, cloudWatch, putEvent, runningCount } = options;
  const publish = (execution: DurableExecution, metric: string, value: number, unit = 'Count') =>
    publishLambdaMetric(cloudWatch, execution.target.configuration.name, metric, value, { unit });
  const publishRunning = (execution: DurableExecution) =>
    publish(execution, 'ApproximateRunningDurableExecutions', runningCount(execution.target.configuration.name));
  const putStatus = async (execution: DurableExecution) => {
    const { arn, name, status, startedAtMs, endedAtMs, target } = execution;
    await putEvent(
      createEvent({
        source: 'aws.lambda',
        detailType: 'Durable Execution Status Change',
        account: world.accountId,
        region: world.region,
        atMs: world.clock.nowMs(),
        resources: [target.referenceArn],
        detail: {
          durableExecutionArn: arn,
          durableExecutionName: name,
          functionArn: target.referenceArn,
          status,
          startTimestamp: new Date(startedAtMs).toISOString(),
          ...(endedAtMs === undefined ? {} : { endTimestamp: new Date(endedAtMs).toISOString() }),
        },
      }),
    );
  };
  const sendToDeadLetterQueue = async (execution: DurableExecution) => {
    const { start, payload, error, target, status, usage } = execution;
    if (start.kind === 'sync' || status === 'SUCCEEDED') return;
    const errorMessage = error?.ErrorMessage ?? `The durable execution ended ${status}.`;
    const failures = await deliverEnd(world, target, defaultAsyncSettings, {
      condition: 'RetriesExhausted',
      requestId: start.requestId,
      payload,
      invokeCount: usage.invocationCount,
      answer: {
        payload: JSON.stringify({ errorType: error?.ErrorType ?? status, errorMessage }),
        functionError: 'Unhandled',
        executedVersion: target.configuration.version,
        log: '',
        initMs: undefined,
      },
    });
    for (const { metric } of failures) publish(execution, metric, 1);
  };

  return {
    async started(execution) {
      publish(execution, 'DurableExecutionStarted', 1);
      publishRunning(execution);
      await putStatus(execution);
    },
    used(execution) {
      publish(execution, 'DurableExecutionOperations', execution.usage.operationCount);
      publish(execution, 'DurableExecutionStorageWrittenBytes', execution.usage.storageBytes, 'Bytes');
    },
    async ended(execution) {
      const { status, startedAtMs, endedAtMs = startedAtMs } = execution;
      if (status !== 'RUNNING') publish(execution, endMetrics[status], 1);
      publish(execution, 'DurableExecutionDuration', endedAtMs - startedAtMs, 'Milliseconds');
      publishRunning(execution);
      await sendToDeadLetterQueue(execution);
      await putStatus(execution);
    },
  };
}
