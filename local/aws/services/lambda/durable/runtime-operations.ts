import type {
  CheckpointDurableExecutionCommandInput,
  CheckpointDurableExecutionCommandOutput,
  GetDurableExecutionStateCommandInput,
  GetDurableExecutionStateCommandOutput,
} from '@aws-sdk/client-lambda';
import type { OperationHandler } from '../../../service.ts';
import { refuseStaleToken } from './checkpoint.ts';
import type { DurableExecution } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import { invalid, invocationPayloadBytes } from './limits.ts';
import { pageOfOperations } from './operation-store.ts';

/**
 * What the SDK inside a durable function calls. Both need a permission on the execution's own ARN. Source: Service
 * Authorization Reference, "Actions, resources, and condition keys for AWS Lambda".
 */
export function runtimeOperations(options: {
  readonly executions: ExecutionStore;
  readonly checkpoint: (
    execution: DurableExecution,
    input: CheckpointDurableExecutionCommandInput,
  ) => Omit<CheckpointDurableExecutionCommandOutput, '$metadata'>;
  readonly pageSize: () => number;
}) {
  const { executions, checkpoint, pageSize } = options;
  const CheckpointDurableExecution: OperationHandler<
    CheckpointDurableExecutionCommandInput,
    Omit<CheckpointDurableExecutionCommandOutput, '$metadata'>
  > = {
    authorize: ({ DurableExecutionArn: resource = '' }) => [{ action: 'lambda:CheckpointDurableExecution', resource }],
    run: (input) => checkpoint(executions.get(input.DurableExecutionArn ?? ''), input),
  };
  const GetDurableExecutionState: OperationHandler<
    GetDurableExecutionStateCommandInput,
    Omit<GetDurableExecutionStateCommandOutput, '$metadata'>
  > = {
    authorize: ({ DurableExecutionArn: resource = '' }) => [{ action: 'lambda:GetDurableExecutionState', resource }],
    run({ DurableExecutionArn: arn = '', CheckpointToken: token, Marker: marker, MaxItems: maxItems }) {
      const execution = executions.get(arn);
      refuseStaleToken(execution, token);
      const start = marker === undefined || marker === '' ? 0 : Number(marker);
      if (!Number.isInteger(start) || start < 0) throw invalid('Invalid Marker.');
      const { operations, nextMarker } = pageOfOperations(execution.operations.replayed(), {
        marker: start,
        maxItems: Math.min(maxItems || pageSize(), pageSize()),
        maxBytes: invocationPayloadBytes,
      });
      return { Operations: [...operations], NextMarker: nextMarker };
    },
  };
  return { CheckpointDurableExecution, GetDurableExecutionState };
}
