import type { Execution, ExecutionAnswer } from './executor.ts';

type Execute = (execution: Execution) => Promise<ExecutionAnswer>;

/** Invocations whose processes a test or a drill may end, by their function's name. */
export function makeKillable(execute: Execute): {
  readonly execute: Execute;
  /** @returns how many processes of that function ran, and were ended */
  readonly kill: (functionName: string) => number;
} {
  const running = new Set<{ readonly name: string; readonly kill: () => void }>();
  return {
    execute: async (execution) => {
      const { name } = execution.target.configuration;
      const entry = { name, kill: (): void => {} };
      const onStart = (kill: () => void): void => {
        entry.kill = kill;
        running.add(entry);
        execution.onStart?.(kill);
      };
      try {
        return await execute({ ...execution, onStart });
      } finally {
        running.delete(entry);
      }
    },
    kill: (functionName) => {
      const found = [...running].filter(({ name }) => name === functionName);
      for (const { kill } of found) kill();
      return found.length;
    },
  };
}
