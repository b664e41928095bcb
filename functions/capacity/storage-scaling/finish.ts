import { announceExpanded, announceTrouble } from './core/announcements.ts';
import type { ExpansionOutcome } from './core/model.ts';
import { announce, type Run } from './memory.ts';
import { fetchProgress, fetchVerification, verifyBackOff, watchBackOff } from './watch.ts';

/** How an operation ended, as far as the run goes: verified, or a reason to look again. */
export type Ending = 'verified' | 'not-verified' | 'failed' | 'not-ended';

type Sizes = { readonly fromGiB: number; readonly thresholdPercent: number };

/** Watches the change until it is over, then looks whether it did what it was for (C5: watched, verified, announced). */
export async function watchExpansion(run: Run, outcome: ExpansionOutcome, sizes: Sizes): Promise<Ending> {
  const { durable, ports, memory } = run;
  const attempt = memory.attempts;
  const operation = outcome.operationArn ?? 'none';
  await durable.transition('watching', { operation, toGiB: outcome.toGiB });
  const watched = await durable.poll(`watch ${attempt}`, {
    look: async () => ({ ...(await fetchProgress(ports, outcome)), atMs: ports.nowMs() }),
    isDone: ({ state }) => state !== 'under-way',
    backOff: watchBackOff,
  });
  const { state, detail } = watched.value;
  if (!watched.isDone || state === 'failed') {
    const reason = watched.isDone ? 'operation-failed' : 'operation-not-ended';
    const what = watched.isDone ? 'failed' : 'has not ended for a day';
    const message = `The storage change to ${outcome.toGiB} GiB ${what} (${detail}): see aws kafka describe-cluster-operation-v2 and open a support case. mskeeper looks again.`;
    const told = announceTrouble('critical', { reason, message, evidence: { operation, toGiB: outcome.toGiB } });
    await announce(run, `${reason} ${attempt}`, watched.value, told);
    return watched.isDone ? 'failed' : 'not-ended';
  }
  const verified = await durable.poll(`verify ${attempt}`, {
    look: async () => ({
      ...(await fetchVerification(ports, outcome.toGiB, sizes.thresholdPercent)),
      atMs: ports.nowMs(),
    }),
    isDone: ({ isVerified }) => isVerified,
    backOff: verifyBackOff,
  });
  await announce(
    run,
    `expanded ${attempt}`,
    verified.value,
    announceExpanded(sizes.fromGiB, outcome.toGiB, verified.value),
  );
  return verified.isDone ? 'verified' : 'not-verified';
}
