import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runtimeEnvironment } from '../../lambda-runtime/environment.ts';
import { type Disturbance, dateShiftVariable, disturbanceVariable } from '../../lambda-runtime/messages.ts';
import { runInSandbox, type SandboxGroup, type SandboxResult } from '../../lambda-runtime/sandbox.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import type { CloudWatch } from '../cloudwatch/cloudwatch.ts';
import type { InvocationRecord } from './function.ts';
import { type FunctionLogs, mayWriteLogs } from './function-logs.ts';
import type { ResolvedFunction } from './function-registry.ts';
import { systemLines } from './invocation-log.ts';
import { publishEmbeddedMetrics, publishInvocation } from './metrics.ts';

export type ExecutorOptions = {
  readonly world: AwsWorld;
  readonly cloudWatch: Pick<CloudWatch, 'publish' | 'metrics' | 'alarmPeriodScale'>;
  readonly logs: FunctionLogs;
  readonly directory: string;
  readonly sandboxes: SandboxGroup;
  readonly runtimeFile: () => Promise<string>;
  readonly endpoints: (isInVpc: boolean) => Readonly<Record<string, string>>;
  /** The runtime's own variables, by which the process of a function gets outside. */
  readonly outside: (functionName: string, isInVpc: boolean) => Readonly<Record<string, string>>;
  readonly onInvocation: (record: InvocationRecord) => void;
  /** The world has ended: its folders may be gone. */
  readonly isOver: () => boolean;
};

export type Execution = {
  readonly target: ResolvedFunction;
  readonly payload: string;
  readonly requestId: string;
  readonly kind: InvocationRecord['kind'];
  readonly attempt: number;
  readonly invokedBy: string;
  readonly clientContext?: string | undefined;
  readonly disturbance?: Disturbance | undefined;
  /** Handed the way to kill the process, as soon as there is one. */
  readonly onStart?: ((kill: () => void) => void) | undefined;
};

/** What an invocation answers: the function's JSON, or its error's with `functionError`. */
export type ExecutionAnswer = {
  readonly payload: string;
  readonly functionError: 'Unhandled' | undefined;
  readonly executedVersion: string;
  readonly log: string;
  /** How long the loading of the handler took; undefined where it was never loaded. */
  readonly initMs: number | undefined;
};

/** A function's answer may be this long (Developer Guide, "Lambda quotas": 6 MB and a little for the envelope). */
const responseBytes = 6_291_556;
/** A world whose clock is the machine's needs no other `Date` in its functions. */
const unnoticedShiftMs = 1000;

/** Runs invocations: a process each, logs, embedded metrics, AWS/Lambda metrics, a record. */
export function createExecutor(options: ExecutorOptions) {
  const { world, cloudWatch, logs, directory } = options;
  return async ({
    target,
    payload,
    requestId,
    kind,
    attempt,
    invokedBy,
    clientContext,
    disturbance,
    onStart,
  }: Execution): Promise<ExecutionAnswer> => {
    const { configuration, referenceArn } = target;
    const { name, memoryMb, version, logGroup } = configuration;
    const atMs = world.clock.nowMs();
    const scratchDirectory = join(directory, 'scratch', requestId);
    await mkdir(scratchDirectory, { recursive: true });
    const day = new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[${version}]${randomUUID().replaceAll('-', '')}`;
    const shiftMs = Math.round(atMs - Date.now());
    const environment = runtimeEnvironment({
      ...configuration,
      functionName: name,
      region: world.region,
      credentials: world.identities.assumeRole(configuration.roleArn, name),
      scratchDirectory,
      logStream,
      endpoints: options.endpoints(configuration.isInVpc),
      variables: configuration.variables,
    });
    let result: SandboxResult;
    const rest = world.clock.atWork?.();
    try {
      const runtimeFile = await options.runtimeFile();
      if (options.isOver()) throw new AwsError('ServiceException', 500, 'The world has ended.');
      result = await runInSandbox({
        runtimeFile,
        taskRoot: configuration.taskRoot,
        environment: {
          ...environment,
          ...options.outside(name, configuration.isInVpc),
          ...(Math.abs(shiftMs) > unnoticedShiftMs ? { [dateShiftVariable]: String(shiftMs) } : {}),
          ...(disturbance === undefined ? {} : { [disturbanceVariable]: JSON.stringify(disturbance) }),
        },
        memoryMb,
        group: options.sandboxes,
        onStart,
        message: {
          type: 'invoke',
          requestId,
          invokedFunctionArn: referenceArn,
          traceId: `Root=1-${Math.floor(atMs / 1000).toString(16)}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`,
          payload,
          timeoutMs: configuration.timeoutSeconds * 1000,
          clientContext,
        },
      });
    } finally {
      rest?.();
      await rm(scratchDirectory, { recursive: true, force: true });
    }
    const end = limitResponse(result);
    const lines = systemLines({ ...result, ...end }, { requestId, version, memoryMb, atMs });
    const error = end.status === 'success' ? undefined : end.error;
    if (mayWriteLogs(world, configuration.roleArn, name, logGroup)) {
      for (const line of lines) logs.write(logGroup, { ...line, stream: logStream });
      publishEmbeddedMetrics(
        cloudWatch,
        logGroup,
        result.output.map(({ text }) => text),
      );
    }
    publishInvocation(cloudWatch, {
      functionName: name,
      atMs,
      durationMs: result.durationMs,
      isError: error !== undefined,
    });
    options.onInvocation({
      requestId,
      functionName: name,
      version,
      kind,
      invokedBy,
      attempt,
      atMs,
      status: end.status,
      errorType: error?.errorType,
      errorMessage: error?.errorMessage,
      durationMs: result.durationMs,
      initMs: result.initMs,
      maxMemoryMb: Math.ceil(result.maxMemoryBytes / 1024 / 1024),
      memoryMb,
    });
    return {
      payload: end.status === 'success' ? end.payload : JSON.stringify(end.error),
      functionError: error === undefined ? undefined : 'Unhandled',
      executedVersion: version,
      log: lines.map(({ message }) => `${message}\n`).join(''),
      initMs: result.initMs,
    };
  };
}

function limitResponse(result: SandboxResult): SandboxResult {
  if (result.status !== 'success' || Buffer.byteLength(result.payload) <= responseBytes) return result;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${responseBytes} bytes).`;
  return { ...result, status: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}
