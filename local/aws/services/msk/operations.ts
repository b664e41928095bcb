import type { ClusterOperationV2, ClusterOperationV2Summary, ClusterState } from '@aws-sdk/client-kafka';

/** A change that MSK makes to a cluster, or made. Types and states are free strings in MSK's API. */
export type MskOperation = {
  readonly arn: string;
  readonly clusterArn: string;
  readonly type: string;
  state: 'PENDING' | 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE' | 'UPDATE_FAILED';
  readonly startMs: number;
  endMs: number | undefined;
  error: { readonly code: string; readonly message: string } | undefined;
};

/** The cluster's state while an operation of this type runs. Source: MSK Developer Guide, "Cluster states". */
export function stateDuring(operationType: string): ClusterState {
  switch (operationType) {
    case 'REBOOT_NODE':
      return 'REBOOTING_BROKER';
    case 'HEAL_CLUSTER':
      return 'HEALING';
    case 'SECURITY_PATCHING':
      return 'MAINTENANCE';
    default:
      return 'UPDATING';
  }
}

export function summarise(operation: MskOperation): ClusterOperationV2Summary {
  return {
    ClusterArn: operation.clusterArn,
    ClusterType: 'PROVISIONED',
    OperationArn: operation.arn,
    OperationState: operation.state,
    OperationType: operation.type,
    StartTime: new Date(operation.startMs),
    ...(operation.endMs !== undefined && { EndTime: new Date(operation.endMs) }),
  };
}

export function describeOperation(operation: MskOperation): ClusterOperationV2 {
  const error = operation.error;
  return {
    ...summarise(operation),
    Provisioned: { OperationSteps: [] },
    ...(error && { ErrorInfo: { ErrorCode: error.code, ErrorString: error.message } }),
  };
}
