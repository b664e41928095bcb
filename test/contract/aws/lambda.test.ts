import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createLambda } from '../../../local/aws/services/lambda/lambda.ts';
import { ACCOUNT_ID, REGION, START_MS, serveAws } from '../../support/aws.ts';
import { createResource } from '../../support/aws-resource.ts';
import { makeZip } from '../../support/zip.ts';

const aws = serveAws();
const cloudWatch = createCloudWatch(aws.world, { putEvent: () => {} });
const directory = await mkdtemp(join(tmpdir(), 'lambda-'));
const archive = makeZip({
  'src/app.mjs': `
    import { homedir } from 'node:os';
    let calls = 0;
    export const echo = async (event, context) => {
      calls += 1;
      return { event, calls, remaining: context.getRemainingTimeInMillis(), ...context };
    };
    export const environment = async () => ({ environment: process.env, home: homedir(), cwd: process.cwd() });
    export const fails = async () => { throw new RangeError('out of range'); };
    export const throwsText = async () => { throw 'just text'; };
    export const sleeps = async () => { console.log('before'); await new Promise((r) => setTimeout(r, 60000)); };
    export const never = async () => { await new Promise(() => {}); };
    export const exits = async () => process.exit(3);
    export const leaks = async () => { const all = []; for (;;) { all.push(Buffer.alloc(8_000_000, 1)); await new Promise((r) => setTimeout(r, 5)); } };
    export const rejects = async () => { Promise.reject(new Error('nobody listens')); await new Promise((r) => setTimeout(r, 1000)); };
    export const talks = async () => {
      console.log('two\\nlines');
      console.error('bad %s', 'luck');
      process.stdout.write(JSON.stringify({
        _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'mskeeper', Dimensions: [['Cluster']], Metrics: [{ Name: 'RunCompleted' }] }] },
        Cluster: 'orders', RunCompleted: 1,
      }) + '\\n');
      return new Date().toISOString();
    };
    export const large = async ({ bytes }) => 'x'.repeat(bytes);
    export const nothing = () => undefined;
    export const callback = (event, context, callback) => callback(null, 1);
    export const value = 42;`,
  'broken.mjs': 'export const handler = async () => {',
  'lost.mjs': "import 'no-such-package'; export const handler = async () => 1;",
  'early.mjs': "throw new TypeError('no configuration');",
  'hangs.mjs': 'await new Promise(() => {}); export const handler = async () => 1;',
  'common.js': "exports.handler = async () => ({ __filename: require('path').basename(__filename) });",
  'names.with.dots.mjs': 'export const handler = async () => 1;',
});
const lambda = createLambda(aws.world, {
  cloudWatch,
  directory,
  readPackage: async (key) => {
    if (key !== 'stack/app.zip') throw new Error(`no package ${key}`);
    return archive;
  },
  endpointUrl: () => 'http://127.0.0.1:4566',
  extraEnvironment: { NODE_EXTRA_CA_CERTS: '' },
});

const logPermission = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };
const client = (credentials = aws.world.identities.admin) =>
  new LambdaClient({ ...aws.client(credentials), requestHandler: { requestTimeout: 20_000 } });
const define = (name: string, properties: object = {}) =>
  createResource(aws.world, 'AWS::Lambda::Function', {
    FunctionName: name,
    Handler: `src/app.${name}`,
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/function`,
    Code: { S3Bucket: 'deployments', S3Key: 'stack/app.zip' },
    Timeout: 5,
    MemorySize: 256,
    ...properties,
  });
const invoke = async (name: string, payload?: unknown, more: Partial<InvokeCommandInput> = {}) => {
  const answer = await client().send(
    new InvokeCommand({
      FunctionName: name,
      ...(payload === undefined ? {} : { Payload: JSON.stringify(payload) }),
      LogType: 'Tail',
      ...more,
    }),
  );
  const text = answer.Payload?.transformToString() ?? '';
  return {
    status: answer.StatusCode,
    error: answer.FunctionError,
    payload: text === '' ? undefined : JSON.parse(text),
    log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
  };
};
/** Sums a metric of the last minute of the world. */
const sumOf = (namespace: string, name: string, dimensions: Record<string, string>) =>
  cloudWatch.metrics
    .read({ namespace, name, dimensions }, START_MS - 60_000, START_MS + 60_000)
    .reduce((sum, sample) => sum + sample.sum, 0);

beforeAll(async () => {
  aws.role('function', logPermission);
  aws.role('silent');
  aws.role('in-vpc', logPermission, { Effect: 'Allow', Action: 'ec2:CreateNetworkInterface', Resource: '*' });
});
afterAll(async () => {
  await lambda.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('a synchronous invocation', () => {
  test('hands over the event and a context, in a process of its own each time', async () => {
    await define('echo');
    const first = await invoke('echo', { hello: 'world' });
    expect(first).toMatchObject({
      status: 200,
      error: undefined,
      payload: {
        event: { hello: 'world' },
        calls: 1,
        functionName: 'echo',
        functionVersion: '$LATEST',
        invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:echo`,
        memoryLimitInMB: '256',
        logGroupName: '/aws/lambda/echo',
      },
    });
    expect(first.payload.remaining).toBeGreaterThan(4000);
    expect(first.payload.remaining).toBeLessThanOrEqual(5000);
    expect((await invoke('echo')).payload).toMatchObject({ calls: 1, event: {} });
  });

  test("sees exactly Lambda's and the template's variables, and its role's credentials", async () => {
    process.env.MSKEEPER_HOST_SECRET = 'must not be seen';
    await define('environment', { Environment: { Variables: { MSKEEPER_CLUSTER: 'orders', COUNT: 3 } } });
    const { payload } = await invoke('environment');
    const { environment, home, cwd } = payload;
    expect(Object.keys(environment).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'COUNT',
      'HOME',
      'LAMBDA_RUNTIME_DIR',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'MSKEEPER_CLUSTER',
      'NODE_EXTRA_CA_CERTS',
      'PATH',
      'TMPDIR',
      'TZ',
      '_HANDLER',
      '_X_AMZN_TRACE_ID',
    ]);
    expect(environment).toMatchObject({
      MSKEEPER_CLUSTER: 'orders',
      COUNT: '3',
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    });
    expect(aws.world.identities.keyOf(environment.AWS_ACCESS_KEY_ID).caller.roleName).toBe('function');
    expect(home).toBe(environment.HOME);
    expect(cwd).toBe(environment.LAMBDA_TASK_ROOT);
    delete process.env.MSKEEPER_HOST_SECRET;
  });

  test('in a VPC finds only the interface endpoint of Secrets Manager', async () => {
    await define('private', {
      Handler: 'src/app.environment',
      Role: `arn:aws:iam::${ACCOUNT_ID}:role/in-vpc`,
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    });
    const { payload } = await invoke('private');
    expect(payload.environment).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:4566',
    });
  });

  test('a function that returns nothing, or awaits for ever with nothing to do, answers null', async () => {
    await define('nothing');
    await define('never');
    expect((await invoke('nothing')).payload).toBeNull();
    expect((await invoke('never')).payload).toBeNull();
  });

  test('takes a handler of CommonJS, and inline code', async () => {
    await define('common', { Handler: 'common.handler' });
    expect((await invoke('common')).payload).toEqual({ __filename: 'common.js' });
    await define('inline', { Handler: 'index.handler', Code: { ZipFile: 'exports.handler = async () => 7;' } });
    expect((await invoke('inline')).payload).toBe(7);
  });

  test('DryRun runs nothing', async () => {
    const before = lambda.invocations.length;
    expect((await invoke('echo', {}, { InvocationType: 'DryRun' })).status).toBe(204);
    expect(lambda.invocations).toHaveLength(before);
  });
});

describe('a function that fails', () => {
  test.each([
    ['fails', {}, 'RangeError', 'out of range'],
    ['throwsText', {}, 'string', 'just text'],
    ['exits', {}, 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
    ['rejects', {}, 'Runtime.UnhandledPromiseRejection', 'Error: nobody listens'],
    ['callback', {}, 'Runtime.CallbackHandlerDeprecated', /callback-based/],
    ['value', {}, 'Runtime.HandlerNotFound', 'src/app.value is not a function'],
    ['missing', {}, 'Runtime.HandlerNotFound', 'src/app.missing is undefined or not exported'],
    ['broken', { Handler: 'broken.handler' }, 'Runtime.UserCodeSyntaxError', /SyntaxError/],
    ['lost', { Handler: 'lost.handler' }, 'Runtime.ImportModuleError', /no-such-package/],
    ['early', { Handler: 'early.handler' }, 'TypeError', 'no configuration'],
    ['hangs', { Handler: 'hangs.handler' }, 'Runtime.NodeJsExit', /Promise that was never settled/],
    ['nowhere', { Handler: 'nowhere.handler' }, 'Runtime.ImportModuleError', /Cannot find module 'nowhere'/],
    // A file's name ends at its first dot.
    ['dotted', { Handler: 'names.with.dots.handler' }, 'Runtime.ImportModuleError', /Cannot find module 'names'/],
  ])('%s with %j answers %s', async (name, properties, errorType, errorMessage) => {
    await define(name, properties);
    const { status, error, payload } = await invoke(name);
    expect(status).toBe(200);
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({
      errorType,
      errorMessage: typeof errorMessage === 'string' ? errorMessage : expect.stringMatching(errorMessage),
    });
  });

  test('over its time is killed, and keeps what it logged', async () => {
    await define('sleeps', { Timeout: 1 });
    const { error, payload, log } = await invoke('sleeps');
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
    });
    expect(log).toMatch(/\tINFO\tbefore\n/);
    expect(log).toMatch(/Z \S+ Task timed out after 1\.00 seconds\n/);
    expect(log).toMatch(/\tStatus: timeout\n$/);
    expect(lambda.invocations.at(-1)).toMatchObject({ functionName: 'sleeps', status: 'timeout' });
  });

  test('over its memory is killed and named as such', async () => {
    await define('leaks', { MemorySize: 128, Timeout: 20 });
    const { payload, log } = await invoke('leaks');
    expect(payload.errorType).toBe('Runtime.ExitError');
    expect(log).toContain('Error Type: Runtime.OutOfMemory');
    expect(lambda.invocations.at(-1)).toMatchObject({ functionName: 'leaks', status: 'out-of-memory', memoryMb: 128 });
  }, 30_000);
});

describe('payload limits', () => {
  test('an answer over 6 MB is an error of the function', async () => {
    await define('large');
    expect((await invoke('large', { bytes: 6_291_000 })).payload).toHaveLength(6_291_000);
    expect((await invoke('large', { bytes: 6_291_600 })).payload).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  test.each([
    ['6 MB synchronously', 6 * 1024 * 1024, {}],
    ['1 MB asynchronously', 1024 * 1024, { InvocationType: 'Event' as const }],
  ])('a request over %s is refused', async (_what, bytes, more) => {
    await expect(invoke('nothing', 'x'.repeat(bytes), more)).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });

  test('a payload that is no JSON is refused', async () => {
    const send = client().send(new InvokeCommand({ FunctionName: 'nothing', Payload: 'not json' }));
    await expect(send).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });
});

describe('logs and metrics', () => {
  test('START, the lines, END and REPORT are in the group of the function', async () => {
    await define('talks');
    const { payload, log } = await invoke('talks');
    // The world's clock stands on another day than the machine's; the function lives in the world.
    expect(payload.slice(0, 16)).toBe(new Date(START_MS).toISOString().slice(0, 16));
    const lines = lambda.logs.read('/aws/lambda/talks').map(({ message }) => message);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^START RequestId: \S+ Version: \$LATEST$/);
    expect(lines[1]).toMatch(/^2026-11-21T06:00:\d\d\.\d{3}Z\t\S+\tINFO\ttwo\nlines$/);
    expect(lines[2]).toMatch(/\tERROR\tbad luck$/);
    expect(lines[5]).toMatch(
      /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms$/,
    );
    expect(log).toContain('two\nlines');
  });

  test('are JSON where the template says so', async () => {
    await define('talksJson', {
      Handler: 'src/app.talks',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: 'shared-group' },
    });
    await invoke('talksJson');
    const [, first, second] = lambda.logs.read('shared-group').map(({ message }) => message);
    expect(JSON.parse(first ?? '')).toMatchObject({
      level: 'INFO',
      message: 'two\nlines',
      requestId: expect.any(String),
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ level: 'ERROR', message: 'bad luck' });
  });

  test('embedded metrics are published', () => {
    expect(sumOf('mskeeper', 'RunCompleted', { Cluster: 'orders' })).toBe(2);
  });

  test('each invocation counts in AWS/Lambda, and a good one says that there were no errors', () => {
    const of = (metric: string, FunctionName: string) => sumOf('AWS/Lambda', metric, { FunctionName });
    expect([of('Invocations', 'talks'), of('Errors', 'talks'), of('Throttles', 'talks')]).toEqual([1, 0, 0]);
    expect([of('Invocations', 'fails'), of('Errors', 'fails')]).toEqual([1, 1]);
    expect(of('Duration', 'talks')).toBeGreaterThan(0);
  });

  test('memory is noted', () => {
    const record = lambda.invocations.find(({ functionName }) => functionName === 'talks');
    expect(record?.maxMemoryMb).toBeGreaterThan(20);
    expect(record?.maxMemoryMb).toBeLessThan(256);
  });

  test('a role that may not write logs leaves none, and no embedded metric', async () => {
    const before = sumOf('mskeeper', 'RunCompleted', { Cluster: 'orders' });
    await define('mute', { Handler: 'src/app.talks', Role: `arn:aws:iam::${ACCOUNT_ID}:role/silent` });
    expect((await invoke('mute')).error).toBeUndefined();
    expect(lambda.logs.read('/aws/lambda/mute')).toEqual([]);
    expect(sumOf('mskeeper', 'RunCompleted', { Cluster: 'orders' })).toBe(before);
  });
});

describe('who may invoke', () => {
  test('a role needs lambda:InvokeFunction on that function', async () => {
    const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:nothing`;
    const allowed = client(
      aws.role('caller', { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn }),
    );
    expect((await allowed.send(new InvokeCommand({ FunctionName: functionArn }))).StatusCode).toBe(200);
    await expect(allowed.send(new InvokeCommand({ FunctionName: 'echo' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('a function that does not exist is not found', async () => {
    await expect(invoke('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('reserved concurrency', () => {
  test('throttles what is over it, and counts it', async () => {
    await define('single', { Handler: 'src/app.echo', ReservedConcurrentExecutions: 1 });
    const answers = await Promise.allSettled([invoke('single'), invoke('single')]);
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    expect(sumOf('AWS/Lambda', 'Throttles', { FunctionName: 'single' })).toBe(1);
    expect((await invoke('single')).error).toBeUndefined();
  });
});

describe('versions and aliases', () => {
  test('an alias runs its version under its own ARN', async () => {
    await createResource(aws.world, 'AWS::Lambda::Version', { FunctionName: 'echo' });
    const { ref } = await createResource(aws.world, 'AWS::Lambda::Alias', {
      FunctionName: 'echo',
      FunctionVersion: '1',
      Name: 'live',
    });
    expect(ref).toBe(`arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:echo:live`);
    const { payload } = await invoke('echo', {}, { Qualifier: 'live' });
    expect(payload).toMatchObject({ functionVersion: '1', invokedFunctionArn: ref });
    await expect(invoke('echo', {}, { Qualifier: 'gone' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('templates that are refused', () => {
  test.each([
    ['another runtime', { Runtime: 'python3.14' }, /only nodejs24.x/],
    ['a reserved variable', { Environment: { Variables: { AWS_REGION: REGION } } }, /AWS_REGION is reserved/],
    ['over 4 KB of variables', { Environment: { Variables: { BIG: 'x'.repeat(4096) } } }, /4099 of 4096/],
    ['a timeout of an hour', { Timeout: 3600 }, /900/],
    ['layers', { Layers: ['arn:aws:lambda:eu-west-1:1:layer:x:1'] }, /Layers/],
    ['durable functions', { DurableConfig: { ExecutionTimeout: 60 } }, /durable functions are not served/],
    ['a role that nobody made', { Role: `arn:aws:iam::${ACCOUNT_ID}:role/nobody` }, /cannot be assumed by Lambda/],
    ['a VPC that its role cannot enter', { VpcConfig: { SubnetIds: ['subnet-1'] } }, /CreateNetworkInterface/],
    ['a package that is not there', { Code: { S3Key: 'stack/other.zip' } }, /no package stack\/other.zip/],
  ])('%s', async (_what, properties, reason) => {
    await expect(define('refused', properties)).rejects.toThrow(reason);
  });

  test('event source mappings', async () => {
    const mapping = createResource(aws.world, 'AWS::Lambda::EventSourceMapping', { FunctionName: 'echo' });
    await expect(mapping).rejects.toThrow(/event source mappings are not served/);
  });
});
