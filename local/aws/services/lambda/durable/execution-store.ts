import { AwsError } from '../../../service.ts';
import type { DurableExecution } from './execution.ts';

/** Every execution that is running or retained. */
export type ExecutionStore = {
  readonly add: (execution: DurableExecution) => void;
  readonly forget: (execution: DurableExecution) => void;
  /** @throws AwsError ResourceNotFoundException */
  readonly get: (arn: string) => DurableExecution;
  /** A name belongs to one execution of a function, whatever its version. */
  readonly named: (functionName: string, name: string) => DurableExecution | undefined;
  /** Oldest first. */
  readonly all: () => readonly DurableExecution[];
};

export function createExecutionStore(): ExecutionStore {
  const byArn = new Map<string, DurableExecution>();
  const byName = new Map<string, DurableExecution>();
  const key = (functionName: string, name: string) => `${functionName}/${name}`;
  return {
    add(execution) {
      byArn.set(execution.arn, execution);
      byName.set(key(execution.target.configuration.name, execution.name), execution);
    },
    forget(execution) {
      byArn.delete(execution.arn);
      byName.delete(key(execution.target.configuration.name, execution.name));
    },
    get(arn) {
      const execution = byArn.get(arn);
      if (execution !== undefined) return execution;
      throw new AwsError('ResourceNotFoundException', 404, `Durable execution not found: ${arn}`, { Type: 'User' });
    },
    named: (functionName, name) => byName.get(key(functionName, name)),
    all: () => [...byArn.values()],
  };
}
