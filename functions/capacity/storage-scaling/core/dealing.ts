import type { StorageIncident } from './incident.ts';
import type { Lock } from './model.ts';
import type { StorageJudgement } from './plan.ts';
import { hoursUntil, timeOf } from './words.ts';

/** MSK takes minutes for a small cluster and hours for a large one: a disk that is full sooner is not dealt with. */
const enlargingHours = 6;

type Judged = Pick<StorageJudgement, 'plan' | 'facts'>;

/** Hours until the first disk is full; infinite where none fills, undefined where nobody can tell. */
function hoursLeft({ facts }: Judged): number | undefined {
  if (facts === undefined) return undefined;
  const { firstFull, fullest } = facts;
  if (firstFull?.filling !== undefined) return firstFull.filling.hoursToFull;
  return fullest.growth === undefined ? undefined : Number.POSITIVE_INFINITY;
}

/** The lock that is waited for, where its surest end comes before any disk is full (I3): what nobody can tell does not. */
export function lockDealing(judged: Judged, incident: StorageIncident | undefined, nowMs: number): Lock | undefined {
  const { plan, facts } = judged;
  const isWaiting = plan.reason === 'storage-locked' || plan.reason === 'storage-optimizing';
  const lock = facts?.lock;
  if (!isWaiting || incident !== undefined || (lock?.state !== 'held' && lock?.state !== 'uncertain')) return undefined;
  const untilMs = lock.uncertainUntilMs;
  const hours = hoursLeft(judged);
  if (hours === undefined || hours <= hoursUntil(untilMs, nowMs)) return undefined;
  const what = `storage scaling waits for MSK's storage lock, until ${timeOf(untilMs)} at most`;
  return { fault: 'disk', what, untilMs };
}

/** Whether time remains while MSK enlarges the volumes (I3): where nobody can tell how fast the disk fills none is known to. */
export function hasTimeToEnlarge(judged: Judged, incident: StorageIncident | undefined): boolean {
  const hours = hoursLeft(judged);
  return incident === undefined && hours !== undefined && hours > enlargingHours;
}
