import type {
  ClusterOperationStep,
  ClusterOperationV2,
  ClusterOperationV2Summary,
  ClusterState,
  MutableClusterInfo,
} from '@aws-sdk/client-kafka';

/** A change that MSK makes to a cluster, or made. Types and states are free strings in MSK's API. */
export type MskOperation = {
  readonly arn: string;
  readonly clusterArn: string;
  readonly type: string;
  state: 'PENDING' | 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE' | 'UPDATE_FAILED';
  readonly startMs: number;
  endMs: number | undefined;
  error: OperationFailure | undefined;
  /** When it will end, where the stand-in itself ends it. */
  readonly dueMs?: number;
  /** What it changes, before and after. */
  readonly change?: { readonly source: MutableClusterInfo; readonly target: MutableClusterInfo };
};

export type OperationFailure = { readonly code: string; readonly message: string };

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

/** As ListClusterOperationsV2 lists it: nothing of what it changes. */
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

/** DescribeClusterOperationV2's form, with its steps as they stand at `nowMs`. */
export function describeOperation(operation: MskOperation, nowMs: number): ClusterOperationV2 {
  const { error, change } = operation;
  return {
    ...summarise(operation),
    Provisioned: {
      OperationSteps: stepsOf(operation, nowMs),
      ...(change && { SourceClusterInfo: change.source, TargetClusterInfo: change.target }),
    },
    ...(error && { ErrorInfo: { ErrorCode: error.code, ErrorString: error.message } }),
  };
}

/**
 * Steps of an operation that ends by the clock. Names and the statuses PENDING and IN_PROGRESS are those of the MSK
 * Developer Guide's example of a version upgrade; which ones a storage change has is not documented.
 */
function stepsOf({ dueMs, startMs, state }: MskOperation, nowMs: number): ClusterOperationStep[] {
  if (dueMs === undefined) return [];
  const hasBegunToEnd = nowMs - startMs >= (dueMs - startMs) / 2;
  const [first, last] =
    state === 'UPDATE_COMPLETE'
      ? ['COMPLETED', 'COMPLETED']
      : hasBegunToEnd
        ? ['COMPLETED', state === 'UPDATE_FAILED' ? 'FAILED' : 'IN_PROGRESS']
        : ['IN_PROGRESS', 'PENDING'];
  return [
    { StepName: 'INITIALIZE_UPDATE', StepInfo: { StepStatus: first } },
    { StepName: 'FINALIZE_UPDATE', StepInfo: { StepStatus: last } },
  ];
}
