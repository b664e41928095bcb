import { dayMs } from '../../../units.ts';
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
import { createDurableSettings, type DurableControls, settingControls } from './controls.ts';
import { createCrashWatch } from './crash-watch.ts';
import { executionOperations } from './execution-operations.ts';
import { createExecutionStore } from './execution-store.ts';
import { createFaultPoints } from './fault-points.ts';
import { createInvocation } from './invocation.ts';
import { createDurableRunner, type DurableRunner } from './runner.ts';
import { runtimeOperations } from './runtime-operations.ts';
import { createStarter } from './starter.ts';
import { createDurableTimers } from './timers.ts';

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
  const timers = createDurableTimers(clock, (arn) => runner.wake(executions.get(arn)));
  const faults = createFaultPoints();
  const crashes = createCrashWatch(report);
  let isStopped = false;
  const settings = createDurableSettings();

  const announcements = createAnnouncements({
    ...options,
    runningCount: (functionName) =>
      executions
        .all()
        .filter(({ status, target }) => status === 'RUNNING' && target.configuration.name === functionName).length,
  });
  const invokeOnce = createInvocation({
    clock,
    faults,
    execute,
    pageSize: () => settings.pageSize,
    disturb: (execution) => settings.disturb(execution),
    onThrottle: (name) => publishLambdaMetric(cloudWatch, name, 'Throttles', 1),
    onKill: crashes.expect,
  });
  const runner: DurableRunner = createDurableRunner({
    clock,
    timers,
    faults,
    announcements,
    invokeOnce,
    activity,
    crashDelayMs: (crashCount) => settings.crashDelayMs(crashCount),
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
    ...settingControls(settings),
    nextTimerAtMs: timers.nextAtMs,
    failures: () => failures,
  };
  return {
    controls,
    start: starter.start,
    operations: {
      ...runtimeOperations({ executions, checkpoint, pageSize: () => settings.pageSize }),
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
