import type { MskOperation } from '../../../../shared/core/msk-model.ts';
import { dayMs } from '../../../../shared/core/units.ts';
import type { ClusterStorage } from './observation.ts';
import { isUnderWay, nameOperation } from './operations.ts';
import { timeOf } from './words.ts';

const runningStates: readonly string[] = ['PENDING', 'UPDATE_IN_PROGRESS'];
/** The longest that a run watches a change of its own. */
const forgottenMs = dayMs;

/** Neither running nor ended by any word that we know, and without an end. */
const isOdd = (operation: MskOperation): boolean =>
  isUnderWay(operation) && (operation.state === undefined || !runningStates.includes(operation.state));

/**
 * An entry of the history that nobody will end any more: odd, begun more than a day ago, while MSK calls the cluster ACTIVE
 * and names no operation. It stands against nothing, since MSK itself refuses a change while another one runs; but it is told.
 */
export const isForgotten = (operation: MskOperation, cluster: ClusterStorage, nowMs: number): boolean =>
  isOdd(operation) &&
  cluster.state === 'ACTIVE' &&
  cluster.activeOperationArn === undefined &&
  operation.startedAtMs !== undefined &&
  nowMs - operation.startedAtMs > forgottenMs;

/** What is odd of an operation that holds a change back; undefined where nothing is. */
export function describeOdd(operation: MskOperation): string | undefined {
  if (!isOdd(operation)) return undefined;
  const { state, startedAtMs } = operation;
  const since = startedAtMs === undefined ? 'MSK does not say since when' : `since ${timeOf(startedAtMs)}`;
  return `${nameOperation(operation)} is ${state === undefined ? 'in no state' : `in state ${state}, which mskeeper does not know`}, without an end, ${since}: see aws kafka list-cluster-operations-v2, and open a support case where it is not running.`;
}

/** What is taken for over although MSK gives no end of it, for people; empty where there is none. */
export function describeForgotten(operations: readonly MskOperation[], cluster: ClusterStorage, nowMs: number): string {
  const forgotten = operations.filter((operation) => isForgotten(operation, cluster, nowMs));
  const [first] = forgotten;
  if (first === undefined) return '';
  const more = forgotten.length === 1 ? '' : ` The same of ${forgotten.length - 1} more.`;
  return ` Odd: ${describeOdd(first) ?? ''} It is taken for over, since MSK calls the cluster ACTIVE.${more}`;
}
