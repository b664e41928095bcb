import type { ClusterView, PartitionView } from '../../../../shared/core/cluster-view.ts';

/**
 * Who serves a partition, as Metadata tells it.
 *
 * - `led`: it names a leader.
 * - `offline`: there is none, so nobody can read or write it.
 * - `listener-missing`: its leader lives, and has no listener of the kind that was asked at.
 * - `unreadable`: an error that says neither.
 */
type PartitionState = 'led' | 'offline' | 'listener-missing' | 'unreadable';

/** LEADER_NOT_AVAILABLE: no leader, or one whose broker does not live. */
const leaderNotAvailable = 5;
/** REPLICA_NOT_AVAILABLE: some copy is not available; clients are told to pass over it. */
const replicaNotAvailable = 9;
/** LISTENER_NOT_FOUND: said only of a leader that lives (KIP-103). */
const listenerNotFound = 72;

/** What a partition's leader and its own error code say together (Kafka protocol guide, error codes). */
export function stateOf({ leaderId, problem }: PartitionView): PartitionState {
  const code = problem?.code;
  const named = leaderId === undefined ? 'offline' : 'led';
  if (problem === undefined || code === replicaNotAvailable) return named;
  if (code === listenerNotFound) return 'listener-missing';
  // A leader that is named and not available at once is a contradiction.
  return code === leaderNotAvailable && leaderId === undefined ? 'offline' : 'unreadable';
}

/** Without a leader: nobody can read or write the partition. */
export const isOffline = (partition: PartitionView): boolean => stateOf(partition) === 'offline';

export const isAnyOffline = ({ topics }: ClusterView): boolean =>
  topics.some(({ partitions }) => partitions.some(isOffline));

/** Whether some broker leads it, also one that was not reached: only then are its copies in sync with something. */
export const isLed = (partition: PartitionView): boolean =>
  stateOf(partition) === 'led' || stateOf(partition) === 'listener-missing';

/** The copies that it had before a reassignment began, and has again when it ends (KIP-455): those being added do not count. */
export const replicationFactorOf = ({ replicaIds, addingReplicaIds = [] }: PartitionView): number =>
  replicaIds.filter((id) => !addingReplicaIds.includes(id)).length;

/** As the broker's own metric counts: only partitions that have a leader, and no copies that a reassignment adds. */
export const isUnderReplicated = (partition: PartitionView): boolean =>
  isLed(partition) && partition.inSyncReplicaIds.length < replicationFactorOf(partition);
