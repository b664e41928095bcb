import type { OperationUpdate } from '@aws-sdk/client-lambda';
import type { DurableExecution } from '../../local/aws/services/lambda/durable/execution.ts';
import type { FaultChoice, FaultPoint } from '../../local/aws/services/lambda/durable/fault-points.ts';
import type { Lambda } from '../../local/aws/services/lambda/lambda.ts';
import type { ManualClock } from '../../local/clock.ts';
import { type DurableTrace, differences, traceOf } from './durable-trace.ts';

/** A world of one run's own, on a manual clock, in which the packaged function is deployed. */
export type TrialWorld = {
  readonly lambda: Lambda;
  readonly clock: ManualClock;
  readonly close: () => Promise<void>;
};

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
   * Counts what must not happen twice, by a name of its own: acts that were accepted, distinct objects, messages. What is
   * harmless twice is not counted. A killed run must count the same as the one that nobody killed.
   */
  readonly countEffects: (world: World) => Readonly<Record<string, number>>;
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
};

export type KillFinding = {
  /** `replay-unsafe`: something between steps asks the clock, chance or the environment. */
  readonly kind: 'replay-unsafe' | 'other-end' | 'other-effects' | 'not-broken';
  /** Where it was killed. */
  readonly at: string;
  readonly message: string;
};

export type KillReport = {
  readonly findings: readonly KillFinding[];
  /** Where it was killed, each in a run of its own. */
  readonly killedAt: readonly string[];
  /** Of the run that nobody killed. */
  readonly trace: DurableTrace;
  readonly operationCount: number;
  readonly checkpointCount: number;
  readonly invocationCount: number;
  readonly effects: Readonly<Record<string, number>>;
};

/** A place where a run is to be killed: an operation's nth update of a kind, or the start of an invocation. */
type Kill = { readonly name: string; readonly isHit: (seen: Seen) => boolean };
/** A fault point with the names of its updates. */
type Seen = FaultPoint & { readonly keys: readonly string[] };
type Run = {
  readonly execution: DurableExecution;
  readonly trace: DurableTrace;
  readonly effects: Readonly<Record<string, number>>;
  /** Where it was to be killed and did not come. */
  readonly missed: readonly string[];
  /** The keys of the last update of each checkpoint. */
  readonly checkpoints: readonly string[];
};

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** More pauses than any execution within its 3,000 operations. */
const mostPauses = 4000;

/**
 * Runs a packaged durable function once as it is, and once more for every checkpoint, killed before it is kept and after,
 * and for every start of a process. Every killed run must end in the same result, with the same operations and the same
 * effects. Time and chance between steps are others in each invocation of each run, so that a line which asks them there
 * shows as a difference, even without a kill.
 */
export async function killEverywhere<World extends TrialWorld>(trial: DurableTrial<World>): Promise<KillReport> {
  const { toleranceMs = minuteMs, parallelRuns = 4, killsPerRun = 1 } = trial;
  const whole = await runOnce(trial, 0, []);
  const twin = await runOnce(trial, 1, []);
  const report = (findings: readonly KillFinding[], killedAt: readonly string[]): KillReport => ({
    findings,
    killedAt,
    trace: whole.trace,
    operationCount: whole.execution.usage.operationCount,
    checkpointCount: whole.execution.usage.checkpointCount,
    invocationCount: whole.execution.usage.invocationCount,
    effects: whole.effects,
  });
  const unsafe = differences(whole.trace, twin.trace, toleranceMs);
  if (unsafe.length > 0)
    return report([{ kind: 'replay-unsafe', at: 'nowhere: two whole runs differ', message: unsafe.join('\n') }], []);
  const kills = killsOf(whole);
  const groups = dealOut(kills, killsPerRun);
  const findings: (readonly KillFinding[])[] = [];
  let runNumber = 1;
  const tryOut = async (group: readonly Kill[]): Promise<readonly KillFinding[]> => {
    runNumber += 1;
    return judge(group, whole, await runOnce(trial, runNumber, group), toleranceMs);
  };
  const left = [...groups.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, group] = next;
      const found = await tryOut(group);
      const alone: KillFinding[] = [];
      if (found.length > 0 && group.length > 1) for (const kill of group) alone.push(...(await tryOut([kill])));
      findings[index] = alone.length > 0 ? alone : found;
    }
  };
  await Promise.all(Array.from({ length: parallelRuns }, work));
  return report(
    findings.flat(),
    kills.map(({ name }) => name),
  );
}

/** Every nth place into one run, so that the places of a run are far from one another. */
const dealOut = (kills: readonly Kill[], killsPerRun: number): readonly (readonly Kill[])[] => {
  const runCount = Math.ceil(kills.length / killsPerRun);
  return Array.from({ length: runCount }, (_, run) => kills.filter((_kill, index) => index % runCount === run));
};

/** One run as it is, with what it used up. */
export const runWhole = async <World extends TrialWorld>(trial: DurableTrial<World>) => runOnce(trial, 0, []);

function killsOf({ checkpoints, execution }: Run): readonly Kill[] {
  const starts = Array.from({ length: execution.usage.invocationCount }, (_, index) => ({
    name: `the start of invocation ${index + 1}`,
    isHit: ({ point, invocationNumber }: Seen) => point === 'invoked' && invocationNumber === index + 1,
  }));
  const around = checkpoints.flatMap((key) => [
    { name: `before ${key} is kept`, isHit: ({ point, keys }: Seen) => point === 'checkpoint' && keys.includes(key) },
    { name: `after ${key} is kept`, isHit: ({ point, keys }: Seen) => point === 'checkpointed' && keys.includes(key) },
  ]);
  return [...starts, ...around];
}

function judge(kills: readonly Kill[], whole: Run, killed: Run, toleranceMs: number): readonly KillFinding[] {
  const at = kills.map(({ name }) => name).join('; ');
  const findings: KillFinding[] = killed.missed.map((name) => ({
    kind: 'not-broken',
    at: name,
    message: 'the run never came there',
  }));
  const { operations: ours, ...end } = whole.trace;
  const { operations: theirs, ...otherEnd } = killed.trace;
  const ends = differences(end, otherEnd, toleranceMs);
  const replays = differences(ours, theirs, toleranceMs, 'operations');
  const effects = differences(whole.effects, killed.effects, 0);
  if (effects.length > 0) findings.push({ kind: 'other-effects', at, message: effects.join('\n') });
  if (replays.length > 0) findings.push({ kind: 'replay-unsafe', at, message: replays.join('\n') });
  if (ends.length > 0) findings.push({ kind: 'other-end', at, message: ends.join('\n') });
  return findings;
}

async function runOnce<World extends TrialWorld>(
  trial: DurableTrial<World>,
  runNumber: number,
  kills: readonly Kill[],
): Promise<Run> {
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
    return { execution, trace, effects: trial.countEffects(world), missed, checkpoints };
  } finally {
    await world.close();
  }
}

/** Names each update of a checkpoint by its operation, its action and how many of that pair are kept with it. */
function keysOf({ point, updates }: FaultPoint, kept: Map<string, number>): readonly string[] {
  return updates.map((update: OperationUpdate) => {
    const pair = `${update.Type} ${update.Action} of ${update.Name ?? update.Id} (${update.Id?.slice(0, 6)})`;
    const count = (kept.get(pair) ?? 0) + 1;
    if (point === 'checkpointed') kept.set(pair, count);
    return `${pair} #${count}`;
  });
}

/** Moves the clock from one pause to the next. */
async function untilItEnds<World extends TrialWorld>(
  { whileWaiting, executionName = 'trial' }: DurableTrial<World>,
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
