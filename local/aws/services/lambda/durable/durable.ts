import type { Disturbance } from '../../../lambda-runtime/messages.ts';
import type { AwsWorld } from '../../../world.ts';
import type { CloudWatch } from '../../cloudwatch/cloudwatch.ts';
import type { EventBridgeEvent } from '../../eventbridge/event.ts';
import type { Execution, ExecutionAnswer } from '../executor.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import { publishLambdaMetric } from '../metrics.ts';
import { createActivity } from './activity.ts';
import { createAnnouncements } from './announcements.ts';
import { callbackOperations } from './callback-operations.ts';
import { createCallbacks } from './callbacks.ts';
import { createChainedInvoke } from './chained-invoke.ts';
import { createCheckpoint } from './checkpoint.ts';
import { createCrashWatch } from './crash-watch.ts';
import type { DurableExecution } from './execution.ts';
import { executionOperations } from './execution-operations.ts';
import { createExecutionStore } from './execution-store.ts';
import { createFaultPoints, type FaultPoints } from './fault-points.ts';
import { createDurableRunner, type DurableEnd, type DurableRunner } from './runner.ts';
import { runtimeOperations } from './runtime-operations.ts';
import { createStarter } from './starter.ts';
import { createDurableTimers } from './timers.ts';

/** What a test or a drill does with the durable executions of the stand-in. */
export type DurableControls = {
  /** Running and retained ones, oldest first, with their operations, histories and usage. */
  readonly executions: () => readonly DurableExecution[];
  /** Kills the process of an execution, if it has one: Lambda invokes it again. Says whether there was one. */
  readonly kill: (executionArn: string) => boolean;
  readonly stop: (executionArn: string, error?: DurableEnd['error']) => void;
  readonly faults: Pick<FaultPoints, 'inject'>;
  /** What is to differ between two invocations of an execution; undefined takes it away. */
  readonly disturb: (choose: ((execution: DurableExecution) => Disturbance | undefined) | undefined) => void;
  /**
   * How long Lambda waits after a crash, by crashes in a row before it (0 for the first); 0 means at once, and
   * undefined brings the usual pauses back.
   */
  readonly setCrashDelay: (delayMs: ((crashCount: number) => number) | undefined) => void;
  /** How many operations an invocation's event and a state's page hold at most. */
  readonly setPageSize: (operations: number) => void;
  /** When the next wait, retry or time-out of any execution is due, by the world's clock. */
  readonly nextTimerAtMs: () => number | undefined;
  /** What no execution will recover from by itself, one sentence each. */
  readonly failures: () => readonly string[];
};

const dayMs = 86_400_000;
/** Lambda's own limits of an event and a page are not documented; the sizes only decide how often a function asks. */
const defaultPageSize = 1000;
/** AWS backs off after a crash by rules that it does not publish: 1 s, then twice as long each time, up to a minute. */
const crashDelayMs = (crashCount: number): number => Math.min(1000 * 2 ** crashCount, 60_000);

/** Lambda's durable executions: started by name, checkpointed, suspended, invoked again, looked at and broken at will. */
export function createDurableLambda(options: {
  readonly world: AwsWorld;
  readonly cloudWatch: Pick<CloudWatch, 'publish' | 'metrics'>;
  readonly registry: FunctionRegistry;
  readonly execute: (execution: Execution) => Promise<ExecutionAnswer>;
  readonly putEvent: (event: EventBridgeEvent) => Promise<void> | void;
  readonly onFailure: (failure: unknown) => void;
}) {
  const { world, cloudWatch, registry, execute, onFailure } = options;
  const { clock } = world;
  const failures: string[] = [];
  const report = (failure: unknown): void => {
    failures.push(failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure));
    onFailure(failure);
  };
  const activity = createActivity(report);
  const executions = createExecutionStore();
  const timers = createDurableTimers(clock);
  const faults = createFaultPoints();
  const crashes = createCrashWatch(report);
  let isStopped = false;
  let pageSize = defaultPageSize;
  let delayAfterCrashMs = crashDelayMs;
  let disturb: (execution: DurableExecution) => Disturbance | undefined = () => undefined;

  const announcements = createAnnouncements({
    ...options,
    runningCount: (functionName) =>
      executions
        .all()
        .filter(({ status, target }) => status === 'RUNNING' && target.configuration.name === functionName).length,
  });
  const runner: DurableRunner = createDurableRunner({
    clock,
    timers,
    faults,
    announcements,
    execute,
    activity,
    pageSize: () => pageSize,
    crashDelayMs: (crashCount) => delayAfterCrashMs(crashCount),
    disturb: (execution) => disturb(execution),
    onThrottle: (name) => publishLambdaMetric(cloudWatch, name, 'Throttles', 1),
    onKill: crashes.expect,
    onCrash: crashes.onCrash,
    onEnd: (execution) => {
      const days = execution.target.configuration.durable?.retentionDays ?? 0;
      clock.schedule(clock.nowMs() + days * dayMs, () => executions.forget(execution));
    },
    isStopped: () => isStopped,
  });
  const callbacks = createCallbacks({ clock, timers, executions, runner });
  const starter = createStarter({ clock, timers, executions, runner, announcements, activity });
  const chain = createChainedInvoke({ world, registry, execute, starter, activity });
  const checkpoint = createCheckpoint({ clock, timers, faults, runner, callbacks, announcements, chain });

  const controls: DurableControls = {
    executions: executions.all,
    kill(arn) {
      const execution = executions.get(arn);
      if (execution.kill === undefined) return false;
      execution.kill();
      return true;
    },
    stop: (arn, error) => runner.end(executions.get(arn), { status: 'STOPPED', error }),
    faults,
    disturb: (choose) => {
      disturb = choose ?? (() => undefined);
    },
    setCrashDelay: (delayMs) => {
      delayAfterCrashMs = delayMs ?? crashDelayMs;
    },
    setPageSize: (operations) => {
      pageSize = operations;
    },
    nextTimerAtMs: timers.nextAtMs,
    failures: () => failures,
  };
  return {
    controls,
    start: starter.start,
    operations: {
      ...runtimeOperations({ executions, checkpoint, pageSize: () => pageSize }),
      ...executionOperations({ executions, registry, runner }),
      ...callbackOperations({ callbacks, runner, activity }),
    },
    idle: activity.idle,
    isIdle: activity.isIdle,
    close: () => {
      isStopped = true;
      for (const { arn } of executions.all()) timers.cancelAll(arn);
    },
  };
}

export type DurableLambda = ReturnType<typeof createDurableLambda>;
