import type {
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput,
  Runtime,
} from '@aws-sdk/client-lambda';
import type { OperationHandler } from '../../service.ts';
import { type FunctionRegistry, parseReference } from './function-registry.ts';

/** GetFunctionConfiguration of a function, a version or an alias. */
export function getFunctionConfiguration(
  registry: FunctionRegistry,
): OperationHandler<GetFunctionConfigurationCommandInput, Omit<GetFunctionConfigurationCommandOutput, '$metadata'>> {
  return {
    authorize: (input, call) => [
      {
        action: 'lambda:GetFunctionConfiguration',
        resource: `arn:aws:lambda:${call.region}:${call.accountId}:function:${parseReference(input.FunctionName ?? '').name}`,
      },
    ],
    run(input) {
      const { configuration, referenceArn } = registry.resolve(input.FunctionName ?? '', input.Qualifier);
      return {
        FunctionName: configuration.name,
        FunctionArn: referenceArn,
        Version: configuration.version,
        Description: configuration.description,
        Handler: configuration.handler,
        Runtime: configuration.runtime satisfies string as Runtime,
        Role: configuration.roleArn,
        Timeout: configuration.timeoutSeconds,
        MemorySize: configuration.memoryMb,
        Environment: { Variables: { ...configuration.variables } },
        State: 'Active',
        LastUpdateStatus: 'Successful',
        PackageType: 'Zip',
        LoggingConfig: { LogGroup: configuration.logGroup, LogFormat: configuration.logFormat },
        ...(configuration.durable === undefined
          ? {}
          : {
              DurableConfig: {
                ExecutionTimeout: configuration.durable.executionTimeoutSeconds,
                RetentionPeriodInDays: configuration.durable.retentionDays,
              },
            }),
        ...(configuration.deadLetterArn === undefined
          ? {}
          : { DeadLetterConfig: { TargetArn: configuration.deadLetterArn } }),
      };
    },
  };
}
