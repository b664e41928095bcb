import * as clientModule from '@aws-sdk/client-lambda';
import type { Outside } from '../../../outside/outside.ts';
import { outsideProxyVariable } from '../../lambda-runtime/messages.ts';
import { bundleRuntime } from '../../lambda-runtime/runtime-bundle.ts';
import { killSandboxes, type SandboxGroup } from '../../lambda-runtime/sandbox.ts';
import type { AwsWorld } from '../../world.ts';
import type { CloudWatch } from '../cloudwatch/cloudwatch.ts';
import type { EventBridgeEvent } from '../eventbridge/event.ts';
import type { Sqs } from '../sqs/sqs.ts';
import { createAsyncQueue } from './async-queue.ts';
import { createCodeStore, type ReadPackage } from './code-store.ts';
import { getFunction, getFunctionConfiguration } from './describe-function.ts';
import type { DurableControls } from './durable/controls.ts';
import { createDurableLambda } from './durable/durable.ts';
import { createEventSources } from './event-source/event-sources.ts';
import { createExecutor } from './executor.ts';
import type { InvocationRecord, LambdaFunction } from './function.ts';
import { createFunctionLogs, type FunctionLogs } from './function-logs.ts';
import { createFunctionRegistry } from './function-registry.ts';
import { createInvoker, invokeOperation } from './invoke.ts';
import type { InvokeAnswer, InvokeRequest } from './invoke-request.ts';
import { makeKillable } from './killable.ts';
import { publishLambdaMetric } from './metrics.ts';
import type { FunctionPermission } from './permissions.ts';
import { getAccountSettings, getFunctionConcurrency } from './reserved-concurrency.ts';
import { addLambdaResources } from './resources.ts';

/** The stand-in's Lambda. */
export type Lambda = {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** Every invocation that ended, in that order. */
  readonly invocations: readonly InvocationRecord[];
  readonly logs: FunctionLogs;
  readonly durable: DurableControls;
  /** Invokes without asking for a permission: for the local world itself. */
  invoke(request: InvokeRequest): Promise<InvokeAnswer>;
  /** Resolves when no asynchronous invocation, no batch of a queue and no invocation of a durable execution runs. */
  idle(): Promise<void>;
  /** Ends the processes of one function that run just now, as its host may die. @returns how many there were */
  kill(functionName: string): number;
  /** Kills what runs, and resolves when it is gone. */
  stop(): Promise<void>;
};

export type LambdaOptions = {
  readonly cloudWatch: CloudWatch;
  /** A folder of the world's own, for unpacked code and each invocation's scratch space. */
  readonly directory: string;
  /** Gives a function's package by its S3 key: `packagesIn('.serverless')`. */
  readonly readPackage: ReadPackage;
  /** The stand-in's address, asked for at every invocation. */
  readonly endpointUrl: () => string;
  /**
   * The services that a function in the VPC reaches through an interface endpoint, as in AWS_ENDPOINT_URL_<SERVICE>.
   * Every other one is unreachable from there, as in a VPC without NAT; `undefined` gives Secrets Manager.
   */
  readonly vpcEndpoints?: readonly string[];
  /** How the process of a function gets outside AWS; without it, as this machine does. */
  readonly outside?: Pick<Outside, 'wayFor'>;
  readonly onInvocation?: (record: InvocationRecord) => void;
  /** Where Lambda's own events go: the default bus. */
  readonly putEvent?: (event: EventBridgeEvent) => Promise<void> | void;
  /** Executions at once in the whole account; AWS's own without it. */
  readonly concurrencyQuota?: () => number;
  /** Where event source mappings find their queues; without it the account has no such mappings. */
  readonly queues?: Pick<Sqs, 'queue'>;
  /** Told of durable executions that will not recover by themselves; `durable.failures()` keeps them too. */
  readonly onDurableFailure?: (failure: unknown) => void;
};

/** Lambda Developer Guide, "Lambda quotas". */
const usualConcurrencyQuota = 1_000;

/** Nothing listens on the discard port: a call without a route fails at once, where AWS would let it time out. */
const unreachableUrl = 'http://127.0.0.1:9';

/**
 * Adds Lambda to the world: its Invoke API, `AWS::Lambda::*`, and deliveries from other services,
 * each of which needs an AWS::Lambda::Permission.
 */
export function createLambda(world: AwsWorld, options: LambdaOptions): Lambda {
  const { cloudWatch, directory, endpointUrl, vpcEndpoints = ['SECRETS_MANAGER'] } = options;
  const concurrencyQuota = options.concurrencyQuota ?? (() => usualConcurrencyQuota);
  const registry = createFunctionRegistry();
  const logs = createFunctionLogs();
  const invocations: InvocationRecord[] = [];
  const permissions: FunctionPermission[] = [];
  const sandboxes: SandboxGroup = new Set();
  let runtimeFile: Promise<string> | undefined;
  let isStopped = false;
  const isOver = () => isStopped;

  const { execute, kill } = makeKillable(
    createExecutor({
      world,
      cloudWatch,
      logs,
      directory,
      sandboxes,
      isOver,
      runtimeFile: () => (runtimeFile ??= bundleRuntime(directory)),
      endpoints: (isInVpc) =>
        isInVpc
          ? {
              AWS_ENDPOINT_URL: unreachableUrl,
              ...Object.fromEntries(vpcEndpoints.map((service) => [`AWS_ENDPOINT_URL_${service}`, endpointUrl()])),
            }
          : { AWS_ENDPOINT_URL: endpointUrl() },
      outside: (functionName, isInVpc) => {
        if (options.outside === undefined) return {};
        if (isInVpc) return { [outsideProxyVariable]: unreachableUrl };
        const { proxyUrl, authorityPath } = options.outside.wayFor(functionName);
        return { [outsideProxyVariable]: proxyUrl, NODE_EXTRA_CA_CERTS: authorityPath };
      },
      onInvocation: (record) => {
        invocations.push(record);
        options.onInvocation?.(record);
      },
    }),
  );
  const publish = (functionName: string, metric: string, value: number) =>
    publishLambdaMetric(
      cloudWatch,
      functionName,
      metric,
      value,
      metric === 'AsyncEventAge' ? { unit: 'Milliseconds' } : {},
    );
  const queue = createAsyncQueue({ world, registry, execute, publish, isOver });
  const durable = createDurableLambda({
    world,
    cloudWatch,
    registry,
    execute,
    putEvent: options.putEvent ?? (() => {}),
    onFailure: options.onDurableFailure ?? (() => {}),
  });
  const onThrottle = (name: string) => publish(name, 'Throttles', 1);
  const sources =
    options.queues === undefined
      ? undefined
      : createEventSources({ world, registry, execute, queues: options.queues, onThrottle, isOver });
  const invoke = createInvoker({
    registry,
    queue,
    execute,
    startDurable: durable.start,
    onThrottle,
  });

  world.addService({
    signingName: 'lambda',
    protocol: 'rest-json',
    clientModule,
    operations: {
      Invoke: invokeOperation(invoke),
      GetFunction: getFunction(registry),
      GetFunctionConfiguration: getFunctionConfiguration(registry),
      GetAccountSettings: getAccountSettings(registry, concurrencyQuota),
      GetFunctionConcurrency: getFunctionConcurrency(registry),
      ...durable.operations,
      ...sources?.operations,
    },
  });
  addLambdaResources(world, {
    registry,
    code: createCodeStore(directory, options.readPackage),
    permissions,
    concurrencyQuota,
  });
  world.addResourcePolicies('lambda', (arn) =>
    permissions.filter((permission) => permission.resourceArn === arn).map((permission) => permission.policy),
  );
  world.addReceiver('lambda', async ({ sender, targetArn, payload }) => {
    registry.resolve(targetArn);
    world.authorizeSender(sender, { action: 'lambda:InvokeFunction', resource: targetArn });
    await invoke({
      functionName: targetArn,
      payload: Buffer.from(payload),
      invocationType: 'Event',
      invokedBy: sender.sourceArn,
    });
  });

  return {
    functions: registry.all,
    invocations,
    logs,
    durable: durable.controls,
    invoke,
    kill,
    async idle() {
      do {
        await queue.idle();
        await durable.idle();
        await sources?.idle();
      } while (!queue.isIdle() || !durable.isIdle() || sources?.isIdle() === false);
    },
    async stop() {
      isStopped = true;
      durable.close();
      sources?.close();
      await killSandboxes(sandboxes);
    },
  };
}
