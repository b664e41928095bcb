import { hourMs, minuteMs, secondMs } from '../../../shared/core/units.ts';
import { newestOf } from './core/facts.ts';
import { isUnderWay } from './core/lock.ts';
import type { ExpansionOutcome } from './core/model.ts';
import type { BrokerDisk } from './core/observation.ts';
import { ask, fetchFiring } from './look.ts';
import type { BackOff, Ports } from './ports.ts';

/** Minutes for a small cluster, hours for a large one: soon at first, then every five minutes, a day at most. */
export const watchBackOff: BackOff = {
  firstMs: 15 * secondMs,
  factor: 1.5,
  longestMs: 5 * minuteMs,
  maxMs: 24 * hourMs,
};

/** A metric is minutes late and an alarm needs its periods: an hour covers every policy's. */
export const verifyBackOff: BackOff = {
  firstMs: 15 * secondMs,
  factor: 1.5,
  longestMs: 5 * minuteMs,
  maxMs: hourMs,
};

/** How the change stands. */
export type Progress = {
  readonly state: 'under-way' | 'complete' | 'failed';
  readonly detail: string;
};

/** One look at the operation, or at the cluster where there is none to look at; who does not answer has no news. */
export async function fetchProgress(ports: Ports, outcome: ExpansionOutcome): Promise<Progress> {
  const seen = await ask(() => fetchProgressOf(ports, outcome));
  return seen.isKnown ? seen.value : { state: 'under-way', detail: seen.why };
}

async function fetchProgressOf(ports: Ports, { operationArn, toGiB }: ExpansionOutcome): Promise<Progress> {
  if (operationArn !== null) {
    const operation = await ports.fetchOperation(operationArn);
    const detail = operation.errorMessage ?? operation.state;
    if (isUnderWay(operation)) return { state: 'under-way', detail };
    if (operation.state === 'UPDATE_FAILED' || operation.errorMessage !== undefined) return { state: 'failed', detail };
  }
  const { state, volumeGiB, activeOperationArn } = await ports.fetchCluster();
  const isDone = state === 'ACTIVE' && activeOperationArn === undefined && (volumeGiB ?? 0) >= toGiB;
  return { state: isDone ? 'complete' : 'under-way', detail: `${state}, ${volumeGiB ?? 'no'} GiB` };
}

/** What an expansion must have done to count: the size, the disk, the alarm. Null: nobody knows. */
export type Verification = {
  readonly volumeGiB: number | null;
  readonly usedPercent: number | null;
  readonly alarmsFiring: readonly string[] | null;
  readonly isVerified: boolean;
};

/** Whether the volumes have the size, every disk is within the threshold and no disk alarm of ours is left in ALARM. */
export async function fetchVerification(ports: Ports, toGiB: number, thresholdPercent: number): Promise<Verification> {
  const atMs = ports.nowMs();
  const [cluster, disks, alarms] = await Promise.all([
    ask(ports.fetchCluster),
    ask(() => ports.fetchDisks(atMs, 0)),
    ask(() => fetchFiring(ports)),
  ]);
  const volumeGiB = cluster.isKnown ? (cluster.value.volumeGiB ?? null) : null;
  const usedPercent = cluster.isKnown && disks.isKnown ? fullestOf(disks.value, cluster.value.brokerCount, atMs) : null;
  const alarmsFiring = alarms.isKnown ? alarms.value : null;
  const isLarge = volumeGiB !== null && volumeGiB >= toGiB;
  const isRoomy = usedPercent !== null && usedPercent <= thresholdPercent;
  return { volumeGiB, usedPercent, alarmsFiring, isVerified: isLarge && isRoomy && alarmsFiring?.length === 0 };
}

/** Null where a broker is silent: what it does not say may be the worst. */
function fullestOf(disks: readonly BrokerDisk[], brokerCount: number, nowMs: number): number | null {
  const told = disks.map(({ lastHour }) => newestOf(lastHour, nowMs)?.value).filter((percent) => percent !== undefined);
  return told.length === brokerCount && told.length > 0 ? Math.max(...told) : null;
}
