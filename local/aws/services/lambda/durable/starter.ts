import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../clock.ts';
import { AwsError } from '../../../service.ts';
import type { ResolvedFunction } from '../function-registry.ts';
import type { Activity } from './activity.ts';
import type { Announcements } from './announcements.ts';
import { createExecution, type DurableExecution, type ExecutionStart } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import { recordEvent } from './history.ts';
import { invalid } from './limits.ts';
import type { DurableRunner } from './runner.ts';
import type { DurableTimers } from './timers.ts';

type DurableStart = {
  readonly target: ResolvedFunction;
  readonly payload: string;
  /** Lambda draws one where nobody gave it. */
  readonly name: string | undefined;
  readonly start: ExecutionStart;
};

export type DurableStarter = {
  /**
   * Starts an execution, or joins the one that already has the name and the same payload, also after its end and
   * whatever its end, until its retention is over. Source: Developer Guide, "Idempotency".
   *
   * @throws AwsError DurableExecutionAlreadyStartedException (409) for the name with another payload
   * @throws AwsError InvalidParameterValueException for a malformed name, or for a synchronous start of a function whose
   *   executions may take longer than 15 minutes
   */
  readonly start: (start: DurableStart) => DurableExecution;
};

const synchronousSeconds = 900;

export function createStarter(options: {
  readonly clock: Clock;
  readonly timers: DurableTimers;
  readonly executions: ExecutionStore;
  readonly runner: DurableRunner;
  readonly announcements: Announcements;
  readonly activity: Activity;
}): DurableStarter {
  const { clock, timers, executions, runner, announcements, activity } = options;
  return {
    start({ target, payload, name = randomUUID(), start }) {
      const { durable, name: functionName } = target.configuration;
      if (durable === undefined) throw new Error(`${functionName} is no durable function`);
      if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name))
        throw invalid(`DurableExecutionName must match [a-zA-Z0-9-_]{1,64}: ${JSON.stringify(name)}`);
      if (start.kind === 'sync' && durable.executionTimeoutSeconds > synchronousSeconds)
        throw invalid(
          `You cannot synchronously invoke a durable function with an executionTimeout greater than ${synchronousSeconds / 60} minutes.`,
        );
      const known = executions.named(functionName, name);
      if (known !== undefined) {
        if (known.payload === payload) return known;
        const message = `The durable execution ${name} has already been started with another payload.`;
        throw new AwsError('DurableExecutionAlreadyStartedException', 409, message, { Type: 'User' });
      }
      const nowMs = clock.nowMs();
      const execution = createExecution({ target, name, payload, start, nowMs });
      executions.add(execution);
      recordEvent(execution, nowMs, {
        EventType: 'ExecutionStarted',
        Id: execution.operations.all()[0]?.Id,
        Name: name,
        ExecutionStartedDetails: {
          Input: { Payload: payload, Truncated: false },
          ExecutionTimeout: durable.executionTimeoutSeconds,
        },
      });
      timers.set(execution.arn, 'execution', nowMs + durable.executionTimeoutSeconds * 1000, () =>
        runner.end(execution, {
          status: 'TIMED_OUT',
          error: { ErrorType: 'Timeout', ErrorMessage: 'Execution timed out' },
        }),
      );
      activity.inBackground(announcements.started(execution));
      activity.inBackground(runner.wake(execution));
      return execution;
    },
  };
}
