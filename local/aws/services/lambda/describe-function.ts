import type {
  GetFunctionCommandOutput,
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput,
  Runtime,
} from '@aws-sdk/client-lambda';
import type { Call, OperationHandler, Permission } from '../../service.ts';
import { type FunctionRegistry, parseReference } from './function-registry.ts';

/** What an operation on a function needs, whatever form the function is named in. */
export const permissionOn = (
  operation: string,
  { FunctionName = '' }: { readonly FunctionName?: string | undefined },
  { region, accountId }: Call,
): Permission => ({
  action: `lambda:${operation}`,
  resource: `arn:aws:lambda:${region}:${accountId}:function:${parseReference(FunctionName).name}`,
});

/** GetFunction, without the address of the code: nobody here takes it away. */
export function getFunction(
  registry: FunctionRegistry,
): OperationHandler<GetFunctionConfigurationCommandInput, Omit<GetFunctionCommandOutput, '$metadata'>> {
  const { run } = getFunctionConfiguration(registry);
  return {
    authorize: (input, call) => [permissionOn('GetFunction', input, call)],
    run: async (input, call) => ({ Configuration: await run(input, call) }),
  };
}

/** GetFunctionConfiguration of a function, a version or an alias. */
export function getFunctionConfiguration(
  registry: FunctionRegistry,
): OperationHandler<GetFunctionConfigurationCommandInput, Omit<GetFunctionConfigurationCommandOutput, '$metadata'>> {
  return {
    authorize: (input, call) => [permissionOn('GetFunctionConfiguration', input, call)],
    run(input) {
      const { configuration, referenceArn, lambdaFunction } = registry.resolve(
        input.FunctionName ?? '',
        input.Qualifier,
      );
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
        // As Lambda writes it: with a zone, and no Z.
        LastModified: new Date(lambdaFunction.modifiedMs).toISOString().replace('Z', '+0000'),
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
