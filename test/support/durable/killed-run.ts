import type { DurableExecution } from '../../../local/aws/services/lambda/durable/execution.ts';
import type { FaultChoice } from '../../../local/aws/services/lambda/durable/fault-points.ts';
import type { Lambda } from '../../../local/aws/services/lambda/lambda.ts';
import type { ManualClock } from '../../../local/clock.ts';
import { type Kill, keysOf } from './places.ts';
import { type DurableTrace, maskDrawn, traceOf } from './trace.ts';

/** A world of one run's own, on a manual clock, in which the packaged function is deployed. */
export type TrialWorld = {
  readonly lambda: Lambda;
  readonly clock: ManualClock;
  readonly close: () => Promise<void>;
};

/** By a name of its own; compared as JSON, instants within the tolerance. */
export type Effects = Readonly<Record<string, unknown>>;

/** A durable function on trial. */
export type DurableTrial<World extends TrialWorld> = {
  /** Each time the same world, as if nothing had ever run in it. */
  readonly open: () => Promise<World>;
  /** With its version or alias. */
  readonly functionName: string;
  readonly payload: unknown;
  /** `undefined` is `trial`. */
  readonly executionName?: string;
  /**
   * What the run left in the world, as plain JSON: how many acts were accepted, which objects were written, what was said.
   * What is harmless twice appears once. A killed run must leave the same as the one that nobody killed.
   */
  readonly effectsOf: (world: World) => Effects;
  /** What people do while the execution waits: called at each quiet moment, more than once. */
  readonly whileWaiting?: (world: World, execution: DurableExecution) => Promise<void>;
  /** How far instants may be apart; `undefined` is a minute. */
  readonly toleranceMs?: number;
  /** What the world draws anew in each run, besides UUIDs: versions, ids. */
  readonly mask?: RegExp;
  /** How many runs work at the same time; `undefined` is 4: processes that start and wait leave a core idle. */
  readonly parallelRuns?: number;
  /**
   * At how many places a run is killed, far from one another; `undefined` is 1. A run that shows something is taken apart:
   * each of its places is tried alone.
   */
  readonly killsPerRun?: number;
  /** At how many of all places it is killed, drawn by the seed, where a check is not deep; `undefined` is all. */
  readonly drawnCount?: number;
  /** Of the places of these names so many more are drawn. */
  readonly rather?: { readonly places: RegExp; readonly drawnCount: number };
};

export type DurableRun = {
  readonly execution: DurableExecution;
  readonly trace: DurableTrace;
  readonly effects: Effects;
  /** Where it was to be killed and did not come. */
  readonly missed: readonly string[];
  /** The keys of the last update of each checkpoint. */
  readonly checkpoints: readonly string[];
};

const dayMs = 86_400_000;
/** More pauses than any execution within its 3,000 operations. */
const mostPauses = 4000;

/** One run as it is, with what it used up. */
export const runWhole = async <World extends TrialWorld>(trial: DurableTrial<World>): Promise<DurableRun> =>
  runKilled(trial, 0, []);

/**
 * One run in a world of its own, killed at these places. Time and chance between steps are others than in any other run.
 *
 * @param runNumber tells the runs of a trial from one another
 */
export async function runKilled<World extends TrialWorld>(
  trial: DurableTrial<World>,
  runNumber: number,
  kills: readonly Kill[],
): Promise<DurableRun> {
  const world = await trial.open();
  const { lambda } = world;
  const { durable } = lambda;
  const kept = new Map<string, number>();
  const checkpoints: string[] = [];
  const left = new Set(kills);
  durable.setCrashDelay(() => 0);
  durable.disturb(({ usage }) => ({
    dateShiftMs: (runNumber * 100 + usage.invocationCount) * 3 * dayMs,
    seed: runNumber * 10_000 + usage.invocationCount,
  }));
  durable.faults.inject((point): FaultChoice => {
    const keys = keysOf(point, kept);
    const last = keys.at(-1);
    if (point.point === 'checkpointed' && last !== undefined) checkpoints.push(last);
    const hit = [...left].find((kill) => kill.isHit({ ...point, keys }));
    if (hit === undefined) return undefined;
    left.delete(hit);
    return 'kill';
  });
  try {
    await lambda.invoke({
      functionName: trial.functionName,
      payload: Buffer.from(JSON.stringify(trial.payload)),
      invocationType: 'Event',
      durableExecutionName: trial.executionName ?? 'trial',
    });
    const execution = await untilItEnds(trial, world);
    const missed = [...left].map(({ name }) => name);
    const trace = traceOf(execution, trial.mask);
    return { execution, trace, effects: maskDrawn(trial.effectsOf(world), trial.mask), missed, checkpoints };
  } finally {
    await world.close();
  }
}

/** Moves the clock from one pause of an execution to the next, to its end. */
export async function untilItEnds<World extends TrialWorld>(
  { whileWaiting, executionName = 'trial' }: Pick<DurableTrial<World>, 'whileWaiting' | 'executionName'>,
  world: World,
): Promise<DurableExecution> {
  const { lambda, clock } = world;
  for (let pauses = 0; pauses < mostPauses; pauses += 1) {
    await lambda.idle();
    const execution = lambda.durable.executions().find(({ name }) => name === executionName);
    if (execution === undefined) throw new Error('the execution is gone');
    if (execution.status !== 'RUNNING') return execution;
    await whileWaiting?.(world, execution);
    await lambda.idle();
    const nextMs = lambda.durable.nextTimerAtMs();
    if (execution.status === 'RUNNING' && nextMs === undefined) throw new Error('the execution waits for nothing');
    if (nextMs !== undefined) await clock.advanceTo(Math.max(nextMs, clock.nowMs()));
  }
  throw new Error(`the execution did not end within ${mostPauses} pauses`);
}
