import { DependencyError } from '../../../shared/core/errors.ts';
import type { Announcement, Look, StorageScalingResult } from './core/model.ts';
import type { LookMemory } from './core/observation.ts';
import type { Durable, EpisodeInput, Ports } from './ports.ts';

/** What a run knows of itself. Every change comes out of a step's value, so a replay makes the same memory. */
export type RunMemory = {
  looks: number;
  attempts: number;
  holdCount: number;
  calmCount: number;
  firstVolumeGiB: number | undefined;
  optimizing: { readonly count: number; readonly lastAtMs: number } | undefined;
  stoppedBy: string | undefined;
  refusals: number;
  uncertain: number;
  approved:
    | { readonly by: string; readonly atMs: number; readonly fromGiB: number; readonly toGiB: number }
    | undefined;
  readonly announced: Set<string>;
  hasToldPeople: boolean;
  readonly undeliveredByName: Map<string, string>;
};

export const newMemory = (): RunMemory => ({
  looks: 0,
  attempts: 0,
  holdCount: 0,
  calmCount: 0,
  firstVolumeGiB: undefined,
  optimizing: undefined,
  stoppedBy: undefined,
  refusals: 0,
  uncertain: 0,
  approved: undefined,
  announced: new Set(),
  hasToldPeople: false,
  undeliveredByName: new Map(),
});

export const lookMemoryOf = ({
  holdCount,
  calmCount,
  firstVolumeGiB,
  optimizing,
  stoppedBy,
}: RunMemory): LookMemory => ({
  holdCount,
  calmCount,
  ...(firstVolumeGiB !== undefined && { firstVolumeGiB }),
  ...(optimizing !== undefined && { optimizing }),
  ...(stoppedBy !== undefined && { stoppedBy }),
});

/** One run: what it was started with, its durable calls, its outside, what it remembers. */
export type Run = {
  readonly input: EpisodeInput;
  readonly durable: Durable;
  readonly ports: Ports;
  readonly memory: RunMemory;
};

/**
 * Tells once what `key` names: people in one step, the bus in another. What cannot be told never stops an act; it is tried
 * again where it is still true at a later look, and fails the run at its end where it never was told.
 */
export async function announce(
  run: Run,
  key: string,
  { atMs }: Pick<Look, 'atMs'>,
  announcement: Announcement,
  hears: 'people' | 'bus' = 'people',
): Promise<void> {
  if (hears === 'people') {
    run.memory.hasToldPeople = true;
    await tell(run, peopleKey(key), () => run.ports.notify(announcement, atMs));
  }
  await tell(run, `event ${key}`, () => run.ports.publish(announcement, atMs));
}

/** Whether people heard what `key` names. */
export const hasTold = ({ announced }: RunMemory, key: string): boolean => announced.has(peopleKey(key));

const peopleKey = (key: string): string => `notify ${key}`;

async function tell({ durable, memory }: Run, name: string, send: () => Promise<void>): Promise<void> {
  if (memory.announced.has(name)) return;
  try {
    await durable.step(name, () => send().then(() => null));
    memory.announced.add(name);
    memory.undeliveredByName.delete(name);
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    memory.undeliveredByName.set(name, error.message);
    await durable.transition('not-told', { what: name });
  }
}

/**
 * The run's end: one transition, and an error where something could not be told, so that the execution's own alarm tells.
 *
 * @throws DependencyError naming what was not told
 */
export async function finish(
  { durable, memory }: Run,
  outcome: StorageScalingResult['outcome'],
  reason: string,
  more: Pick<StorageScalingResult, 'fromGiB' | 'toGiB' | 'operationArn'> = {},
): Promise<StorageScalingResult> {
  const { looks, attempts, undeliveredByName } = memory;
  const undelivered = [...undeliveredByName.values()];
  await durable.transition(outcome, { reason, looks, attempts, undelivered: undelivered.length });
  if (undelivered.length > 0) {
    const problems = undelivered.join('; ');
    throw new DependencyError('storage-scaling', 'failed', `${outcome} (${reason}), but not told: ${problems}`);
  }
  return { outcome, reason, looks, attempts, ...more };
}
