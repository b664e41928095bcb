import type { Credentials } from '../iam/identities.ts';

/** What a function's process is told about itself. */
export type RuntimeSettings = {
  readonly functionName: string;
  readonly version: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly region: string;
  readonly credentials: Credentials;
  readonly taskRoot: string;
  /** A folder of the function's own for TMPDIR and HOME: on Lambda /tmp. */
  readonly scratchDirectory: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly endpoints: Readonly<Record<string, string>>;
  /** The template's own variables. */
  readonly variables: Readonly<Record<string, string>>;
};

/** Names that CreateFunction refuses in a function's own variables (Developer Guide, "Reserved environment variables"). */
const reservedVariables: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** Lambda allows 4 KB of names and values together. */
const variablesBytes = 4096;

/** The first reason why Lambda would refuse these variables, or undefined. */
export function refusedVariables(variables: Readonly<Record<string, string>>): string | undefined {
  const reserved = Object.keys(variables).find((name) => reservedVariables.has(name));
  if (reserved !== undefined) return `the environment variable ${reserved} is reserved by Lambda`;
  const malformed = Object.keys(variables).find((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name));
  if (malformed !== undefined) return `${JSON.stringify(malformed)} cannot name an environment variable`;
  const bytes = Buffer.byteLength(Object.entries(variables).flat().join(''));
  return bytes > variablesBytes ? `the environment variables take ${bytes} of ${variablesBytes} bytes` : undefined;
}

/** Exactly what the process gets: Lambda's variables and the template's, nothing of this machine. */
export function runtimeEnvironment(settings: RuntimeSettings): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    // Not on Lambda, where no home exists; here they keep SDKs from the files of the person who runs the world.
    HOME: settings.scratchDirectory,
    TMPDIR: settings.scratchDirectory,
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: settings.taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: settings.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: settings.credentials.sessionToken,
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: settings.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: settings.logStream,
    ...(settings.logFormat === 'JSON' ? { AWS_LAMBDA_LOG_FORMAT: 'JSON' } : {}),
    ...settings.endpoints,
    ...settings.variables,
  };
}
