import { type Answered, ask, known } from '../../../shared/core/known.ts';
import type { MskOperationDetail } from '../../../shared/core/msk-model.ts';
import { hourMs, minuteMs, secondMs } from '../../../shared/core/units.ts';
import type { BackOff } from '../../../shared/durable/durable.ts';
import { announceExpanded, announceTrouble, announceUnread } from './core/announcements.ts';
import { newestOf } from './core/facts.ts';
import { diskChecks } from './core/faults.ts';
import type { Denied, ExpansionOutcome, Verification } from './core/model.ts';
import type { BrokerDisk } from './core/observation.ts';
import { isUnderWay } from './core/operations.ts';
import { close, endFaults } from './ends.ts';
import { deniedIn, fetchFiring } from './look.ts';
import { pollLooking } from './looks.ts';
import type { Run } from './memory.ts';
import { announce, isAcceptedUntold, settleAccepted, tellAcceptedAgain } from './news.ts';
import type { Ports } from './ports.ts';

/** MSK needs minutes for a small cluster and hours for a large one. */
export const longestWatchMs = 24 * hourMs;
/** Soon at first, then every five minutes. */
const watchBackOff: BackOff = {
  firstMs: 15 * secondMs,
  factor: 1.5,
  longestMs: 5 * minuteMs,
  maxMs: longestWatchMs,
};

/** A metric is minutes late and an alarm needs its periods: an hour covers every policy's. */
const verifyBackOff: BackOff = {
  firstMs: 15 * secondMs,
  factor: 1.5,
  longestMs: 5 * minuteMs,
  maxMs: hourMs,
};

/** How an operation ended, as far as the run goes: verified, or a reason to look again. */
export type Ending = 'verified' | 'not-verified' | 'failed' | 'not-ended';

type Sizes = { readonly fromGiB: number; readonly thresholdPercent: number };

/** Watches the change until it is over, then looks whether it did what it was for (C5: watched, verified, announced). */
export async function watchExpansion(run: Run, outcome: ExpansionOutcome, sizes: Sizes): Promise<Ending> {
  const { durable, ports, memory } = run;
  const attempt = memory.attempts;
  const operation = outcome.operationArn ?? 'none';
  await durable.transition('watching', { operation, toGiB: outcome.toGiB });
  const isUntold = isAcceptedUntold(run);
  const watched = await pollLooking<Watched>(run, `watch ${attempt}`, {
    look: async (before) => ({
      ...(await fetchProgress(ports, outcome)),
      ...(isUntold && { isTold: before?.isTold === true || (await tellAcceptedAgain(run, ports.nowMs())) }),
    }),
    isDone: ({ state, isHopeless }) => state === 'complete' || state === 'failed' || isHopeless,
    denied: ({ state, denied }) => (state === 'under-way' ? denied : []),
    backOff: watchBackOff,
  });
  const { state, detail, unread } = watched.value;
  if (watched.value.isTold === true) settleAccepted(run);
  if (state === 'unknown') {
    const told = announceUnread({ operation, toGiB: outcome.toGiB }, unread);
    await announce(run, `operation-unread ${attempt}`, watched, told);
    return 'not-ended';
  }
  if (!watched.isDone || state === 'failed') {
    const reason = watched.isDone ? 'operation-failed' : 'operation-not-ended';
    const what = watched.isDone ? 'failed' : 'has not ended for a day';
    const message = `The storage change to ${outcome.toGiB} GiB ${what} (${detail}): see aws kafka describe-cluster-operation-v2 and open a support case. mskeeper looks again.`;
    const told = announceTrouble('critical', { reason, message, evidence: { operation, toGiB: outcome.toGiB } });
    await announce(run, `${reason} ${attempt}`, watched, told);
    return watched.isDone ? 'failed' : 'not-ended';
  }
  const verified = await pollLooking(run, `verify ${attempt}`, {
    look: () => fetchVerification(ports, outcome.toGiB, sizes.thresholdPercent),
    isDone: ({ isVerified }) => isVerified,
    // What it could not read stands in what is said of its end.
    denied: () => [],
    backOff: verifyBackOff,
  });
  const told = announceExpanded(sizes.fromGiB, outcome.toGiB, {
    ...verified.value,
    unread: [...new Set([...unread, ...verified.value.unread])],
  });
  await announce(run, `expanded ${attempt}`, verified, told);
  if (verified.isDone) {
    endFaults(memory, told.headline, () => true);
    await close(run, verified, { checks: diskChecks, message: told.headline });
  }
  return verified.isDone ? 'verified' : 'not-verified';
}

/**
 * How the change stands.
 *
 * @property unread what could not be read, each by its call: the rest says what it says without it
 * @property denied what of that the role may not ask
 * @property isHopeless nothing could be read and nobody may read it: looking again will tell no more
 */
type Progress = {
  readonly state: 'under-way' | 'complete' | 'failed' | 'unknown';
  readonly detail: string;
  readonly unread: readonly string[];
  readonly denied: readonly Denied[];
  readonly isHopeless: boolean;
};

/** One look of the watch; `isTold` where people still had to hear what MSK accepted. */
type Watched = Progress & { readonly isTold?: boolean };

/**
 * One look at the operation, and at the cluster, which must say the same. Nobody ever saw that a role may describe an
 * operation, and MSK may not answer: then MSK's list says how it stands, and where that is silent, too, the cluster's own
 * state and size do. Who does not answer has no news.
 */
async function fetchProgress(ports: Ports, { operationArn, toGiB }: ExpansionOutcome): Promise<Progress> {
  const asked = operationArn === null ? [] : await fetchOperationAnyhow(ports, operationArn);
  const operation = asked.find((answer) => answer.isKnown)?.value;
  const failures = asked.filter((answer) => !answer.isKnown);
  const seen = { unread: failures.map(({ why }) => why), denied: failures.flatMap(deniedIn), isHopeless: false };
  if (operation !== undefined) {
    const detail = operation.errorMessage ?? operation.state ?? 'in no state that MSK tells';
    if (isUnderWay(operation)) return { ...seen, state: 'under-way', detail };
    if (operation.state === 'UPDATE_FAILED' || operation.errorMessage !== undefined)
      return { ...seen, state: 'failed', detail };
  }
  const cluster = await ask(ports.fetchCluster);
  if (cluster.isKnown) {
    const { state, volumeGiB, activeOperationArn } = cluster.value;
    const isDone = state === 'ACTIVE' && activeOperationArn === undefined && (volumeGiB ?? 0) >= toGiB;
    const without = seen.unread.length === 0 ? '' : `; not readable: ${seen.unread.join('; ')}`;
    return {
      ...seen,
      state: isDone ? 'complete' : 'under-way',
      detail: `${state}, ${volumeGiB ?? 'no'} GiB${without}`,
    };
  }
  const unread = [...seen.unread, cluster.why];
  const isDenied = [...failures, cluster].every(({ failure }) => failure === 'denied');
  // MSK says that it has ended, and nobody may ask the cluster: what the volumes have is left to those who look next.
  if (operation !== undefined && isDenied) return { ...seen, unread, state: 'complete', detail: cluster.why };
  return { ...seen, state: 'unknown', detail: unread.join('; '), unread, isHopeless: isDenied };
}

/** The operation itself; where it does not answer, beside it the list's entry. At most one answer is known. */
async function fetchOperationAnyhow(
  ports: Ports,
  operationArn: string,
): Promise<readonly Answered<MskOperationDetail | undefined>[]> {
  const itself = await ask(() => ports.fetchOperation(operationArn));
  if (itself.isKnown) return [itself];
  const listed = await ask(ports.fetchOperations);
  return [itself, listed.isKnown ? known(listed.value.find(({ arn }) => arn === operationArn)) : listed];
}

/** Whether the volumes have the size, every disk is within the threshold and no disk alarm of ours is left in ALARM. */
async function fetchVerification(ports: Ports, toGiB: number, thresholdPercent: number): Promise<Verification> {
  const atMs = ports.nowMs();
  const [cluster, disks, alarms] = await Promise.all([
    ask(ports.fetchCluster),
    ask(() => ports.fetchDisks(atMs, 0)),
    ask(() => fetchFiring(ports)),
  ]);
  const volumeGiB = cluster.isKnown ? (cluster.value.volumeGiB ?? null) : null;
  const usedPercent = cluster.isKnown && disks.isKnown ? fullestOf(disks.value, cluster.value.brokerCount, atMs) : null;
  const alarmsFiring = alarms.isKnown ? alarms.value : null;
  const unread = [cluster, disks, alarms].flatMap((answer) => (answer.isKnown ? [] : [answer.why]));
  const isLarge = volumeGiB !== null && volumeGiB >= toGiB;
  const isRoomy = usedPercent !== null && usedPercent <= thresholdPercent;
  return { volumeGiB, usedPercent, alarmsFiring, unread, isVerified: isLarge && isRoomy && alarmsFiring?.length === 0 };
}

/** Null where a broker is silent: what it does not say may be the worst. */
function fullestOf(disks: readonly BrokerDisk[], brokerCount: number, nowMs: number): number | null {
  const told = disks.map(({ lastHour }) => newestOf(lastHour, nowMs)?.value).filter((percent) => percent !== undefined);
  return told.length === Math.max(brokerCount, disks.length) && told.length > 0 ? Math.max(...told) : null;
}
