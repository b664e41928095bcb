import type { Disturbance } from '../../../lambda-runtime/messages.ts';
import type { DurableExecution } from './execution.ts';
import type { FaultPoints } from './fault-points.ts';
import type { DurableEnd } from './runner.ts';

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

/** Lambda's own limits of an event and a page are not documented; the sizes only decide how often a function asks. */
const defaultPageSize = 1000;
/** AWS backs off after a crash by rules that it does not publish: 1 s, then twice as long each time, up to a minute. */
const defaultCrashDelayMs = (crashCount: number): number => Math.min(1000 * 2 ** crashCount, 60_000);

/** What of Lambda's behaviour a test or a drill may choose, as it is chosen now. */
export type DurableSettings = {
  pageSize: number;
  crashDelayMs: (crashCount: number) => number;
  disturb: (execution: DurableExecution) => Disturbance | undefined;
};

/** Lambda as it is, nearly. */
export const createDurableSettings = (): DurableSettings => ({
  pageSize: defaultPageSize,
  crashDelayMs: defaultCrashDelayMs,
  disturb: () => undefined,
});

export const settingControls = (
  settings: DurableSettings,
): Pick<DurableControls, 'disturb' | 'setCrashDelay' | 'setPageSize'> => ({
  disturb: (choose) => {
    settings.disturb = choose ?? (() => undefined);
  },
  setCrashDelay: (delayMs) => {
    settings.crashDelayMs = delayMs ?? defaultCrashDelayMs;
  },
  setPageSize: (operations) => {
    settings.pageSize = operations;
  },
});
