import type { CallLog } from '../../../aws/call-log.ts';
import type { DiskSample } from '../../../world/disk-samples.ts';

/** 1 MiB of the brokers' logs stands for 1 GiB of a volume. */
const bytesPerVolumeGiB = 1024 * 1024;

/** The fullest of all disks at the last moment that was published; undefined before the first. */
export function fullestDisk(samples: readonly DiskSample[]): DiskSample | undefined {
  const newest = samples.at(-1);
  return samples
    .filter(({ clockMs }) => clockMs === newest?.clockMs)
    .reduce<DiskSample | undefined>(
      (worst, one) => (worst === undefined || one.usedPercent > worst.usedPercent ? one : worst),
      undefined,
    );
}

/** Bytes that must come to every disk until the fullest is at so many percent of the volume; none where it is. */
export function bytesUntil(percent: number, { usedPercent, volumeGiB }: DiskSample): number {
  return Math.max(0, Math.ceil(((percent - usedPercent) / 100) * volumeGiB * bytesPerVolumeGiB));
}

type Call = Pick<CallLog['all'][number], 'service' | 'operation' | 'outcome' | 'roleName' | 'requestId'>;

/** Calls that would enlarge volumes, by anybody, in their order. */
export const storageUpdates = <Each extends Call>(calls: readonly Each[]): readonly Each[] =>
  calls.filter(
    ({ service, operation }) => service === 'kafka' && ['UpdateBrokerStorage', 'UpdateStorage'].includes(operation),
  );

/** Those that MSK took. */
export const acceptedUpdates = <Each extends Call>(calls: readonly Each[]): readonly Each[] =>
  storageUpdates(calls).filter(({ outcome }) => outcome === 'ok');

/** One audit record as it lies in the bucket, as far as a drill judges it. */
export type KeptAct = {
  readonly cause: string;
  readonly mode: string;
  readonly decision: string | undefined;
  readonly action: string;
  readonly requestId: string | undefined;
  readonly tryCount: number;
};

/** Reads a record as it came from the packaged function; undefined for what is none. */
export function keptActOf(document: unknown): KeptAct | undefined {
  const { cause, mode, plan, tries, end } = recordOf(document);
  const { action } = recordOf(plan);
  const { decision, requestId } = recordOf(end);
  if (typeof cause !== 'string' || typeof mode !== 'string' || typeof action !== 'string' || !Array.isArray(tries))
    return undefined;
  return {
    cause,
    mode,
    action,
    decision: typeof decision === 'string' ? decision : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    tryCount: tries.length,
  };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Messages to people that say how long the disk lasts: `is full in 3.2 h`, `is full in 41 min`. */
export const tellsHoursToFull = (message: string): boolean => /\bfull in \d+(\.\d+)? (h|min)\b/.test(message);
