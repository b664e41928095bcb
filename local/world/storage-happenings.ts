import type { StandIn } from '../aws/stand-in.ts';
import type { ToldMoment } from '../drill/timeline.ts';

/** What of the stand-in is watched. */
export type WatchedStorage = Pick<StandIn['msk'], 'cluster' | 'operations'>;

/**
 * Reads what is new of a cluster's storage since the last call: the size of its volumes, its state, and its operations.
 * The first call tells how things stand.
 */
export const watchStorage = (msk: WatchedStorage, clusterArn: string): (() => readonly ToldMoment[]) => {
  const told = new Map<string, string>();
  const isNew = ({ subject, label }: ToldMoment): boolean => {
    const isOld = told.get(subject) === label;
    told.set(subject, label);
    return !isOld;
  };
  const ended = new Set(endedOf(msk, clusterArn).map(({ arn }) => arn));
  return () => {
    const { volumeGiB, state, storageLockedUntilMs } = msk.cluster(clusterArn);
    const isActive = state === 'ACTIVE';
    const moments: ToldMoment[] = [
      { lane: 'storage', subject: 'volumes', label: `${volumeGiB ?? 'no'} GiB a broker`, tone: 'good' },
      { lane: 'storage', subject: 'cluster', label: `cluster ${state}`, tone: isActive ? 'good' : 'warn' },
    ];
    if (storageLockedUntilMs !== undefined) {
      const label = `locked until ${new Date(storageLockedUntilMs).toISOString().slice(0, 16).replace('T', ' ')}`;
      moments.push({ lane: 'storage', subject: 'lock of storage', label, tone: 'neutral' });
    }
    const operations = endedOf(msk, clusterArn).flatMap(({ arn, type, state: end, startMs, endMs = startMs }) => {
      if (ended.has(arn)) return [];
      ended.add(arn);
      const tone = end === 'UPDATE_COMPLETE' ? ('good' as const) : ('bad' as const);
      const label = `MSK operation ${type} from ${timeOf(startMs)} to ${timeOf(endMs)}: ${end}`;
      return [{ lane: 'acts' as const, subject: 'MSK operations', label, tone, clockMs: endMs }];
    });
    return [...moments.filter(isNew), ...operations];
  };
};

const endedOf = (msk: WatchedStorage, clusterArn: string) =>
  msk.operations(clusterArn).filter(({ endMs }) => endMs !== undefined);

/** `09:12` of the world's clock. */
const timeOf = (clockMs: number): string => new Date(clockMs).toISOString().slice(11, 16);
