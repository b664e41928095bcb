import { InvokeCommand } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { lambdaApp } from '../../support/aws/lambda-app.ts';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

const { aws, client, define, invoke, lambda, sumOf } = await serveLambda(lambdaApp);
const logPermission = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };

beforeAll(() => {
  aws.role('function', logPermission);
  aws.role('in-vpc', logPermission, { Effect: 'Allow', Action: 'ec2:CreateNetworkInterface', Resource: '*' });
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
