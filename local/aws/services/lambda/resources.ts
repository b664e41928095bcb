import * as z from 'zod';
import type { AwsWorld } from '../../world.ts';
import type { createCodeStore } from './code-store.ts';
import type { FunctionConfiguration } from './function.ts';
import type { FunctionRegistry } from './function-registry.ts';
import { LambdaTemplateError, readEventInvokeConfig, readFunction } from './function-template.ts';
import { type FunctionPermission, readPermission } from './permissions.ts';
import { requireUnreserved } from './reserved-concurrency.ts';

const version = z.strictObject({
  FunctionName: z.string(),
  CodeSha256: z.string().optional(),
  Description: z.string().optional(),
});
const alias = z.strictObject({
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Name: z.string().regex(/^(?!^\d+$)[a-zA-Z0-9_-]{1,128}$/),
  Description: z.string().optional(),
});

/** What of a template Lambda takes, and what it refuses here with a clear word. */
export function addLambdaResources(
  world: AwsWorld,
  {
    registry,
    code,
    permissions,
    concurrencyQuota,
  }: {
    readonly registry: FunctionRegistry;
    readonly code: ReturnType<typeof createCodeStore>;
    readonly permissions: FunctionPermission[];
    readonly concurrencyQuota: () => number;
  },
): void {
  world.addCreator('AWS::Lambda::Function', async (resource) => {
    const { configuration, reservedConcurrency, code: source } = readFunction(resource);
    judgeRole(world, resource.logicalId, configuration);
    requireUnreserved(registry, concurrencyQuota(), { name: configuration.name, reserved: reservedConcurrency });
    registry.add({
      latest: { ...configuration, taskRoot: await code.place(source) },
      reservedConcurrency,
      modifiedMs: world.clock.nowMs(),
      versions: new Map(),
      aliases: new Map(),
      asyncSettings: new Map(),
      runningCount: 0,
    });
    return { ref: configuration.name, attributes: { Arn: configuration.arn } };
  });

  world.addCreator('AWS::Lambda::Version', ({ properties }) => {
    const { FunctionName: functionName } = version.parse(properties);
    const { lambdaFunction } = registry.resolve(functionName);
    const number = String(lambdaFunction.versions.size + 1);
    lambdaFunction.versions.set(number, { ...lambdaFunction.latest, version: number });
    return { ref: `${lambdaFunction.latest.arn}:${number}`, attributes: { Version: number } };
  });

  world.addCreator('AWS::Lambda::Alias', ({ properties }) => {
    const { FunctionName: functionName, FunctionVersion: aliased, Name: name } = alias.parse(properties);
    const { lambdaFunction } = registry.resolve(functionName, aliased);
    lambdaFunction.aliases.set(name, aliased);
    const arn = `${lambdaFunction.latest.arn}:${name}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  });

  world.addCreator('AWS::Lambda::Permission', (resource) => {
    const permission = readPermission(resource);
    permissions.push(permission);
    return { ref: resource.logicalId, attributes: { Id: resource.logicalId } };
  });

  world.addCreator('AWS::Lambda::EventInvokeConfig', (resource) => {
    const { functionName, qualifier, settings } = readEventInvokeConfig(resource);
    registry.resolve(functionName).lambdaFunction.asyncSettings.set(qualifier, settings);
    return { ref: `${functionName}|${qualifier}`, attributes: {} };
  });
}

/** What CreateFunction asks of the role: that Lambda may assume it and, in a VPC, that it may make the interfaces. */
function judgeRole(
  world: AwsWorld,
  logicalId: string,
  { roleArn, arn, name, isInVpc }: Pick<FunctionConfiguration, 'roleArn' | 'arn' | 'name' | 'isInVpc'>,
): void {
  const judge = (refusal: string, ask: () => void): void => {
    try {
      ask();
    } catch (cause) {
      throw new LambdaTemplateError(`${logicalId}: ${refusal}: ${roleArn}`, { cause });
    }
  };
  judge('The role defined for the function cannot be assumed by Lambda', () =>
    world.authorizeAssumption(roleArn, 'lambda.amazonaws.com', arn),
  );
  if (!isInVpc) return;
  const sessionArn = `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${name}`;
  judge('The provided execution role does not have permissions to call CreateNetworkInterface on EC2', () =>
    world.authorize({ kind: 'role', roleArn, sessionArn }, { action: 'ec2:CreateNetworkInterface', resource: '*' }),
  );
}
