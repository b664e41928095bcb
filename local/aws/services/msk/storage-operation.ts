import type { Clock } from '../../../clock.ts';
import { hourMs } from '../../units.ts';
import type { MskCluster } from './cluster.ts';
import type { OperationHistory } from './operation-history.ts';
import type { OperationFailure } from './operations.ts';
import { checkStorageUpdate } from './storage-update.ts';

/** How this world's MSK carries out a change of storage; a drill or a test sets it. */
export type StorageBehaviour = {
  /** How long the operation runs, by the world's clock. */
  readonly operationMs: number;
  /** How long after a successful operation's end the next is refused: at least 6 h, up to 24 h and more on MSK. */
  readonly lockMs: number;
  /** What the operations end with that begin from now on; undefined: well. A failed one locks nothing. */
  readonly failure: OperationFailure | undefined;
  /** MSK documents no name for this type: the product must live with any. */
  readonly operationType: string;
  /** Called when a change was taken and its answer is not out yet: where a caller may be killed. */
  readonly onAccepted: (() => void) | undefined;
};

const usual: StorageBehaviour = {
  operationMs: 10 * 60_000,
  lockMs: 6 * hourMs,
  failure: undefined,
  operationType: 'INCREASE_BROKER_STORAGE',
  onAccepted: undefined,
};

export type StorageOperations = {
  /**
   * Begins the operation; the volumes have their new size when it has ended well.
   *
   * @returns both APIs' answer
   * @throws AwsError BadRequestException
   */
  readonly start: (
    cluster: MskCluster,
    request: { readonly currentVersion: string | undefined; readonly targetGiB: number },
  ) => { readonly ClusterArn: string; readonly ClusterOperationArn: string };
  /** From now on; a lock that holds already stays. */
  readonly behave: (behaviour: Partial<StorageBehaviour>) => void;
};

export function createStorageOperations(clock: Clock, history: OperationHistory): StorageOperations {
  let behaviour = usual;
  return {
    start: (cluster, request) => {
      const nowMs = clock.nowMs();
      const sourceGiB = checkStorageUpdate(cluster, request, nowMs);
      const { targetGiB } = request;
      const { operationMs, lockMs, failure, operationType, onAccepted } = behaviour;
      const dueMs = nowMs + operationMs;
      const change = { source: volumesOf(sourceGiB), target: volumesOf(targetGiB) };
      const operationArn = history.start(cluster, operationType, { dueMs, change });
      clock.schedule(dueMs, () => {
        // A test may have ended it by hand.
        if (cluster.activeOperationArn !== operationArn) return;
        history.finish(operationArn, failure);
        if (failure) return;
        cluster.volumeGiB = targetGiB;
        cluster.storageLockedUntilMs = clock.nowMs() + lockMs;
      });
      onAccepted?.();
      return { ClusterArn: cluster.arn, ClusterOperationArn: operationArn };
    },
    behave: (next) => {
      behaviour = { ...behaviour, ...next };
    },
  };
}

const volumesOf = (VolumeSizeGB: number) => ({
  BrokerEBSVolumeInfo: [{ KafkaBrokerNodeId: 'ALL', VolumeSizeGB }],
});
