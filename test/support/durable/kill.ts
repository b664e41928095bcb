import { draw } from '../depth.ts';
import {
  type DurableRun,
  type DurableTrial,
  type Effects,
  runKilled,
  runWhole,
  type TrialWorld,
} from './killed-run.ts';
import { dealOut, type Kill, killsOf } from './places.ts';
import { type DurableTrace, differences } from './trace.ts';

type KillFinding = {
  /** `replay-unsafe`: something between steps asks the clock, chance or the environment. */
  readonly kind: 'replay-unsafe' | 'other-end' | 'other-effects' | 'not-broken';
  /** Where it was killed. */
  readonly at: string;
  readonly message: string;
};

export type KillReport = {
  readonly findings: readonly KillFinding[];
  /** Where it can be killed. */
  readonly places: readonly string[];
  /** Where it was killed: all places, or those drawn. */
  readonly killedAt: readonly string[];
  /** Of the run that nobody killed. */
  readonly trace: DurableTrace;
  readonly operationCount: number;
  readonly checkpointCount: number;
  readonly invocationCount: number;
  readonly effects: Effects;
};

const minuteMs = 60_000;

/**
 * Runs a packaged durable function once as it is, and killed at every checkpoint, before it is kept and after, at every
 * start of a process, and with every answer lost that a process gave; where a number is given, only at so many of these
 * places. A killed run must end in the same result, with the
 * same operations and the same effects. Time and chance between steps are others in each invocation of each run, so that
 * a line which asks them there shows as a difference, even without a kill.
 */
export async function killEverywhere<World extends TrialWorld>(trial: DurableTrial<World>): Promise<KillReport> {
  const { toleranceMs = minuteMs, parallelRuns = 4, killsPerRun = 1 } = trial;
  const whole = await runWhole(trial);
  const twin = await runKilled(trial, 1, []);
  const places = killsOf(whole.checkpoints, whole.execution.usage.invocationCount);
  const kills = drawPlaces(places, trial);
  const report = (findings: readonly KillFinding[], killedAt: readonly string[]): KillReport => ({
    findings,
    places: places.map(({ name }) => name),
    killedAt,
    trace: whole.trace,
    operationCount: whole.execution.usage.operationCount,
    checkpointCount: whole.execution.usage.checkpointCount,
    invocationCount: whole.execution.usage.invocationCount,
    effects: whole.effects,
  });
  const left = ({ trace, effects }: DurableRun) => ({ ...trace, effects });
  const unsafe = differences(left(whole), left(twin), toleranceMs);
  if (unsafe.length > 0)
    return report([{ kind: 'replay-unsafe', at: 'nowhere: two whole runs differ', message: unsafe.join('\n') }], []);
  const groups = dealOut(kills, killsPerRun);
  const findings: (readonly KillFinding[])[] = [];
  let runNumber = 1;
  const tryOut = async (group: readonly Kill[]): Promise<readonly KillFinding[]> => {
    runNumber += 1;
    return judge(group, whole, await runKilled(trial, runNumber, group), toleranceMs);
  };
  const waiting = [...groups.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
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

/** In the run's order, so that the places of a group are far from one another. */
function drawPlaces(
  places: readonly Kill[],
  { drawnCount = places.length, rather }: Pick<DurableTrial<TrialWorld>, 'drawnCount' | 'rather'>,
): readonly Kill[] {
  const isWanted = ({ name }: Kill): boolean => rather?.places.test(name) === true;
  const [wanted, others] = [places.filter(isWanted), places.filter((place) => !isWanted(place))];
  const drawn = new Set([...draw(others, drawnCount), ...draw(wanted, rather?.drawnCount ?? 0)]);
  return places.filter((place) => drawn.has(place));
}

function judge(
  kills: readonly Kill[],
  whole: DurableRun,
  killed: DurableRun,
  toleranceMs: number,
): readonly KillFinding[] {
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
  const effects = differences(whole.effects, killed.effects, toleranceMs);
  if (effects.length > 0) findings.push({ kind: 'other-effects', at, message: effects.join('\n') });
  if (replays.length > 0) findings.push({ kind: 'replay-unsafe', at, message: replays.join('\n') });
  if (ends.length > 0) findings.push({ kind: 'other-end', at, message: ends.join('\n') });
  return findings;
}
