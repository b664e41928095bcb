import { isAhead, speaksOfNow } from '../../../../shared/core/clocks.ts';
import type { NotKnown } from '../../../../shared/core/known.ts';
import { metricFreshMs } from '../../../../shared/core/metric-catalogue.ts';
import type { MskOperation } from '../../../../shared/core/msk-model.ts';
import type { Sample } from '../../../../shared/core/policy.ts';
import { hourMs } from '../../../../shared/core/units.ts';
import { forecastGrowth, forecastHoursToFull, forecastPace, type Rate } from './growth.ts';
import type { BrokerDisk, ClusterStorage, StorageObservation } from './observation.ts';
import { isOfStorage, isUnderWay, nameOperation } from './operations.ts';

/** After a storage change MSK accepts no other for 6 h at least, and the optimisation can take 24 h and more (RUNBOOK 6.8). */
const heldMs = 6 * hourMs;
const uncertainMs = 24 * hourMs;

/** MSK's storage lock, which no API shows: it is worked out from the history of operations. */
type StorageLock =
  | { readonly state: 'free' }
  /** An earlier change may still be optimising: trying is allowed, and MSK's refusal is the truth. */
  | { readonly state: 'uncertain'; readonly uncertainUntilMs: number }
  | { readonly state: 'held'; readonly heldUntilMs: number; readonly uncertainUntilMs: number }
  | { readonly state: 'unknown'; readonly why: string };
export type LockState = StorageLock['state'];

/** How long storage stays locked after the last change that ended. A failed change is held like one that succeeded. */
export function evaluateLock(operations: readonly MskOperation[], nowMs: number): StorageLock {
  const ends = operations
    .filter((operation) => isOfStorage(operation) && !isUnderWay(operation))
    .map((operation) => ({ operation, atMs: operation.endedAtMs ?? operation.startedAtMs }));
  const timeless = ends.find(({ atMs }) => atMs === undefined);
  if (timeless !== undefined) {
    return { state: 'unknown', why: `MSK does not say when ${nameOperation(timeless.operation)} ended` };
  }
  const ahead = ends.find(({ atMs = 0 }) => isAhead(atMs, nowMs));
  if (ahead !== undefined) {
    const why = `MSK says that ${nameOperation(ahead.operation)} ended at ${new Date(ahead.atMs ?? 0).toISOString()}, which is still to come`;
    return { state: 'unknown', why };
  }
  const lastMs = Math.max(...ends.map(({ atMs }) => atMs ?? 0), Number.NEGATIVE_INFINITY);
  const [heldUntilMs, uncertainUntilMs] = [lastMs + heldMs, lastMs + uncertainMs];
  if (nowMs < heldUntilMs) return { state: 'held', heldUntilMs, uncertainUntilMs };
  return nowMs < uncertainUntilMs ? { state: 'uncertain', uncertainUntilMs } : { state: 'free' };
}

/** One broker's data disk, known for certain. */
export type DiskFacts = {
  readonly brokerId: number;
  readonly usedPercent: number;
  readonly lastHour: readonly Sample[];
  /** Absent where the history is too short. */
  readonly growth?: Rate;
  /** The faster of growth and present pace; absent where the disk is not filling, or nobody can tell. */
  readonly filling?: { readonly hoursToFull: number; readonly percentPerHour: number; readonly seenHours: number };
};

/** What an act may be decided on: nothing in here is a guess. */
export type StorageFacts = {
  readonly cluster: ClusterStorage;
  readonly volumeGiB: number;
  readonly operations: readonly MskOperation[];
  /** `unknown` only beside a hold: see `told`. */
  readonly lock: StorageLock;
  readonly disks: readonly DiskFacts[];
  /** All volumes are of one size, so the fullest broker decides. */
  readonly fullest: DiskFacts;
  /** The disk that will be full first; absent where none is filling. */
  readonly firstFull?: DiskFacts;
};

/**
 * `told`: the facts of those brokers that are known, also where nobody knows what else changes storage. Nothing is planned on
 * them, but a page may be.
 */
type FactsOrNot =
  | { readonly facts: StorageFacts }
  | { readonly unknown: string; readonly source?: NotKnown; readonly told?: StorageFacts };

/** The facts of a Standard cluster, or the first thing about it that nobody knows. */
export function compileFacts(
  seen: StorageObservation,
  cluster: ClusterStorage,
  volumeGiB: number,
  nowMs: number,
): FactsOrNot {
  const { operations, lock, unsure } = compileLock(seen, nowMs);
  const source = seen.operations.isKnown ? undefined : seen.operations;
  if (!seen.disks.isKnown) {
    const unknown = unsure ?? `how full the disks are: ${seen.disks.why}`;
    const asked = unsure === undefined ? seen.disks : source;
    return { unknown, ...(asked !== undefined && { source: asked }) };
  }
  const disks = seen.disks.value.map((disk) => ({ id: disk.brokerId, facts: diskFacts(disk, nowMs) }));
  const silent = disks.filter(({ facts }) => facts === undefined).map(({ id }) => id ?? 'without an id');
  const told = disks.flatMap(({ facts }) => facts ?? []);
  const [unread] = seen.disks.value.flatMap((disk) => disk.unread ?? []);
  const unknown =
    unsure ??
    (silent.length > 0
      ? `how full broker ${silent.join(', ')} is: ${unread ?? 'no usable datapoint of the last 10 min'}`
      : `how full every broker is: ${told.length} of ${cluster.brokerCount} are listed`);
  const [first] = told;
  if (first === undefined) return { unknown, ...(source !== undefined && { source }) };
  const fullest = told.reduce((worst, disk) => (disk.usedPercent > worst.usedPercent ? disk : worst), first);
  const [firstFull] = told
    .filter(({ filling }) => filling !== undefined)
    .toSorted((left, right) => hoursToFullOf(left) - hoursToFullOf(right));
  const facts: StorageFacts = {
    cluster,
    volumeGiB,
    operations,
    lock,
    disks: told,
    fullest,
    ...(firstFull !== undefined && { firstFull }),
  };
  const isWhole = unsure === undefined && silent.length === 0 && told.length >= cluster.brokerCount;
  return isWhole ? { facts } : { unknown, told: facts, ...(source !== undefined && { source }) };
}

/** What else changes storage, and until when MSK takes no change; `unsure` where nobody can say. */
function compileLock(
  { operations }: StorageObservation,
  nowMs: number,
): Pick<StorageFacts, 'operations' | 'lock'> & { readonly unsure?: string } {
  if (!operations.isKnown) {
    const { why } = operations;
    return { operations: [], lock: { state: 'unknown', why }, unsure: `the operations of the cluster: ${why}` };
  }
  const lock = evaluateLock(operations.value, nowMs);
  const unsure = lock.state === 'unknown' ? `until when storage is locked: ${lock.why}` : undefined;
  return { operations: operations.value, lock, ...(unsure !== undefined && { unsure }) };
}

const hoursToFullOf = ({ filling }: DiskFacts): number => filling?.hoursToFull ?? Number.POSITIVE_INFINITY;

/** The newest point; undefined where it is too old to say anything of now, or says it of a time that is still to come. */
export const newestOf = (samples: readonly Sample[], nowMs: number): Sample | undefined => {
  const newest = samples.at(-1);
  return newest !== undefined && speaksOfNow(newest.atMs, metricFreshMs, nowMs) ? newest : undefined;
};

/** Undefined where CloudWatch has no fresh point, or a point that is no percentage, and where nobody could ask for it. */
function diskFacts({ brokerId, lastHour, lastDay }: BrokerDisk, nowMs: number): DiskFacts | undefined {
  if (brokerId === undefined) return undefined;
  const isPercent = ({ value }: Sample) => value >= 0 && value <= 100;
  if (![...lastHour, ...lastDay].every(isPercent)) return undefined;
  const newest = newestOf(lastHour, nowMs);
  if (newest === undefined) return undefined;
  const growth = forecastGrowth(lastDay);
  const filling = forecastHoursToFull(newest.value, [growth, forecastPace(lastHour)]);
  return {
    brokerId,
    usedPercent: newest.value,
    lastHour,
    ...(growth !== undefined && { growth }),
    ...(filling !== undefined && { filling }),
  };
}
