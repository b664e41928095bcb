import type { ClusterStorage } from '../../../functions/capacity/storage-scaling/core/observation.ts';
import type { AcceptedUpdate } from '../../../shared/aws/msk-update.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import type { MskOperation, MskOperationDetail } from '../../../shared/core/msk-model.ts';
import type { UpdateRefusal } from '../../../shared/core/msk-refusal.ts';
import { minuteMs, secondMs } from '../../../shared/core/units.ts';
import type { Chance } from './chance.ts';

/** An update that MSK accepted, and for which cause it was asked. */
type AcceptedCall = {
  readonly cause: string;
  readonly toGiB: number;
  readonly version: string;
  readonly sentAtMs: number;
  readonly arn: string;
};

export type MskTraits = {
  readonly operationMs: number;
  readonly lockMs: number;
  /** When an accepted update gives the cluster another version: AWS does not say. */
  readonly versionMoves: 'at-once' | 'at-the-end';
  readonly willFail: boolean;
};

/** Descriptions may be this old, and its list names an operation this late. */
const staleMs = 30 * secondMs;
const listLagMs = minuteMs;

const refuse = (refusal: UpdateRefusal, attempts: number): never => {
  throw new DependencyError('kafka:UpdateBrokerStorage', 'failed', 'failed: BadRequestException: no', {
    facts: { httpStatus: 400, attempts, requestId: 'r-refused', ...(refusal !== 'other' && { refusal }) },
  });
};

/** MSK's side of storage: one cluster with its optimistic lock, one operation at a time, a lock after each. */
export const createMsk = (nowMs: () => number, chance: Chance, traits: MskTraits) => {
  let version = 1;
  let volumeGiB = 500;
  let lockedUntilMs = 0;
  let state = 'ACTIVE';
  const operations: MskOperationDetail[] = [];
  const accepted: AcceptedCall[] = [];
  const seen: { readonly atMs: number; readonly cluster: ClusterStorage }[] = [];
  const running = () => operations.find(({ endedAtMs }) => endedAtMs === undefined);
  const describe = (): ClusterStorage => {
    const arn = running()?.arn;
    return {
      state: arn === undefined ? state : 'UPDATING',
      kind: 'standard',
      currentVersion: `V${version}`,
      brokerCount: 3,
      volumeGiB,
      ...(arn !== undefined && { activeOperationArn: arn }),
    };
  };
  const note = () => seen.push({ atMs: nowMs(), cluster: describe() });
  note();
  /** Ends an operation whose time has come. */
  const settle = () => {
    const [newest] = operations;
    if (newest === undefined || newest.endedAtMs !== undefined) return;
    const endedAtMs = (newest.startedAtMs ?? 0) + traits.operationMs;
    if (nowMs() < endedAtMs) return;
    if (traits.versionMoves === 'at-the-end') version += 1;
    lockedUntilMs = endedAtMs + traits.lockMs;
    if (!traits.willFail) volumeGiB = newest.targetVolumeGiB ?? volumeGiB;
    operations[0] = traits.willFail
      ? { ...newest, state: 'UPDATE_FAILED', endedAtMs, errorMessage: 'no room' }
      : { ...newest, state: 'UPDATE_COMPLETE', endedAtMs };
    note();
  };

  return {
    accepted: accepted as readonly AcceptedCall[],
    /** The truth, for who judges the history. */
    sizeGiB: () => volumeGiB,
    describeCluster: (): ClusterStorage => {
      settle();
      const oldestMs = nowMs() - (chance.isDrawn(25) ? chance.below(staleMs) : 0);
      return seen.findLast(({ atMs }) => atMs <= oldestMs)?.cluster ?? describe();
    },
    listOperations: (): readonly MskOperation[] => {
      settle();
      return operations
        .filter(({ startedAtMs = 0 }) => nowMs() - startedAtMs >= chance.below(listLagMs))
        .map(({ targetVolumeGiB: _target, errorMessage: _error, ...listed }) => listed);
    },
    describeOperation: (arn: string): MskOperationDetail => {
      settle();
      const found = operations.find((operation) => operation.arn === arn);
      if (found !== undefined) return found;
      throw new DependencyError('kafka:DescribeClusterOperationV2', 'not-found', `not found: ${arn}`);
    },
    /** @param attempt of the SDK; a client of updates has one */
    update: (cause: string, currentVersion: string, toGiB: number, sentAtMs: number): AcceptedUpdate => {
      settle();
      if (currentVersion !== `V${version}`) refuse('version-moved', 1);
      if (running() !== undefined || state !== 'ACTIVE') refuse('not-updatable', 1);
      if (nowMs() < lockedUntilMs) refuse('storage-optimizing', 1);
      if (toGiB <= volumeGiB) refuse('other', 1);
      const arn = `arn:operation:${operations.length + 1}`;
      const frame = { arn, type: 'INCREASE_BROKER_STORAGE', state: 'UPDATE_IN_PROGRESS', startedAtMs: nowMs() };
      operations.unshift({ ...frame, targetVolumeGiB: toGiB });
      accepted.push({ cause, toGiB, version: currentVersion, sentAtMs, arn });
      if (traits.versionMoves === 'at-once') version += 1;
      note();
      return { operationArn: arn, requestId: `r-${operations.length}` };
    },
    /** Somebody else changes the cluster. */
    moveVersion: () => {
      version += 1;
      note();
    },
    setState: (next: 'ACTIVE' | 'HEALING') => {
      state = next;
      note();
    },
  };
};
export type Msk = ReturnType<typeof createMsk>;
