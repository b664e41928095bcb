import type { Policy } from '../../../../shared/core/policy.ts';
import type { StorageFacts } from './facts.ts';

/** MSK's limits of a volume: 16 TiB; a target of more than 100 GiB; 10 GiB at least a step (MSK Developer Guide, "Manual scaling"). */
const mskMostGiB = 16_384;
const mskLeastTargetGiB = 101;
const mskLeastStepGiB = 10;

/** A policy whose runbook names a threshold and no step gets RUNBOOK C5's: +100 GB, 1 TB a broker at most. */
const defaultStorage = { stepGiB: 100, maxVolumeGiB: 1000 } as const;

/** A lock may last 24 h and more; then somebody has to notice, decide and wait for the change: a quarter on top. */
const lockHours = 24;
const marginHours = 6;
export const coveredHours = lockHours + marginHours;

/** At least a tenth of the volume; where growth is unknown the margin is twice as wide. */
const leastPart = 10;
const leastPartUnknown = 5;

/**
 * A step as it would be taken.
 *
 * @property covers whether the used share stays within the threshold until the next change is surely allowed; `unknown`
 *   where growth is
 * @property neededGiB the volume that would cover it; absent where growth is unknown
 */
export type Step = {
  readonly toGiB: number;
  readonly ceilingGiB: number;
  readonly covers: 'yes' | 'no' | 'unknown';
  readonly neededGiB?: number;
  readonly growthGiBPerHour?: number;
};

/** The size that no volume passes: the policy's, and MSK's. */
const ceilingGiBOf = ({ storage }: Pick<Policy, 'storage'>): number =>
  Math.min(storage?.maxVolumeGiB ?? defaultStorage.maxVolumeGiB, mskMostGiB);

/**
 * The next size of every volume, whole GiB (C5, RUNBOOK 6.8): the largest of the policy's step, 10 % and the growth of 30
 * hours at its 95th percentile, on the broker that needs most; never above the policy's maximum and MSK's.
 *
 * @param thresholdPercent what the used share must not pass before the next change is allowed
 * @returns undefined where the ceiling leaves no step that MSK accepts
 */
export function planStep(
  { volumeGiB, disks }: Pick<StorageFacts, 'volumeGiB' | 'disks'>,
  policy: Pick<Policy, 'storage'>,
  thresholdPercent: number,
): Step | undefined {
  const ceilingGiB = ceilingGiBOf(policy);
  if (ceilingGiB < Math.max(volumeGiB + mskLeastStepGiB, mskLeastTargetGiB)) return undefined;
  const percentPerHour = disks.map(({ growth }) => growth?.percentPerHour);
  const isGrowthKnown = !percentPerHour.includes(undefined);
  const needs = disks.map(({ usedPercent, growth }) => {
    const usedPercentThen = usedPercent + (growth?.percentPerHour ?? 0) * coveredHours;
    return thresholdPercent > 0
      ? Math.ceil((volumeGiB * usedPercentThen) / thresholdPercent)
      : Number.POSITIVE_INFINITY;
  });
  const neededGiB = Math.max(...needs);
  const stepGiB = policy.storage?.stepGiB ?? defaultStorage.stepGiB;
  const partGiB = volumeGiB / (isGrowthKnown ? leastPart : leastPartUnknown);
  const leastGiB = Math.max(volumeGiB + Math.max(stepGiB, partGiB, mskLeastStepGiB), mskLeastTargetGiB);
  const toGiB = Math.floor(Math.min(Math.ceil(Math.max(leastGiB, neededGiB)), ceilingGiB));
  if (!isGrowthKnown) return { toGiB, ceilingGiB, covers: 'unknown' };
  const fastest = Math.max(...percentPerHour.map((percent) => percent ?? 0));
  return {
    toGiB,
    ceilingGiB,
    covers: toGiB >= neededGiB ? 'yes' : 'no',
    ...(Number.isFinite(neededGiB) && { neededGiB }),
    growthGiBPerHour: (volumeGiB * fastest) / 100,
  };
}
