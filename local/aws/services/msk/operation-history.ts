import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import { AwsError } from '../../service.ts';
import type { MskCluster } from './cluster.ts';
import { type MskOperation, type OperationFailure, stateDuring } from './operations.ts';

/** All operations that ever ran, by ARN, and how they begin and end. */
export type OperationHistory = {
  /** The cluster leaves ACTIVE until `finish`. @returns the operation's ARN */
  readonly start: (cluster: MskCluster, type: string, more?: Pick<MskOperation, 'dueMs' | 'change'>) => string;
  /** Success changes CurrentVersion; a failure leaves it. */
  readonly finish: (operationArn: string, failure?: OperationFailure) => void;
  /** @throws AwsError NotFoundException */
  readonly find: (operationArn: string) => MskOperation;
  /** Oldest first. */
  readonly of: (clusterArn: string) => readonly MskOperation[];
};

export function createOperationHistory(clock: Clock): OperationHistory {
  const kept = new Map<string, { readonly operation: MskOperation; readonly cluster: MskCluster }>();
  const findKept = (arn: string) => {
    const found = kept.get(arn);
    if (found) return found;
    throw new AwsError('NotFoundException', 404, 'The operation does not exist.', {
      InvalidParameter: 'clusterOperationArn',
    });
  };
  return {
    start: (cluster, type, more = {}) => {
      const arn = `${cluster.arn.replace(':cluster/', ':cluster-operation/')}/${randomUUID()}`;
      const operation: MskOperation = {
        arn,
        clusterArn: cluster.arn,
        type,
        state: 'UPDATE_IN_PROGRESS',
        startMs: clock.nowMs(),
        endMs: undefined,
        error: undefined,
        ...more,
      };
      kept.set(arn, { operation, cluster });
      cluster.state = stateDuring(type);
      cluster.activeOperationArn = arn;
      return arn;
    },
    finish: (operationArn, failure) => {
      const { operation, cluster } = findKept(operationArn);
      operation.endMs = clock.nowMs();
      operation.state = failure ? 'UPDATE_FAILED' : 'UPDATE_COMPLETE';
      operation.error = failure;
      cluster.state = 'ACTIVE';
      cluster.activeOperationArn = undefined;
      if (!failure) cluster.currentVersion = newVersion();
    },
    find: (operationArn) => findKept(operationArn).operation,
    of: (clusterArn) =>
      [...kept.values()].map(({ operation }) => operation).filter((each) => each.clusterArn === clusterArn),
  };
}

/** Opaque, like `KTVPDKIKX0DER`. */
export function newVersion(): string {
  return `K${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
}
