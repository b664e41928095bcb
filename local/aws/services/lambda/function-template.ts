import * as z from 'zod';
import { refusedVariables } from '../../lambda-runtime/environment.ts';
import type { ResourceRequest } from '../../template/resource.ts';
import type { AsyncSettings, FunctionConfiguration } from './function.ts';

const whole = z.coerce.number().int();
const texts = z.array(z.string());

/** A resource that Lambda would refuse, or that uses what the stand-in doesn't serve. */
export class LambdaTemplateError extends Error {
  override readonly name = 'LambdaTemplateError';
}

const functionProperties = z.strictObject({
  FunctionName: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,64}$/)
    .optional(),
  Description: z.string().max(256).default(''),
  Handler: z.string().min(3).max(128),
  Runtime: z.literal('nodejs24.x', 'only nodejs24.x is run here'),
  Role: z.string().startsWith('arn:aws:iam::'),
  Code: z.strictObject({
    S3Bucket: z.string().optional(),
    S3Key: z.string().optional(),
    S3ObjectVersion: z.string().optional(),
    ZipFile: z.string().optional(),
  }),
  Timeout: whole.min(1).max(900).default(3),
  MemorySize: whole.min(128).max(10_240).default(128),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  ReservedConcurrentExecutions: whole.min(0).optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z
    .strictObject({
      LogFormat: z.enum(['Text', 'JSON']).default('Text'),
      LogGroup: z.string().optional(),
      ApplicationLogLevel: z.string().optional(),
      SystemLogLevel: z.string().optional(),
    })
    .optional(),
  VpcConfig: z
    .strictObject({
      SubnetIds: texts.default([]),
      SecurityGroupIds: texts.default([]),
      Ipv6AllowedForDualStack: z.unknown(),
    })
    .partial()
    .optional(),
  DurableConfig: z
    .strictObject({
      ExecutionTimeout: whole.min(1).max(31_622_400),
      // SAM and the Developer Guide: 14 days where none is given.
      RetentionPeriodInDays: whole.min(1).max(90).default(14),
    })
    .optional(),
  // Known, and without effect on one machine.
  Architectures: texts.optional(),
  PackageType: z.literal('Zip').optional(),
  EphemeralStorage: z.strictObject({ Size: whole }).optional(),
  KmsKeyArn: z.string().optional(),
  TracingConfig: z.strictObject({ Mode: z.string() }).optional(),
  RecursiveLoop: z.string().optional(),
  Tags: z.array(z.unknown()).optional(),
});

export type TemplateFunction = {
  readonly configuration: Omit<FunctionConfiguration, 'taskRoot'>;
  readonly reservedConcurrency: number | undefined;
  /** Where the package is: a key of the deployment bucket, or source text for `index.js`. */
  readonly code: { readonly kind: 's3'; readonly key: string } | { readonly kind: 'inline'; readonly source: string };
};

/** Reads AWS::Lambda::Function. @throws ZodError or LambdaTemplateError naming the property */
export function readFunction(resource: ResourceRequest): TemplateFunction {
  const properties = functionProperties.parse(resource.properties);
  const name = properties.FunctionName ?? `${resource.stackName}-${resource.logicalId}`.slice(0, 64);
  const variables = properties.Environment?.Variables ?? {};
  const refusal = refusedVariables(variables);
  if (refusal !== undefined) throw new LambdaTemplateError(`${resource.logicalId}: ${refusal}`);
  const { S3Key: key, ZipFile: source } = properties.Code;
  if ((key === undefined) === (source === undefined)) {
    throw new LambdaTemplateError(`${resource.logicalId}: Code needs S3Key or ZipFile`);
  }
  return {
    configuration: {
      name,
      arn: `arn:aws:lambda:${resource.region}:${resource.accountId}:function:${name}`,
      version: '$LATEST',
      description: properties.Description,
      handler: properties.Handler,
      runtime: properties.Runtime,
      roleArn: properties.Role,
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
      variables,
      logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      logFormat: properties.LoggingConfig?.LogFormat ?? 'Text',
      isInVpc: (properties.VpcConfig?.SubnetIds ?? []).length > 0,
      deadLetterArn: properties.DeadLetterConfig?.TargetArn,
      durable:
        properties.DurableConfig === undefined
          ? undefined
          : {
              executionTimeoutSeconds: properties.DurableConfig.ExecutionTimeout,
              retentionDays: properties.DurableConfig.RetentionPeriodInDays,
            },
    },
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    code: key === undefined ? { kind: 'inline', source: source ?? '' } : { kind: 's3', key },
  };
}

const destination = z.strictObject({ Destination: z.string().startsWith('arn:') }).optional();

const eventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string(),
  MaximumRetryAttempts: whole.min(0).max(2).default(2),
  MaximumEventAgeInSeconds: whole.min(60).max(21_600).default(21_600),
  DestinationConfig: z.strictObject({ OnSuccess: destination, OnFailure: destination }).optional(),
});

/** Reads AWS::Lambda::EventInvokeConfig. @throws ZodError naming the property */
export function readEventInvokeConfig(resource: ResourceRequest): {
  readonly functionName: string;
  readonly qualifier: string;
  readonly settings: AsyncSettings;
} {
  const properties = eventInvokeConfig.parse(resource.properties);
  return {
    functionName: properties.FunctionName,
    qualifier: properties.Qualifier,
    settings: {
      maxRetryAttempts: properties.MaximumRetryAttempts,
      maxEventAgeSeconds: properties.MaximumEventAgeInSeconds,
      onSuccessArn: properties.DestinationConfig?.OnSuccess?.Destination,
      onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
    },
  };
}
