import type { Evidence } from '../../../shared/core/plan.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import { isOfStorage } from './core/lock.ts';
import type { ExpansionOutcome, Look, StorageState } from './core/model.ts';
import type { Expand } from './core/plan.ts';
import { isScaledBy } from './core/refusals.ts';
import { stateOf } from './look.ts';
import type { Run } from './memory.ts';
import type { ActRequest, Effect, Ports } from './ports.ts';

/** MSK's clock and ours need not agree to the second. */
const skewMs = 2 * minuteMs;

/** A plan that had to wait for longer, for an audit or a budget, stands on disks that have moved on. */
const oldMs = 15 * minuteMs;

export type ExpandPlan = Expand & { readonly reason: string; readonly message: string; readonly evidence: Evidence };

/** The act as the door wants it told: the same for the same look, at every replay and every try. */
export function planAct(
  { ports, input }: Run,
  cause: string,
  look: Look & { readonly state: StorageState },
  plan: ExpandPlan,
  approval: { readonly by: string; readonly atMs: number } | undefined,
): ActRequest<StorageState, ExpansionOutcome> {
  const { toGiB, currentVersion, action, reason, message, evidence } = plan;
  return {
    procedure: 'storage-scaling',
    cause,
    plan: { action, reason, message, evidence },
    plannedAtMs: look.atMs,
    plannedState: look.state,
    fetchState: () => fetchState(ports, input.episode, look.atMs),
    // Produce and consume go on, no broker restarts (MSK Developer Guide, "Manual scaling"): it waits for no window.
    isDisruptive: false,
    call: async () => {
      const { operationArn, requestId } = await ports.applyStorage(currentVersion, toGiB);
      return { outcome: { operationArn, toGiB }, requestId };
    },
    fetchEffect: ({ firstTryAtMs }) => fetchExpansion(ports, toGiB, firstTryAtMs - skewMs),
    isLocked: true,
    ...(approval !== undefined && { approval }),
  };
}

/** The state, and what no longer agrees with the plan though MSK's own state does: then it is another one. */
async function fetchState(ports: Ports, episode: number, lookedAtMs: number): Promise<StorageState> {
  const [cluster, autoScaling, newestEpisode] = await Promise.all([
    ports.fetchCluster(),
    ports.fetchAutoScaling(),
    ports.fetchEpisode(),
  ]);
  const state = stateOf(cluster);
  if (newestEpisode !== undefined && newestEpisode > episode) return { ...state, planIsVoid: 'superseded' };
  if (isScaledBy(autoScaling)) return { ...state, planIsVoid: 'auto-scaled' };
  return ports.nowMs() - lookedAtMs > oldMs ? { ...state, planIsVoid: 'too-old' } : state;
}

/** Did it happen? An operation of ours by its target since the first try, or a volume that has the size. */
async function fetchExpansion(ports: Ports, toGiB: number, sinceMs: number): Promise<Effect<ExpansionOutcome>> {
  const operations = await ports.fetchOperations();
  const since = operations.filter(
    (operation) => isOfStorage(operation) && (operation.startedAtMs ?? Number.POSITIVE_INFINITY) >= sinceMs,
  );
  const details = await Promise.all(since.map(({ arn }) => ports.fetchOperation(arn)));
  const ours = details.find(({ targetVolumeGiB }) => targetVolumeGiB === toGiB);
  if (ours !== undefined) return { kind: 'done', outcome: { operationArn: ours.arn, toGiB } };
  const { volumeGiB } = await ports.fetchCluster();
  if (volumeGiB !== undefined && volumeGiB >= toGiB) return { kind: 'done', outcome: { operationArn: null, toGiB } };
  const untold = details.find(({ targetVolumeGiB }) => targetVolumeGiB === undefined);
  if (untold === undefined) return { kind: 'absent' };
  return { kind: 'unknown', message: `MSK does not say to what size operation ${untold.arn} changes the volumes` };
}
