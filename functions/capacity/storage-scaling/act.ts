import type { ActDecision, ActRequest, Effect } from '../../../shared/acting/act.ts';
import type { Approval } from '../../../shared/acting/core/request.ts';
import { clockSkewMs, speaksOfNow } from '../../../shared/core/clocks.ts';
import { ask } from '../../../shared/core/known.ts';
import type { MskOperation, MskOperationDetail } from '../../../shared/core/msk-model.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import { isOfOtherConfiguration } from '../../../shared/durable/own-configuration.ts';
import type { ExpandPlan, ExpansionOutcome, Look, StorageState } from './core/model.ts';
import { isOfStorage, nameOperation } from './core/operations.ts';
import { isScaledBy } from './core/refusals.ts';
import { stateOf } from './look.ts';
import type { Run } from './memory.ts';
import type { Ports } from './ports.ts';

/** A plan that had to wait for longer, for an audit or a budget, stands on disks that have moved on. */
const oldMs = 15 * minuteMs;

/** The door makes a stop of what fails; where it fails itself nobody knows whether it called. */
export async function act(
  ports: Ports,
  request: ActRequest<StorageState, ExpansionOutcome>,
): Promise<ActDecision<ExpansionOutcome>> {
  const asked = await ask(() => ports.act(request));
  if (asked.isKnown) return asked.value;
  const message = `Nobody knows whether it was called (${asked.why}): it is asked for again with the same request.`;
  return { decision: 'stopped', reason: 'outcome-unknown', message };
}

/** The act as the door wants it told: the same for the same look, at every replay and every try. */
export function planAct(
  { ports, input, memory }: Run,
  cause: string,
  look: Look & { readonly state: StorageState },
  plan: ExpandPlan,
  approval: Approval | undefined,
): ActRequest<StorageState, ExpansionOutcome> {
  const { toGiB, currentVersion, action, reason, message, evidence } = plan;
  return {
    procedure: 'storage-scaling',
    cause,
    plan: { action, reason, message, evidence },
    target: { toGiB },
    plannedAtMs: look.atMs,
    plannedState: look.state,
    fetchState: () => fetchState(ports, input.episode, look.atMs),
    // Produce and consume go on, no broker restarts (MSK Developer Guide, "Manual scaling"): it waits for no window.
    isDisruptive: false,
    call: async () => {
      const { operationArn, requestId } = await ports.applyStorage(currentVersion, toGiB);
      return { outcome: { operationArn, toGiB }, requestId };
    },
    fetchEffect: ({ firstTryAtMs }) => fetchExpansion(ports, toGiB, firstTryAtMs - clockSkewMs),
    isLocked: true,
    ...(approval !== undefined && { approval }),
    ...(memory.voidAnswers.length > 0 && {
      voidAnswers: memory.voidAnswers.map(({ since: _words, ...answer }) => answer),
    }),
  };
}

/** The state, and what no longer agrees with the plan though MSK's own state does: then it is another one. */
async function fetchState(ports: Ports, episode: number, lookedAtMs: number): Promise<StorageState> {
  const [cluster, autoScaling, newest] = await Promise.all([
    ports.fetchCluster(),
    ports.fetchAutoScaling(),
    ports.fetchEpisode(),
  ]);
  const state = stateOf(cluster);
  if (newest !== undefined && newest.episode > episode) return { ...state, planIsVoid: 'superseded' };
  if (isOfOtherConfiguration(newest, episode, ports.configuration.configuration))
    return { ...state, planIsVoid: 'other-configuration' };
  if (isScaledBy(autoScaling)) return { ...state, planIsVoid: 'auto-scaled' };
  return speaksOfNow(lookedAtMs, oldMs, ports.nowMs()) ? state : { ...state, planIsVoid: 'too-old' };
}

/**
 * Did it happen? An operation of ours by its target since the first try, or a volume that has the size. What cannot be read
 * of MSK's operations proves nothing: then the size alone can say yes, and nothing says no.
 */
async function fetchExpansion(ports: Ports, toGiB: number, sinceMs: number): Promise<Effect<ExpansionOutcome>> {
  const operations = await ask(ports.fetchOperations);
  const since = operations.isKnown
    ? operations.value.filter(
        (operation) => isOfStorage(operation) && (operation.startedAtMs ?? Number.POSITIVE_INFINITY) >= sinceMs,
      )
    : [];
  const details = await Promise.all(since.map((operation) => ask(() => fetchDetail(ports, operation))));
  const told = details.flatMap((detail) => (detail.isKnown ? [detail.value] : []));
  const ours = told.find(({ targetVolumeGiB }) => targetVolumeGiB === toGiB);
  if (ours !== undefined) return { kind: 'done', outcome: { operationArn: ours.arn ?? null, toGiB } };
  const { volumeGiB } = await ports.fetchCluster();
  if (volumeGiB !== undefined && volumeGiB >= toGiB) return { kind: 'done', outcome: { operationArn: null, toGiB } };
  const unread = [operations, ...details].find((answer) => !answer.isKnown);
  if (unread !== undefined)
    return {
      kind: 'unknown',
      message: `MSK's operations could not be read, and the volumes have not the size: ${unread.why}`,
    };
  const untold = told.find(({ targetVolumeGiB }) => targetVolumeGiB === undefined);
  if (untold === undefined) return { kind: 'absent' };
  return { kind: 'unknown', message: `MSK does not say to what size ${nameOperation(untold)} changes the volumes` };
}

/** One without an ARN cannot be asked for: its target stays untold. */
const fetchDetail = async (ports: Ports, operation: MskOperation): Promise<MskOperationDetail> =>
  operation.arn === undefined ? operation : { ...operation, ...(await ports.fetchOperation(operation.arn)) };
